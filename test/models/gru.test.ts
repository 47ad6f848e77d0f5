import { expect, test } from 'vitest'
import { constant, gradients, input, type Node, ortExecutor, randomFeeds, randomInputsOf, sum } from '../../src/engine/index.ts'
import { gruLayers, type GruOptions, gruSpec } from '../../src/models/blocks/gru.ts'
import { initialise } from '../../src/models/index.ts'
import { checkRecorded } from '../engine/recorded.ts'

const names = (layers: number, bidirectional: boolean): string[] => gruSpec('gru', { inputs: 2, width: 2, layers, bidirectional }).map(({ name }) => name)

/** torch.nn.GRU's arguments in the order in which they were recorded. */
const module = ({ layers = 1, bidirectional = false, keep }: Omit<GruOptions, 'name' | 'initial'> = {}) => (x?: Node, initial?: Node, ...parameters: readonly Node[]): readonly Node[] => {
  const params = Object.fromEntries(names(layers, bidirectional).map((name, i) => [name, parameters[i]!]))
  const { states, last } = gruLayers(x!, params, { name: 'gru', layers, bidirectional, initial: initial!, ...(keep === undefined ? {} : { keep }) })
  return [states, last]
}

/** [3, 4]: which steps of sequences of these lengths there are. */
const stepsOf = (...lengths: number[]): Node => constant({ shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => Number(i % 4 < lengths[Math.floor(i / 4)]!)) })

checkRecorded('recurrent', {
  'one layer': (x, ...parameters) => {
    const { states, last } = gruLayers(x!, Object.fromEntries(names(1, false).map((name, i) => [name, parameters[i]!])), { name: 'gru' })
    return [states, last]
  },
  'one layer from a state': module(),
  'two layers, both directions': module({ layers: 2, bidirectional: true }),
  'sequences of 2, 4 and 1 steps': module({ keep: stepsOf(2, 4, 1) }),
  'sequences in two layers, both directions': module({ layers: 2, bidirectional: true, keep: stepsOf(3, 1, 4) }),
})

test('leaves the state to the bit as it is where a sequence has ended, whatever lies there, and so the derivatives', async () => {
  const [x, brief, keep] = [input('x', [1, 5, 2]), input('brief', [1, 2, 2]), constant({ shape: [1, 5], data: Float32Array.of(1, 1, 0, 0, 0) })]
  const values = initialise(gruSpec('gru', { inputs: 2, width: 3 }), 1)
  const params = Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, input(name, shape)]))
  const [long, short] = [gruLayers(x, params, { name: 'gru', keep }).last, gruLayers(brief, params, { name: 'gru' }).last]
  const slopes = [long, short].map((last) => gradients(sum(last, [0, 1, 2]), [params['gru.weight_ih_l0']!])[0]!)
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x, brief, ...Object.values(params)], state: [], outputs: { long, short, slope: slopes[0]!, expected: slopes[1]! } })
  const found = await program.run({
    ...values, x: { shape: x.shape, data: Float32Array.of(1, 2, 3, 4, 1e6, NaN, Infinity, -1e30, 7, 7) }, brief: { shape: brief.shape, data: Float32Array.of(1, 2, 3, 4) },
  })
  expect(found['long']!.data).toEqual(found['short']!.data)
  expect(found['slope']!.data).toBeAllclose(found['expected']!.data, { rtol: 1e-6, atol: 1e-8 })
  await program.close()
})

test('starts its parameters as torch.nn.GRU does: uniform within 1 / sqrt(width), the second layer as wide as both directions', () => {
  const spec = gruSpec('gru', { inputs: 5, width: 4, layers: 2, bidirectional: true })
  expect(spec.map(({ name, shape }) => [name, shape])).toEqual(['_l0', '_l0_reverse', '_l1', '_l1_reverse'].flatMap((suffix, i) => [
    [`gru.weight_ih${suffix}`, [12, i < 2 ? 5 : 8]], [`gru.weight_hh${suffix}`, [12, 4]], [`gru.bias_ih${suffix}`, [12]], [`gru.bias_hh${suffix}`, [12]],
  ]))
  expect(new Set(spec.map(({ init }) => JSON.stringify(init)))).toEqual(new Set(['{"kind":"uniform","bound":0.5}']))
})

test('drops out between layers, by one mask for each layer but the first', () => {
  const params = Object.fromEntries(gruSpec('gru', { inputs: 2, width: 3, layers: 3 }).map(({ name, shape }) => [name, input(name, shape)]))
  const { states } = gruLayers(input('x', [2, 4, 2]), params, { name: 'gru', layers: 3, dropout: { name: 'drop', rate: 0.5 } })
  const feeds = randomFeeds(randomInputsOf([states]), { seed: 1 })(0)
  expect(Object.entries(feeds).map(([name, { shape }]) => [name, shape])).toEqual([['drop 1', [4, 2, 3]], ['drop 2', [4, 2, 3]]])
})
