import { expect, test } from 'vitest'
import {
  argMax, argMin, concat, constant, cumsum, einsum, evaluate, flip, gather, input, matmul, mul, norm, ortExecutor, pad,
  repeat, reshape, roll, slice, split, squeeze, stack, sumSquare, tile, topK, triangle, unsqueeze,
} from '../../src/engine/index.ts'
import { cases } from './cases/arranging.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'
import { checkRecorded } from './recorded.ts'

checkOperations(cases)

// not in the table: not every executor has empty tensors
checkOperations([
  { title: 'gather beside an axis of no places', shapes: [[0, 3]], make: (x) => gather(x!, [1, 1], 1) },
  { title: 'gather of no places', shapes: [[2, 3]], make: (x) => gather(x!, [], 1) },
  { title: 'slice beside an axis of no places', shapes: [[0, 3]], make: (x) => slice(x!, 1, 0, 2) },
  { title: 'flip of no places', shapes: [[0, 3]], make: (x) => flip(x!, [0]) },
  { title: 'roll of no places', shapes: [[0]], make: (x) => roll(x!, 2, 0) },
  { title: 'tile of no places', shapes: [[0, 2]], make: (x) => tile(x!, [2, 2]) },
  { title: 'concat with a part of no places', shapes: [[0, 2], [2, 2]], make: (a, b) => concat([a!, b!], 0) },
  { title: 'pad around no places', shapes: [[0]], make: (x) => pad(x!, 0, 2, 1) },
  { title: 'products over no places', shapes: [[3, 2, 0], [3, 0, 4]], make: (a, b) => matmul(a!, b!) },
  { title: 'products of no batches', shapes: [[1, 2, 3], [0, 3, 2]], make: (a, b) => matmul(a!, b!) },
  { title: 'sums of squares of no places', shapes: [[6, 3, 0]], make: (x) => norm(x!, [2], { keepDims: true }) },
  { title: 'sums of squares of no rows', shapes: [[0, 3]], make: (x) => sumSquare(x!, [1]) },
  { title: 'cumsum of no places', shapes: [[0, 2]], make: (x) => cumsum(x!, 0) },
  { title: 'einsum over an axis of no places', shapes: [[2, 0], [0, 3]], make: (a, b) => einsum('ij,jk->ik', a!, b!) },
  { title: 'einsum beside an axis of no places', shapes: [[0, 2], [2, 3]], make: (a, b) => einsum('ij,jk->ik', a!, b!) },
])

checkRecorded('arranging', {
  'slice by steps': (x) => slice(x!, 1, 1, 5, { step: 2 }),
  'slice of negative places': (x) => slice(x!, 1, -4, -1),
  flip: (x) => flip(x!, [2, 0]),
  roll: (x) => roll(x!, -7, 1),
  tile: (x) => tile(x!, [2, 1, 3]),
  repeat: (x) => repeat(x!, 3, 1),
  stack: (x) => stack([x!, mul(x!, 2)], -1),
  split: (x) => split(x!, [1, 3, 1], 1),
  'split into equal parts': (x) => split(x!, 3, -1),
  pad: (x) => pad(x!, -1, 1, 2, { value: -1.5 }),
  'pad, edge': (x) => pad(x!, 2, 2, 7, { mode: 'edge' }),
  'pad, reflect': (x) => pad(x!, 2, 5, 4, { mode: 'reflect' }),
  'pad, circular': (x) => pad(x!, 2, 6, 3, { mode: 'circular' }),
  'pad of one place, circular': (x) => pad(x!, -1, 1, 1, { mode: 'circular' }),
  cumsum: (x) => cumsum(x!, 1),
  'cumsum, reversed': (x) => cumsum(x!, -1, { reverse: true }),
  'cumsum, exclusive': (x) => cumsum(x!, 1, { exclusive: true }),
  topK: (x) => topK(x!, 3, { axis: 1 }).values,
  'topK, indices': (x) => topK(x!, 3, { axis: 1 }).indices,
  'topK of the smallest': (x) => topK(x!, 2, { largest: false }).values,
  'topK of ties, indices': (x) => topK(x!, 5).indices,
  'topK of ties, the smallest': (x) => topK(x!, 5, { largest: false }).indices,
  argMax: (x) => argMax(x!, 1),
  'argMin, kept': (x) => argMin(x!, -1, { keepDims: true }),
  'argMax of ties': (x) => argMax(x!, -1),
  triangle: (x) => mul(x!, triangle(5, 3, { diagonal: 1 })),
  'triangle, upper': (x) => mul(x!, triangle(5, 3, { part: 'upper', diagonal: -1 })),
})

test.each([[[NaN, 1, 2]], [[1, NaN, 0]], [[0, 1, NaN]], [[NaN, NaN, NaN]]])('argMax of %j is some place', async (line) => {
  const x = input('x', [3])
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x], state: [], outputs: { y: argMax(x, 0) } })
  const { y } = await program.run({ x: { shape: [3], data: Float32Array.from(line) } })
  expect([0, 1, 2]).toContain(y!.data[0])
  expect([0, 1, 2]).toContain(evaluate([argMax(x, 0)], { x: line })[0]![0])
  await program.close()
})

const x = input('x', [2, 3])
checkRefusals('arranging.test.ts', [
  ['slice of [2, 3]: no places [0, 3) by 0 of axis 1', () => slice(x, 1, 0, 3, { step: 0 })],
  ['slice of [2, 3]: no places [-4, 2) of axis -1', () => slice(x, -1, -4, 2)],
  ['slice of [2, 3]: no axis 2', () => slice(x, 2, 0, 1)],
  ['flip of [2, 3]: no axes [-3]', () => flip(x, [-3])],
  ['tile of [2, 3]: no counts [2]', () => tile(x, [2])],
  ['repeat of [2, 3]: 0 is no count', () => repeat(x, 0, 0)],
  ['stack of [2, 3] and [3]: the shapes differ', () => stack([x, input('y', [3])])],
  ['split of [2, 3]: axis 1 does not come apart into 2 equal parts', () => split(x, 2, 1)],
  ['split of [2, 3]: axis -1 does not come apart into [1, 1]', () => split(x, [1, 1], -1)],
  ['squeeze of [2, 3]: axis 1 has 3 places', () => squeeze(x, [-1])],
  ['unsqueeze of [2, 3]: an axis is named twice in [0, -4]', () => unsqueeze(x, [0, -4])],
  ['concat of [2, 3]: no axis 2', () => concat([x, input('y', [3])], 2)],
  ['pad of [2, 3]: no 3 and 0 places (reflect) around 3 of axis 1', () => pad(x, 1, 3, 0, { mode: 'reflect' })],
  ['pad of [2, 3]: no 0 and 4 places (circular) around 3 of axis -1', () => pad(x, -1, 0, 4, { mode: 'circular' })],
  ['pad of [2, 3]: no -1 and 0 places (constant) around 3 of axis 1', () => pad(x, 1, -1, 0)],
  ['reshape of [2, 3]: [-2, -3] is no shape', () => reshape(x, [-2, -3])],
  ['cumsum of [2, 3]: no axis 2', () => cumsum(x, 2)],
  ['topK of [2, 3]: no 4 of the 3 places of axis -1', () => topK(x, 4)],
  ['argMax of [2, 0]: axis 1 has no places', () => argMax(input('x', [2, 0]), 1)],
])

test.each([
  ['input: [-2] is no shape', () => input('x', [-2])],
  ['concat: there are no nodes', () => concat([], 0)],
  ['constant: [2] does not hold 3 numbers', () => constant({ shape: [2], data: new Float32Array(3) })],
])('refuses %s, and names the line', (message, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'E_SHAPE', message: expect.stringMatching(`^${message.replace(/[[\]]/g, String.raw`\$&`)} \\(arranging.test.ts:\\d+\\)$`) }))
})
