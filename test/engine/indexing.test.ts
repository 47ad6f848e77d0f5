import { describe, expect, test } from 'vitest'
import { constant, embedding, evaluate, gather, input, oneHot, ortExecutor, scatterAdd, straightThrough, takeAlong } from '../../src/engine/index.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { cases } from './cases/indexing.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'
import { checkRecorded } from './recorded.ts'

checkOperations(cases)

checkRecorded('indexing', {
  gather: (x, i) => gather(x!, i!, 1),
  'gather, negative axis': (x) => gather(x!, [1, 1, 0], -1),
  'gather of batches': (x, i) => gather(x!, i!, 1, { batchAxes: 1 }),
  'gather of batches, last axis': (x, i) => gather(x!, i!, -1, { batchAxes: 1 }),
  'gather of one place': (x) => gather(x!, [0, 0, 0], 1),
  scatterAdd: (u, i) => scatterAdd(u!, i!, 6, 1),
  'scatterAdd of batches': (u, i) => scatterAdd(u!, i!, 5, 1, { batchAxes: 1 }),
  takeAlong: (x, i) => takeAlong(x!, i!, 1),
  'takeAlong, broadcast': (x, i) => takeAlong(x!, i!, -2),
  embedding: (t, i) => embedding(t!, i!),
  'embedding with padding': (t, i) => embedding(t!, i!, { paddingIndex: 0 }),
  oneHot: (i) => oneHot(i!, 5),
})

// ONNX Runtime's ScatterND would lose numbers here as soon as it has two threads
test('adds what meets in one place in the order of the indices, whatever the threads', async () => {
  const [count, extent, width] = [6000, 7, 40]
  const [updates, indices] = [wave([count, width]), { shape: [count], data: Float32Array.from({ length: count }, (_, i) => (i * 31) % extent) }]
  const inOrder = new Float32Array(extent * width)
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) inOrder[indices.data[i]! * width + j]! += updates.data[i * width + j]!
  const [u, i] = [input('u', [count, width]), input('i', [count])]
  for (const threads of [1, 2, 4]) {
    const program = await ortExecutor({ device: 'cpu', threads }).compile({ inputs: [u, i], state: [], outputs: { y: scatterAdd(u, i, extent) } })
    for (let run = 0; run < 5; run++) expect((await program.run({ u: updates, i: indices }))['y']!.data).toEqual(inOrder)
    await program.close()
  }
})

describe.each([['negative', -1], ['too large', 4], ['no whole number', 1.5], ['NaN', NaN]])('a fed index that is %s', (_, wrong) => {
  const [x, one, each] = [input('x', [2, 4, 3]), input('i', [2]), input('i', [2, 1])]

  test.each([
    ['gather', gather(x, one, 1), one], ['gather of batches', gather(x, each, 1, { batchAxes: 1 }), each], ['scatterAdd', scatterAdd(x, one, 4), one],
  ])('is refused by %s', async (__, node, index) => {
    const feeds = { x: wave(x.shape), i: { shape: index.shape, data: Float32Array.of(0, wrong) } }
    expect(() => evaluate([node], { x: feeds.x.data, i: feeds.i.data })).toThrow(`index ${wrong} is no place of an axis of 4`)
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x, index], state: [], outputs: { y: node } })
    await expect(program.run(feeds)).rejects.toThrow(/out of (data )?bounds/)
    await program.close()
  })
})

test('gives the value of the first and the derivative of the second', () => {
  const [x, y] = [input('x', [2]), input('y', [2])]
  expect(evaluate([straightThrough(x, y)], { x: [1, 2], y: [3, 4] })[0]).toEqual(Float64Array.of(1, 2))
})

checkRefusals('indexing.test.ts', [
  ['gather of [2, 3] and [2]: index 3 is no place of an axis of 3', () => gather(input('x', [2, 3]), [0, 3], 1)],
  ['gather of [2, 3] and [1]: index -1 is no place of an axis of 3', () => gather(input('x', [2, 3]), [-1], 1)],
  ['gather of [2, 3]: no axis 2', () => gather(input('x', [2, 3]), [0], 2)],
  ['gather of [2, 3] and [3, 1]: the first 1 axes are not a batch of both before axis 1', () => gather(input('x', [2, 3]), input('i', [3, 1]), 1, { batchAxes: 1 })],
  ['gather of [16777217] and [1]: indices are exact up to 2^24, the axis has 16777217 places', () => gather(input('x', [2 ** 24 + 1]), input('i', [1]))],
  ['gather of [16777216, 64] and [1]: it is made of 1073741824 elements, more than 2^29', () => gather(input('x', [2 ** 24, 64]), input('i', [1]))],
  ['scatterAdd of [2, 3] and [4]: the indices are not those of axis 1', () => scatterAdd(input('x', [2, 3]), input('i', [4]), 5, 1)],
  ['oneHot of [2]: 0 is no depth', () => oneHot(input('i', [2]), 0)],
  ['takeAlong of [2, 3] and [3, 1]: the shapes do not broadcast beside axis 1', () => takeAlong(input('x', [2, 3]), input('i', [3, 1]), 1)],
  ['takeAlong of [2] and [1]: index -1 is no place of an axis of 2', () => takeAlong(input('x', [2]), constant({ shape: [1], data: Float32Array.of(-1) }), 0)],
  ['embedding of [5] and [2]: the table must be [V, d]', () => embedding(input('t', [5]), input('i', [2]))],
  ['embedding of [5, 2] and [2]: no row 5 for padding', () => embedding(input('t', [5, 2]), input('i', [2]), { paddingIndex: 5 })],
  ['straightThrough of [2] and [3]: the shapes differ', () => straightThrough(input('x', [2]), input('y', [3]))],
])

function wave(shape: readonly number[]): Tensor {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * i)) }
}
