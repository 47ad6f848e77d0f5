/** A smooth function: its value at x, and its gradient written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

/**
 * Minimises a smooth convex function from `start`: L-BFGS with 10 pairs and a line search for the strong Wolfe conditions
 * (c1 = 1e-4, c2 = 0.9). Ends when the largest component of the gradient is below `tolerance`, or when no step gets lower.
 * Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4, 3.5 and 3.6 (bisection for the zoom).
 */
export function minimise(objective: Objective, start: Float64Array, { tolerance, iterations }: { tolerance: number; iterations: number }): Float64Array {
  let x = start.slice()
  let gradient = new Float64Array(x.length)
  let value = objective(x, gradient)
  const pairs: Pair[] = []
  for (let iteration = 0; iteration < iterations && largest(gradient) > tolerance; iteration++) {
    const direction = twoLoop(gradient, pairs)
    const slope = dot(direction, gradient)
    const next = wolfe(objective, { x, value, direction, slope }, iteration === 0 ? Math.min(1, 1 / largest(gradient)) : 1)
    if (next === null) break
    const step = next.x.map((v, i) => v - x[i]!)
    const change = next.gradient.map((v, i) => v - gradient[i]!)
    const curvature = dot(step, change)
    if (curvature > 0) pairs.push({ step, change, rho: 1 / curvature })
    if (pairs.length > 10) pairs.shift()
    ;({ x, value, gradient } = next)
  }
  return x
}

type Pair = { readonly step: Float64Array; readonly change: Float64Array; readonly rho: number }
type Point = { readonly x: Float64Array<ArrayBuffer>; readonly value: number; readonly gradient: Float64Array<ArrayBuffer> }
type Line = { readonly x: Float64Array; readonly value: number; readonly direction: Float64Array; readonly slope: number }

/** Minus the gradient through the inverse Hessian that the pairs describe. */
function twoLoop(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((v) => -v)
  const alphas = pairs.map(() => 0)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, rho } = pairs[i]!
    alphas[i] = rho * dot(step, direction)
    addTo(direction, change, -alphas[i]!)
  }
  const last = pairs.at(-1)
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change))
    for (let k = 0; k < direction.length; k++) direction[k]! *= scale
  }
  for (const [i, { step, change, rho }] of pairs.entries()) addTo(direction, step, alphas[i]! - rho * dot(change, direction))
  return direction
}

/** A step along the line that satisfies the strong Wolfe conditions; the lowest point seen after 40 tries; null when none is lower. */
function wolfe(objective: Objective, line: Line, first: number): Point | null {
  let [low, high, length] = [0, Infinity, first]
  let lowest: Point | null = null
  for (let tries = 0; tries < 40; tries++) {
    const x = line.x.map((v, k) => v + length * line.direction[k]!)
    const gradient = new Float64Array(x.length)
    const value = objective(x, gradient)
    const slope = dot(gradient, line.direction)
    if (value < (lowest?.value ?? line.value)) lowest = { x, value, gradient }
    if (!(value <= line.value + 1e-4 * length * line.slope)) high = length
    else if (slope < 0.9 * line.slope) low = length
    else if (slope > -0.9 * line.slope) high = length
    else return { x, value, gradient }
    length = high === Infinity ? length * 2 : (low + high) / 2
  }
  return lowest
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
  return sum
}

function addTo(target: Float64Array, source: Float64Array, scale: number): void {
  for (let k = 0; k < target.length; k++) target[k]! += scale * source[k]!
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
