import { add, embedding, gather, mul, oneHot, scatterAdd, straightThrough, takeAlong } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** Reading and writing by index. */
export const cases: readonly Case[] = [
  { title: 'gather of rows, one of them twice', shapes: [[4, 3]], make: (x) => gather(x!, [2, 0, 2]) },
  { title: 'gather along a middle axis by fed indices', shapes: [[2, 4, 3], [2, 2]], make: (x, i) => gather(x!, i!, 1), feeds: [undefined, [3, 0, 3, 1]], differentiable: [0] },
  { title: 'gather along a negative axis', shapes: [[2, 3]], make: (x) => gather(x!, [1, 1, 0, 2], -1) },
  { title: 'gather by a scalar', shapes: [[3, 2], []], make: (x, i) => gather(x!, i!), feeds: [undefined, [2]], differentiable: [0] },
  { title: 'gather of batches', shapes: [[2, 4, 3], [2, 5]], make: (x, i) => gather(x!, i!, 1, { batchAxes: 1 }), feeds: [undefined, [3, 0, 3, 1, 2, 0, 0, 0, 1, 3]], differentiable: [0] },
  {
    title: 'gather of batches along a later axis, indices of two axes', shapes: [[2, 3, 4, 2], [2, 2, 2]], make: (x, i) => gather(x!, i!, 2, { batchAxes: 1 }),
    feeds: [undefined, [3, 0, 3, 1, 2, 0, 0, 0]], differentiable: [0],
  },
  { title: 'gather of batches with one index each', shapes: [[3, 4], [3]], make: (x, i) => gather(x!, i!, 1, { batchAxes: 1 }), feeds: [undefined, [1, 0, 3]], differentiable: [0] },
  { title: 'scatterAdd with duplicates', shapes: [[5, 2], [5]], make: (x, i) => scatterAdd(x!, i!, 3), feeds: [undefined, [2, 0, 2, 2, 0]], differentiable: [0] },
  { title: 'scatterAdd along the last axis', shapes: [[2, 4], [4]], make: (x, i) => scatterAdd(x!, i!, 6, -1), feeds: [undefined, [5, 0, 5, 1]], differentiable: [0] },
  {
    title: 'scatterAdd of batches along a later axis', shapes: [[2, 3, 2, 2], [2, 2]], make: (x, i) => scatterAdd(x!, i!, 4, 2, { batchAxes: 1 }),
    feeds: [undefined, [3, 3, 0, 3]], differentiable: [0],
  },
  { title: 'takeAlong the last axis', shapes: [[2, 3], [2, 4]], make: (x, i) => takeAlong(x!, i!, -1), feeds: [undefined, [0, 2, 2, 1, 1, 1, 0, 1]], differentiable: [0] },
  { title: 'takeAlong the first axis, broadcast both ways', shapes: [[3, 1, 2], [2, 2, 1]], make: (x, i) => takeAlong(x!, i!, 0), feeds: [undefined, [0, 2, 2, 1]], differentiable: [0] },
  { title: 'embedding', shapes: [[4, 3], [2, 3]], make: (x, i) => embedding(x!, i!), feeds: [undefined, [0, 3, 3, 1, 3, 0]], differentiable: [0] },
  { title: 'oneHot', shapes: [[2, 3]], make: (i) => oneHot(i!, 3), feeds: [[0, 2, -1, 1, 3, 0.5]], differentiable: [] },
  { title: 'oneHot along a new first axis', shapes: [[4]], make: (i) => oneHot(i!, 3, 0), feeds: [[0, 2, 1, 1]], differentiable: [] },
  { title: 'straightThrough of two forms of one function', shapes: [[3]], make: (x) => straightThrough(mul(x!, 2), add(x!, x!)) },
]
