import { abs, acos, add, and, atan, atan2, ceil, clamp, cos, equal, floor, greater, less, mul, not, or, pow, round, sign, sin, where } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** What WGSL promises of sines and cosines in [-pi, pi]. */
const webgpuAtol = 2 ** -11

export const cases: readonly Case[] = [
  { title: 'abs', shapes: [[7]], make: (x) => abs(x!) },
  { title: 'sign', shapes: [[7]], make: (x) => sign(x!) },
  { title: 'floor', shapes: [[7]], above: -3, spread: 6, make: (x) => floor(x!) },
  { title: 'ceil', shapes: [[7]], above: -3, spread: 6, make: (x) => ceil(x!) },
  { title: 'round', shapes: [[7]], above: -3, spread: 6, make: (x) => round(x!) },
  { title: 'sin', shapes: [[7]], above: -3, spread: 6, webgpuAtol, make: (x) => sin(x!) },
  { title: 'cos', shapes: [[7]], above: -3, spread: 6, webgpuAtol, make: (x) => cos(x!) },
  { title: 'acos', shapes: [[5]], above: -0.9, spread: 1.8, make: (x) => acos(x!) },
  { title: 'atan', shapes: [[5]], above: -3, spread: 6, make: (x) => atan(x!) },
  { title: 'atan2, broadcast', shapes: [[4, 1], [5]], make: (y, x) => atan2(y!, x!) },
  { title: 'clamp', shapes: [[9]], make: (x) => clamp(x!, -0.3, 0.4) },
  { title: 'pow to a whole number', shapes: [[5]], make: (x) => pow(x!, 3) },
  { title: 'pow of nodes, broadcast', shapes: [[2, 3], [3]], above: 0.3, make: (x, y) => pow(x!, y!) },
  { title: 'where, broadcast', shapes: [[3, 1], [4], [3, 4]], feeds: [[0, 1, 1]], differentiable: [1, 2], make: (condition, a, b) => where(condition!, a!, b!) },
  { title: 'where of its own branches', shapes: [[6]], make: (x) => where(greater(x!, 0.1), mul(x!, x!), -1) },
  { title: 'logic of comparisons', shapes: [[6], [2, 6]], make: (x, y) => add(and(greater(x!, y!), not(less(x!, 0))), or(equal(x!, x!), greater(y!, 0))) },
]
