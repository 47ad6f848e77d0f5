import { type Draws, drawsOfPart } from './draws.ts'
import { sumPairs } from './draws-kernel.ts'
import { MOMENTS, type Sums } from './sums.ts'

const known = new WeakMap<Draws, WeakMap<Sums, Float64Array>>()

/** The value in each draw, NaN where there is none. Remembered with the draws: a measure is held against many others on the same ones. */
export function underDraws(sums: Sums, draws: Draws): Float64Array {
  const ofDraws = known.get(draws) ?? new WeakMap<Sums, Float64Array>()
  known.set(draws, ofDraws)
  const values = ofDraws.get(sums) ?? computed(sums, draws)
  ofDraws.set(sums, values)
  return values
}

function computed(sums: Sums, draws: Draws): Float64Array {
  switch (sums.kind) {
    case 'none': return new Float64Array(draws.count).fill(Number.NaN)
    case 'pairs': return ratios(sumPairs(draws, sums.numerator), pairDenominators(draws, sums.denominator), draws.count).map((ratio) => (sums.isComplement ? 1 - ratio : ratio))
    case 'clips': return ratios(sumClips(draws, sums.amounts), sumClips(draws, sums.weights), draws.count)
    case 'variances': return meanOfColumns(sums.moments, draws)
    case 'mean': return meanOfParts(sums.parts, draws)
    case 'difference': {
      const b = underDraws(sums.b, draws)
      return underDraws(sums.a, draws).map((value, draw) => value - b[draw]!)
    }
  }
}

function ratios(above: Float64Array, below: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, draw) => (below[draw]! > 0 ? above[draw]! / below[draw]! : Number.NaN))
}

type Denominator = { readonly values: Float64Array; readonly sums: Float64Array }
const denominators = new WeakMap<Draws, Denominator[]>()
const DENOMINATORS = 8

/** What pairs are divided by is the same for every encoder, and for many a measure: the last few are kept. */
function pairDenominators(draws: Draws, values: Float64Array): Float64Array {
  const kept = denominators.get(draws) ?? []
  const found = kept.find((one) => one.values === values || one.values.every((value, pair) => value === values[pair]))
  if (found !== undefined) return found.sums
  const sums = sumPairs(draws, values)
  denominators.set(draws, [{ values, sums }, ...kept].slice(0, DENOMINATORS))
  return sums
}

/** The sum over clips of weight x value in each draw. */
function sumClips({ clips, stride, weights }: Draws, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(stride)
  for (let clip = 0; clip < clips; clip++) {
    const value = values[clip]!
    for (let draw = 0, at = clip * stride; draw < stride; draw++, at++) sums[draw]! += weights[at]! * value
  }
  return sums
}

function meanOfColumns(moments: readonly Float64Array[], draws: Draws): Float64Array {
  const columns = moments[0]!.length / MOMENTS
  const means = new Float64Array(draws.count)
  for (let column = 0; column < columns; column++) {
    const [n, sum, square, error] = [0, 1, 2, 3].map((part) => sumClips(draws, moments.map((clip) => clip[column * MOMENTS + part]!))) as [Float64Array, Float64Array, Float64Array, Float64Array]
    for (let draw = 0; draw < means.length; draw++) {
      const variance = square[draw]! - (sum[draw]! * sum[draw]!) / n[draw]!
      means[draw]! += variance > 1e-12 * square[draw]! ? 1 - error[draw]! / variance : Number.NaN
    }
  }
  return means.map((total) => (Number.isFinite(total / columns) ? total / columns : Number.NaN))
}

function meanOfParts(parts: readonly { readonly clips: number; readonly sums: Sums }[], draws: Draws): Float64Array {
  let start = 0
  const values = parts.map(({ clips, sums }) => underDraws(sums, drawsOfPart(draws, (start += clips) - clips, clips)))
  return Float64Array.from({ length: draws.count }, (_, draw) => {
    let [total, valued] = [0, 0]
    for (const ofPart of values) {
      if (Number.isNaN(ofPart[draw]!)) continue
      total += ofPart[draw]!
      valued++
    }
    return valued === 0 ? Number.NaN : total / valued
  })
}
