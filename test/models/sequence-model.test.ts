import { expect, test } from 'vitest'
import { add, dropout, dropPath, embedding, type Executor, mean, type Node, ortExecutor, referenceExecutor, reshape, slice, square, sub, transpose } from '../../src/engine/index.ts'
import { gruLayers, gruSpec } from '../../src/models/blocks/gru.ts'
import { linear, linearSpec } from '../../src/models/blocks/linear.ts'
import { multiHeadAttention, multiHeadAttentionSpec } from '../../src/models/blocks/multi-head-attention.ts'
import { initialise, type Nodes } from '../../src/models/index.ts'
import { fit } from '../../src/train/fit.ts'

const [batch, steps, width] = [4, 5, 8]
const parameters = [
  { name: 'table', shape: [7, width], init: { kind: 'uniform', bound: 0.5 }, decay: false } as const, ...multiHeadAttentionSpec('attention', width),
  ...gruSpec('gru', { inputs: width, width: 4, bidirectional: true, layers: 2 }), ...linearSpec('out', width, 2, { init: 'fan-in' }),
]

/** Words in sentences of different lengths (0 = padding) through attention and two recurrent layers, with everything that drops out. */
function loss({ words, keep, target }: Nodes, params: Nodes): Node {
  const x = dropout(embedding(params['table']!, words!, { paddingIndex: 0 }), { name: 'of words', rate: 0.2 })
  const attended = multiHeadAttention({ queries: x, keys: x, values: x }, params, { name: 'attention', heads: 2, keep: reshape(keep!, [batch, 1, 1, steps]), dropout: { name: 'weights', rate: 0.1 } })
  const seen = add(x, dropPath(attended, { name: 'path', rate: 0.3 }))
  const { last } = gruLayers(seen, params, { name: 'gru', layers: 2, bidirectional: true, keep: keep!, dropout: { name: 'between', rate: 0.2 } })
  const both = reshape(transpose(slice(last, 0, 2), [1, 0, 2]), [batch, width])
  return mean(square(sub(linear(both, params, 'out'), target!)), [0, 1])
}

async function trained(executor: Executor): Promise<{ losses: number[]; table: Float32Array }> {
  const lengths = [5, 2, 1, 4]
  const isWord = (i: number): boolean => i % steps < lengths[Math.floor(i / steps)]!
  const numbers = (shape: readonly number[], of: (i: number) => number) => ({ shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => of(i)) })
  const one = { words: numbers([batch, steps], (i) => (isWord(i) ? 1 + (i * 5) % 6 : 0)), keep: numbers([batch, steps], (i) => Number(isWord(i))), target: numbers([batch, 2], Math.sin) }
  const losses: number[] = []
  const found = await fit({
    executor, inputs: { words: [batch, steps], keep: [batch, steps], target: [batch, 2] }, parameters, start: initialise(parameters, 1), loss, batches: Array.from({ length: 5 }, () => one),
    optimiser: { kind: 'adamw' }, rate: 0.01, clipNorm: 1, seed: 9, onStep: (step) => { losses.push(step.loss) },
  })
  return { losses, table: found['table']!.data }
}

test('a model of embedding, attention, GRU and dropout trains as in float64, with the same bits on any number of threads', async () => {
  const [reference, one, two] = [await trained(referenceExecutor()), await trained(ortExecutor({ device: 'cpu', threads: 1 })), await trained(ortExecutor({ device: 'cpu', threads: 2 }))]
  expect(one.losses).toBeAllclose(reference.losses, { rtol: 1e-4 })
  expect(two).toEqual(one)
  expect(one.table.slice(0, width)).toEqual(initialise(parameters, 1)['table']!.data.slice(0, width))
  expect(one.table.slice(width)).not.toEqual(initialise(parameters, 1)['table']!.data.slice(width))
})
