import { expect, test } from 'vitest'
import { constant, gradients, input, type Node, ortExecutor, randomFeeds, randomInputsOf, sum } from '../../src/engine/index.ts'
import { lstmLayers, type LstmOptions, lstmSpec } from '../../src/models/blocks/lstm.ts'
import { initialise } from '../../src/models/index.ts'
import { checkRecorded } from '../engine/recorded.ts'

type Module = Omit<LstmOptions, 'name' | 'initial' | 'initialCell'>

const namesOf = (layers: number, bidirectional: boolean): string[] => lstmSpec('lstm', { inputs: 2, width: 2, layers, bidirectional }).map(({ name }) => name)

/** torch.nn.LSTM's arguments in the order in which they were recorded: x, the states and cells before the first step if they were given, parameters. */
const module = ({ layers = 1, bidirectional = false, ...options }: Module = {}, starts: 0 | 2 = 2) => (x?: Node, ...rest: readonly Node[]): readonly Node[] => {
  const [initial, initialCell] = starts === 0 ? [] : rest
  const params = Object.fromEntries(namesOf(layers, bidirectional).map((name, i) => [name, rest[starts + i]!]))
  const { states, last, lastCell } = lstmLayers(x!, params, { name: 'lstm', layers, bidirectional, ...options, ...(initial && initialCell ? { initial, initialCell } : {}) })
  return [states, last, lastCell]
}

/** [3, 4]: which steps of sequences of these lengths there are. */
const stepsOf = (...lengths: number[]): Node => constant({ shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => Number(i % 4 < lengths[Math.floor(i / 4)]!)) })

checkRecorded('lstm', {
  'one layer': module({}, 0),
  'one layer from a state and a cell': module(),
  'two layers, both directions': module({ layers: 2, bidirectional: true }),
  'sequences of 2, 4 and 1 steps': module({ keep: stepsOf(2, 4, 1) }),
  'sequences in two layers, both directions': module({ layers: 2, bidirectional: true, keep: stepsOf(3, 1, 4) }),
})

test('leaves state and cell to the bit as they are where a sequence has ended, whatever lies there, and so the derivatives', async () => {
  const [x, brief, keep] = [input('x', [1, 5, 2]), input('brief', [1, 2, 2]), constant({ shape: [1, 5], data: Float32Array.of(1, 1, 0, 0, 0) })]
  const values = initialise(lstmSpec('lstm', { inputs: 2, width: 3 }), 1)
  const params = Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, input(name, shape)]))
  const [long, short] = [lstmLayers(x, params, { name: 'lstm', keep }), lstmLayers(brief, params, { name: 'lstm' })]
  const slopes = [long, short].map(({ last }) => gradients(sum(last, [0, 1, 2]), [params['lstm.weight_hh_l0']!])[0]!)
  const outputs = { long: long.last, short: short.last, longCell: long.lastCell, shortCell: short.lastCell, slope: slopes[0]!, expected: slopes[1]! }
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x, brief, ...Object.values(params)], state: [], outputs })
  const found = await program.run({
    ...values, x: { shape: x.shape, data: Float32Array.of(1, 2, 3, 4, 1e6, NaN, Infinity, -1e30, 7, 7) }, brief: { shape: brief.shape, data: Float32Array.of(1, 2, 3, 4) },
  })
  expect(found['long']!.data).toEqual(found['short']!.data)
  expect(found['longCell']!.data).toEqual(found['shortCell']!.data)
  expect(found['slope']!.data).toBeAllclose(found['expected']!.data, { rtol: 1e-6, atol: 1e-8 })
  await program.close()
})

test('starts its parameters as torch.nn.LSTM does: uniform within 1 / sqrt(width), four gates high', () => {
  const spec = lstmSpec('lstm', { inputs: 5, width: 4, layers: 2 })
  expect(spec.map(({ name, shape }) => [name, shape])).toEqual(['_l0', '_l1'].flatMap((suffix, i) => [
    [`lstm.weight_ih${suffix}`, [16, i === 0 ? 5 : 4]], [`lstm.weight_hh${suffix}`, [16, 4]], [`lstm.bias_ih${suffix}`, [16]], [`lstm.bias_hh${suffix}`, [16]],
  ]))
  expect(new Set(spec.map(({ init }) => JSON.stringify(init)))).toEqual(new Set(['{"kind":"uniform","bound":0.5}']))
})

test('drops out between layers', () => {
  const params = Object.fromEntries(lstmSpec('lstm', { inputs: 2, width: 3, layers: 2 }).map(({ name, shape }) => [name, input(name, shape)]))
  const { states } = lstmLayers(input('x', [2, 4, 2]), params, { name: 'lstm', layers: 2, dropout: { name: 'drop', rate: 0.5 } })
  expect(Object.keys(randomFeeds(randomInputsOf([states]), { seed: 1 })(0))).toEqual(['drop 1'])
})
