import {
  arange, argMax, argMin, concat, cumsum, flip, mul, type Node, pad, repeat, roll, slice, split, squeeze, stack, tile, topK, triangle, unsqueeze,
} from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

const onlyValues = { differentiable: [] }

/** Places put elsewhere, repeated, added up or found. */
export const cases: readonly Case[] = [
  { title: 'slice by steps', shapes: [[2, 7, 3]], make: (x) => slice(x!, 1, 1, 6, { step: 2 }) },
  { title: 'slice by steps up to the end', shapes: [[8]], make: (x) => slice(x!, 0, 2, 8, { step: 3 }) },
  { title: 'slice of negative places of a negative axis', shapes: [[2, 5]], make: (x) => slice(x!, -1, -4, -1) },
  { title: 'slice to the end', shapes: [[2, 5]], make: (x) => slice(x!, 1, 3) },
  { title: 'flip of two axes', shapes: [[2, 3, 4]], make: (x) => flip(x!, [0, -1]) },
  { title: 'flip of an axis of one place', shapes: [[1, 3]], make: (x) => flip(x!, [0]) },
  { title: 'roll', shapes: [[2, 5]], make: (x) => roll(x!, 2, 1) },
  { title: 'roll backwards by more than the extent', shapes: [[5, 2]], make: (x) => roll(x!, -7, 0) },
  { title: 'tile', shapes: [[2, 3, 1]], make: (x) => tile(x!, [2, 1, 3]) },
  { title: 'repeat', shapes: [[2, 3]], make: (x) => repeat(x!, 3, -1) },
  { title: 'stack along a middle axis', shapes: [[2, 3], [2, 3]], make: (a, b) => stack([a!, b!], 1) },
  { title: 'stack of scalars', shapes: [[], []], make: (a, b) => stack([a!, b!]) },
  { title: 'split into parts of which two count', shapes: [[2, 6]], make: (x) => splitProduct(x!) },
  { title: 'squeeze and unsqueeze', shapes: [[2, 1, 3, 1]], make: (x) => unsqueeze(squeeze(x!), [0, -1]) },
  { title: 'concat along a negative axis', shapes: [[2, 1], [2, 2]], make: (a, b) => concat([a!, b!], -1) },
  { title: 'pad with a value', shapes: [[2, 3]], make: (x) => pad(x!, 0, 1, 2, { value: -1.5 }) },
  { title: 'pad with the edge', shapes: [[2, 3]], make: (x) => pad(x!, -1, 2, 3, { mode: 'edge' }) },
  { title: 'pad by reflection', shapes: [[2, 4]], make: (x) => pad(x!, 1, 3, 2, { mode: 'reflect' }) },
  { title: 'pad in a circle', shapes: [[3, 2]], make: (x) => pad(x!, 0, 3, 1, { mode: 'circular' }) },
  { title: 'pad of one place with its edge', shapes: [[1]], make: (x) => pad(x!, 0, 2, 1, { mode: 'edge' }) },
  { title: 'cumsum', shapes: [[2, 4]], make: (x) => cumsum(x!, 1) },
  { title: 'cumsum of a middle axis, exclusive, reversed', shapes: [[2, 4, 3]], make: (x) => cumsum(x!, -2, { exclusive: true, reverse: true }) },
  { title: 'cumsum, exclusive', shapes: [[4]], make: (x) => cumsum(x!, 0, { exclusive: true }) },
  { title: 'cumsum, reversed', shapes: [[4, 2]], make: (x) => cumsum(x!, 0, { reverse: true }) },
  { title: 'topK values', shapes: [[3, 5]], make: (x) => topK(x!, 2).values },
  { title: 'topK values of the smallest along the first axis', shapes: [[4, 3]], make: (x) => topK(x!, 3, { axis: 0, largest: false }).values },
  { title: 'topK indices with ties', shapes: [[2, 5]], make: (x) => topK(x!, 4).indices, feeds: [[1, 3, 3, 1, 3, 0, 0, 0, 0, 0]], ...onlyValues },
  { title: 'topK indices of the smallest with ties', shapes: [[2, 5]], make: (x) => topK(x!, 5, { largest: false }).indices, feeds: [[1, 3, 3, 1, 3, 0, 0, -1, 0, -1]], ...onlyValues },
  { title: 'argMax with ties', shapes: [[3, 4]], make: (x) => argMax(x!, -1), feeds: [[1, 3, 3, 2, 0, 0, 0, 0, -Infinity, -Infinity, -Infinity, -Infinity]], ...onlyValues },
  { title: 'argMax of a middle axis, kept', shapes: [[2, 4, 3]], make: (x) => argMax(x!, 1, { keepDims: true }), ...onlyValues },
  { title: 'argMin with ties', shapes: [[2, 4]], make: (x) => argMin(x!, 1), feeds: [[1, 0, 0, 2, Infinity, Infinity, Infinity, Infinity]], ...onlyValues },
  { title: 'argMax of one place', shapes: [[3, 1]], make: (x) => argMax(x!, 1), ...onlyValues },
  { title: 'arange times x', shapes: [[3]], make: (x) => mul(x!, arange(3, { start: 1, step: 0.5 })) },
  { title: 'triangles', shapes: [[2, 3]], make: (x) => mul(x!, concat([triangle(1, 3), triangle(1, 3, { part: 'upper', diagonal: 1 })], 0)) },
]

function splitProduct(x: Node): Node {
  const [a, , b] = split(x, [2, 1, 2, 1], 1)
  return mul(a!, b!)
}
