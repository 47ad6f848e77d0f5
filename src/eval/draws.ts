import { randomAt } from '../random.ts'

/** How often each clip comes in each draw, [clips, draws] clip by clip; draws are filled up to a multiple of eight with draws of nothing. */
export type Draws = { readonly count: number; readonly stride: number; readonly clips: number; readonly weights: Float64Array }

const STEP = 8

/** Every clip once: the draw that is the measure itself. */
export function everyClip(clips: number): Draws {
  return { count: 1, stride: STEP, clips, weights: new Float64Array(clips * STEP).fill(1) }
}

/** One draw of given weights. */
export function drawOf(weights: Float64Array): Draws {
  return { count: 1, stride: STEP, clips: weights.length, weights: Float64Array.from({ length: weights.length * STEP }, (_, at) => (at % STEP === 0 ? weights[at / STEP]! : 0)) }
}

/** The draws made last, by what they depend on, oldest first: the measures of an evaluation ask for a few, again and again. */
const latest = new Map<string, Draws>()
const MOST_KEPT = 32

/** Each clip as often as its recording is drawn, out of as many as there are. */
export function drawsOf(groups: readonly string[], { seed, draws: count = 1000 }: { readonly seed: number; readonly draws?: number }): Draws {
  const key = JSON.stringify([seed, count, groups])
  const kept = latest.get(key)
  if (kept !== undefined) return kept
  const recordings = [...new Set(groups)]
  const placeOf = new Map(recordings.map((recording, place) => [recording, place]))
  const places = groups.map((group) => placeOf.get(group)!)
  const stride = Math.ceil(count / STEP) * STEP
  const weights = new Float64Array(groups.length * stride)
  for (let draw = 0; draw < count; draw++) {
    const random = randomAt({ seed, transform: 'bootstrap', position: draw })
    const counts = new Float64Array(recordings.length)
    for (let i = 0; i < recordings.length; i++) counts[random.integer(recordings.length)]!++
    for (let clip = 0; clip < places.length; clip++) weights[clip * stride + draw] = counts[places[clip]!]!
  }
  const draws = { count, stride, clips: groups.length, weights }
  latest.set(key, draws)
  if (latest.size > MOST_KEPT) latest.delete(latest.keys().next().value!)
  return draws
}

const parts = new WeakMap<Draws, Map<string, Draws>>()

/** The same draws of some of the clips: one object however often it is asked for. */
export function drawsOfPart(draws: Draws, start: number, clips: number): Draws {
  if (start === 0 && clips === draws.clips) return draws
  const known = parts.get(draws) ?? new Map<string, Draws>()
  parts.set(draws, known)
  const part = known.get(`${start} ${clips}`) ?? { ...draws, clips, weights: draws.weights.subarray(start * draws.stride, (start + clips) * draws.stride) }
  known.set(`${start} ${clips}`, part)
  return part
}
