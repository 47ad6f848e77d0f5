/** Kernel rows kept at a time: 256 MiB of float32. */
const CACHED_NUMBERS = 2 ** 26

/**
 * The dual of a C-support vector classifier: minimises 0.5 a'Qa - sum a with 0 <= a <= C, y'a = 0, Q = y y' K, K(i, i) = 1, two variables at a time.
 * Working set by second-order information; ends when the most violating pair is within `tolerance` (libsvm's eps).
 * Fan, Chen and Lin, Working Set Selection Using Second Order Information, JMLR 2005. `row(i)` gives the kernel row of sample i.
 */
export function solveDual(
  row: (index: number) => Float32Array, signs: Int8Array, { c, tolerance }: { c: number; tolerance: number },
): { readonly alphas: Float64Array; readonly bias: number } {
  const n = signs.length
  const kernel = cached(row, Math.max(2, Math.floor(CACHED_NUMBERS / Math.max(1, n))))
  const alphas = new Float64Array(n)
  // -y times the gradient: the bias each sample asks for; a sample may rise or fall while its alpha leaves room
  const asked = Float64Array.from(signs)
  const mayRise = Uint8Array.from(signs, (sign) => (sign > 0 ? 1 : 0))
  const mayFall = Uint8Array.from(signs, (sign) => (sign > 0 ? 0 : 1))
  const state = { alphas, asked, mayRise, mayFall, signs, c }
  for (let step = 0, i = firstRising(state); step < 10_000_000 && i !== -1; step++) {
    const ki = kernel(i)
    const j = partner(i, ki, state, tolerance)
    if (j === -1) break
    const moved = moveBoth(i, j, ki[j]!, state)
    i = follow(ki, kernel(j), moved, state)
  }
  return { alphas, bias: biasOf(state) }
}

type State = {
  readonly alphas: Float64Array; readonly asked: Float64Array; readonly mayRise: Uint8Array; readonly mayFall: Uint8Array;
  readonly signs: Int8Array; readonly c: number
}

function firstRising({ mayRise }: State): number {
  return mayRise.indexOf(1)
}

/** The second variable: the largest decrease of the objective together with i; -1 when no pair violates by more than the tolerance. */
function partner(i: number, ki: Float32Array, { asked, mayFall }: State, tolerance: number): number {
  const top = asked[i]!
  let best = -1
  let most = 0
  let lowest = Infinity
  for (let t = 0; t < asked.length; t++) {
    if (mayFall[t] === 0) continue
    const value = asked[t]!
    if (value < lowest) lowest = value
    const difference = top - value
    if (difference <= 0) continue
    const curvature = 2 - 2 * ki[t]!
    const decrease = (difference * difference) / (curvature > 1e-12 ? curvature : 1e-12)
    if (decrease > most) {
      best = t
      most = decrease
    }
  }
  return top - lowest < tolerance ? -1 : best
}

/** Moves alpha i up and j down (times their signs) to the minimum along their line, kept inside the box; answers by how much. */
function moveBoth(i: number, j: number, kij: number, state: State): number {
  const { alphas, asked, signs, c } = state
  const roomI = signs[i]! > 0 ? c - alphas[i]! : alphas[i]!
  const roomJ = signs[j]! > 0 ? alphas[j]! : c - alphas[j]!
  const moved = Math.min((asked[i]! - asked[j]!) / Math.max(2 - 2 * kij, 1e-12), roomI, roomJ)
  setAlpha(i, moved === roomI ? (signs[i]! > 0 ? c : 0) : alphas[i]! + signs[i]! * moved, state)
  setAlpha(j, moved === roomJ ? (signs[j]! > 0 ? 0 : c) : alphas[j]! - signs[j]! * moved, state)
  return moved
}

function setAlpha(t: number, alpha: number, { alphas, mayRise, mayFall, signs, c }: State): void {
  alphas[t] = alpha
  mayRise[t] = (signs[t]! > 0 ? alpha < c : alpha > 0) ? 1 : 0
  mayFall[t] = (signs[t]! > 0 ? alpha > 0 : alpha < c) ? 1 : 0
}

/** Carries the move into every sample and answers the next first variable: the most violating one that may rise. */
function follow(ki: Float32Array, kj: Float32Array, moved: number, { asked, mayRise }: State): number {
  let best = -1
  let most = -Infinity
  for (let t = 0; t < asked.length; t++) {
    const value = asked[t]! - moved * (ki[t]! - kj[t]!)
    asked[t] = value
    if (value > most && mayRise[t] === 1) {
      best = t
      most = value
    }
  }
  return best
}

/** The mean over free samples, or the middle of what the bounded ones allow. */
function biasOf({ asked, mayRise, mayFall }: State): number {
  let [free, sum, upper, lower] = [0, 0, Infinity, -Infinity]
  for (const [t, value] of asked.entries()) {
    if (mayRise[t] === 1 && mayFall[t] === 1) [free, sum] = [free + 1, sum + value]
    else if (mayRise[t] === 1) lower = Math.max(lower, value)
    else upper = Math.min(upper, value)
  }
  return free > 0 ? sum / free : (upper + lower) / 2
}

/** Rows computed on demand; the one not used for longest goes when `rows` are held. */
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
