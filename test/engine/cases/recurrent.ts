import { add, concat, greater, gru, layerNorm, lstm, matmul, mul, type Node, scan, silu, slice, softDtw, squeeze, sub, tanh, warpingCost, warpingTable } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

const recurrences: readonly Case[] = [
  {
    title: 'scan of two sequences by a matrix', shapes: [[2, 3], [4, 2, 3], [4, 3], [3, 3]],
    make: (initial, x, scale, w) => scan({ initial: initial!, sequences: [x!, scale!] }, (h, part, factor) => tanh(add(matmul(h, w!), mul(part!, factor!)))),
  },
  { title: 'scan from the last step to the first', shapes: [[2], [3, 2]], make: (initial, x) => scan({ initial: initial!, sequences: [x!], reverse: true }, (h, part) => mul(h, sub(part!, 2))) },
  { title: 'scan of numbers', shapes: [[1], [3]], make: (initial, x) => scan({ initial: initial!, sequences: [x!] }, (h, part) => mul(h, part!)) },
  { title: 'scan of what is its start, its sequence and the same at all steps', shapes: [[2, 2]], make: (x) => scan({ initial: x!, sequences: [x!] }, (h, part) => add(matmul(h, x!), part!)) },
  { title: 'scan that forgets its state', shapes: [[2], [3, 2]], make: (initial, x) => scan({ initial: initial!, sequences: [x!] }, (_, part) => part!) },
  { title: 'scan that comes to one state at once', shapes: [[2], [3, 2]], make: (initial, x) => scan({ initial: initial!, sequences: [x!] }, () => initial!) },
  {
    title: 'scan over steps with derivatives in closed form', shapes: [[1, 3], [2, 1, 3], [3], [3]],
    make: (initial, x, gain, bias) => scan({ initial: initial!, sequences: [x!] }, (h, part) => layerNorm(silu(add(h, part!)), gain!, bias!)),
  },
  { title: 'scan in a scan', shapes: [[2], [3, 4, 2]], make: (initial, x) => scan({ initial: initial!, sequences: [x!] }, (h, part) => tanh(add(h, mul(0.5, innermost(part!, h))))) },
]

/** Products of all rows and a start, the last of them as [d]. */
function innermost(rows: Node, initial: Node): Node {
  return squeeze(slice(scan({ initial, sequences: [rows] }, (h, part) => mul(h, part!)), 0, -1), [0])
}

const warpings: readonly Case[] = [
  { title: 'warpingTable', shapes: [[2, 3, 4]], make: (distances) => warpingTable(distances!, { gamma: 0.5 }) },
  { title: 'warpingTable of weighted means', shapes: [[2, 4, 3]], make: (distances) => warpingTable(distances!, { gamma: 0.5, relaxation: 'mean' }) },
  { title: 'warpingCost of a single cell', shapes: [[2, 1, 1]], make: (distances) => warpingCost(warpingTable(distances!, { gamma: 0.5 })) },
  {
    title: 'softDtw of sequences of unequal length', shapes: [[2, 3, 4], [2], [2]], feeds: [undefined, [3, 2], [2, 4]], differentiable: [0],
    make: (distances, rows, columns) => softDtw(distances!, { gamma: 0.1, lengths: { rows: rows!, columns: columns! } }),
  },
]

/** Recurrences over time. */
export const cases: readonly Case[] = [
  ...recurrences,
  ...warpings,
  ...([[4, 1, 2, 3], [1, 1, 2, 3], [3, 1, 1, 1], [3, 2, 2, 2]] as const).map(([steps, units, batch, width]) => ({
    title: `gru of ${steps} steps, ${units} side by side, a batch of ${batch}, ${width} wide`,
    shapes: [[steps, units, batch, 3 * width], [units, batch, width], [units, 3 * width, width], [units, 3 * width]],
    make: (gates?: Node, initial?: Node, weight?: Node, bias?: Node) => gru({ gates: gates!, initial: initial!, weight: weight!, bias: bias! }),
  })),
  ...([[4, 1, 2, 3, false], [1, 1, 2, 2, false], [3, 2, 2, 2, true]] as const).map(([steps, units, batch, width, masked]) => ({
    title: `lstm of ${steps} steps, ${units} side by side, a batch of ${batch}, ${width} wide${masked ? ', some left out' : ''}`,
    shapes: [[steps, units, batch, 4 * width], [units, batch, width], [units, batch, width], [units, 4 * width, width], ...(masked ? [[steps, units, batch, 1]] : [])],
    make: (gates?: Node, initial?: Node, initialCell?: Node, weight?: Node, drawn?: Node) => {
      const { states, cells } = lstm({ gates: gates!, initial: initial!, initialCell: initialCell!, weight: weight!, ...(drawn === undefined ? {} : { keep: greater(drawn, 0) }) })
      return concat([states, cells], 3)
    },
    differentiable: [0, 1, 2, 3],
  })),
]
