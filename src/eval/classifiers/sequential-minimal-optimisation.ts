/** Kernel rows kept at a time: 256 MiB of float32. */
const CACHED_NUMBERS = 2 ** 26

/**
 * The dual of a C-support vector classifier: minimises 0.5 a'Qa - sum a with 0 <= a <= C, y'a = 0, Q = y y' K, two variables at a time.
 * Working set by second-order information; ends when the most violating pair is within `tolerance` (libsvm's eps).
 * Fan, Chen and Lin, Working Set Selection Using Second Order Information, JMLR 2005. `row(i)` gives the kernel row of sample i.
 */
export function solveDual(
  row: (index: number) => Float32Array, signs: Int8Array, { c, tolerance }: { c: number; tolerance: number },
): { readonly alphas: Float64Array; readonly bias: number } {
  const n = signs.length
  const kernel = cached(row, Math.max(2, Math.floor(CACHED_NUMBERS / Math.max(1, n))))
  const alphas = new Float64Array(n)
  const gradient = new Float64Array(n).fill(-1)
  for (let step = 0; step < 10_000_000; step++) {
    const i = mostViolating(alphas, gradient, signs, c)
    if (i === -1) break
    const ki = kernel(i)
    const j = partner(i, ki, { alphas, gradient, signs, c, tolerance })
    if (j === -1) break
    const kj = kernel(j)
    const [beforeI, beforeJ] = [alphas[i]!, alphas[j]!]
    moveBoth(i, j, ki[j]!, { alphas, gradient, signs, c })
    const [changeI, changeJ] = [(alphas[i]! - beforeI) * signs[i]!, (alphas[j]! - beforeJ) * signs[j]!]
    for (let t = 0; t < n; t++) gradient[t]! += signs[t]! * (ki[t]! * changeI + kj[t]! * changeJ)
  }
  return { alphas, bias: biasOf(alphas, gradient, signs, c) }
}

type State = { readonly alphas: Float64Array; readonly gradient: Float64Array; readonly signs: Int8Array; readonly c: number }

const mayRise = (alpha: number, sign: number, c: number): boolean => (sign > 0 ? alpha < c : alpha > 0)
const mayFall = (alpha: number, sign: number, c: number): boolean => (sign > 0 ? alpha > 0 : alpha < c)

function mostViolating(alphas: Float64Array, gradient: Float64Array, signs: Int8Array, c: number): number {
  let [best, most] = [-1, -Infinity]
  for (let t = 0; t < signs.length; t++) {
    const value = -signs[t]! * gradient[t]!
    if (value > most && mayRise(alphas[t]!, signs[t]!, c)) [best, most] = [t, value]
  }
  return best
}

/** The second variable: the largest decrease of the objective together with i; -1 when the optimum is reached. */
function partner(i: number, ki: Float32Array, { alphas, gradient, signs, c, tolerance }: State & { tolerance: number }): number {
  const top = -signs[i]! * gradient[i]!
  let [best, least, lowest] = [-1, Infinity, Infinity]
  for (let t = 0; t < signs.length; t++) {
    if (!mayFall(alphas[t]!, signs[t]!, c)) continue
    const value = -signs[t]! * gradient[t]!
    if (value < lowest) lowest = value
    const difference = top - value
    if (difference <= 0) continue
    const decrease = -(difference * difference) / Math.max(2 - 2 * ki[t]!, 1e-12)
    if (decrease < least) [best, least] = [t, decrease]
  }
  return top - lowest < tolerance ? -1 : best
}

/** Moves alpha i and j to the minimum along their line, kept inside the box. */
function moveBoth(i: number, j: number, kij: number, { alphas, gradient, signs, c }: State): void {
  const curvature = Math.max(2 - 2 * kij, 1e-12)
  const step = (-signs[i]! * gradient[i]! + signs[j]! * gradient[j]!) / curvature
  const roomI = signs[i]! > 0 ? c - alphas[i]! : alphas[i]!
  const roomJ = signs[j]! > 0 ? alphas[j]! : c - alphas[j]!
  const moved = Math.min(step, roomI, roomJ)
  alphas[i] = moved === roomI ? (signs[i]! > 0 ? c : 0) : alphas[i]! + signs[i]! * moved
  alphas[j] = moved === roomJ ? (signs[j]! > 0 ? 0 : c) : alphas[j]! - signs[j]! * moved
}

/** The mean over free vectors, or the middle of what the bounded ones allow. */
function biasOf(alphas: Float64Array, gradient: Float64Array, signs: Int8Array, c: number): number {
  let [free, sum, upper, lower] = [0, 0, Infinity, -Infinity]
  for (let t = 0; t < signs.length; t++) {
    const value = -signs[t]! * gradient[t]!
    const [rises, falls] = [mayRise(alphas[t]!, signs[t]!, c), mayFall(alphas[t]!, signs[t]!, c)]
    if (rises && falls) [free, sum] = [free + 1, sum + value]
    else if (rises) lower = Math.max(lower, value)
    else upper = Math.min(upper, value)
  }
  return free > 0 ? sum / free : (upper + lower) / 2
}

/** Rows computed on demand; the oldest unused goes when `rows` are held. */
function cached(row: (index: number) => Float32Array, rows: number): (index: number) => Float32Array {
  const held = new Map<number, Float32Array>()
  return (index) => {
    const values = held.get(index) ?? row(index)
    held.delete(index)
    held.set(index, values)
    if (held.size > rows) held.delete(held.keys().next().value!)
    return values
  }
}
