import { describe, expect, test } from 'vitest'
import { casa, type CasaConfig, parameterCount, untrainedWeights } from '../../src/models/index.ts'
import { usualHeads } from '../../src/models/casa.ts'
import { constant, type Node } from '../../src/engine/index.ts'
import { checkRecorded } from '../engine/recorded.ts'
import { embeddingsOf, numbersOf } from './embeddings-of.ts'

const config: CasaConfig = { persons: 1, joints: 2, dims: 2, layers: 1, heads: 2, padding: 'attended', position: 'index', positionLength: 64 }

// Spec 3.2: 10 d^2 + 4 d in each of 8 layers, 4 layers of d^2 + d around them
test.each([['Penn Action, 25 joints', 25, 475_200, 15], ['IKEA ASM, 17', 17, 220_320, 17], ['H2O, 42', 42, 1_338_120, 21]])('%s in space: as many parameters and heads as the release', (_, joints, count, heads) => {
  expect([parameterCount(casa({ ...config, joints, dims: 3, layers: 4, heads })), usualHeads(3 * joints)]).toEqual([count, heads])
})

test.each([[26, 13], [34, 17], [84, 21], [39, 13], [7, 1]])('%d numbers a frame: %d heads', (width, heads) => {
  expect(usualHeads(width)).toBe(heads)
})

test('layers start within sqrt(6 / (in + out)), what is around them as torch.nn.Linear', () => {
  const weights = untrainedWeights(casa({ ...config, joints: 25, dims: 3, heads: 15 }), 1)
  const largest = (name: string) => weights[name]!.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect([largest('layers.0.query.weight'), largest('layers.0.mlp-in.weight'), largest('joints-in.weight')]).toBeAllclose([Math.sqrt(6 / 150), Math.sqrt(6 / 300), 1 / Math.sqrt(75)], { rtol: 2e-3 })
  expect(largest('head-out.bias')).toBeAllclose(1 / Math.sqrt(75), { rtol: 0.1 })
})

/** The model as the script has it: coordinates and parameters in order to embedding and projection. */
function recorded(change: Partial<CasaConfig>, isPair: boolean, lengths: readonly number[] = [4, 4]): (...inputs: readonly Node[]) => Node[] {
  const model = casa({ ...config, ...change })
  return (coordinates, ...values) => {
    const mask = { shape: [2, 4], data: Float32Array.from(lengths.flatMap((length) => [0, 1, 2, 3].map((frame) => Number(frame < length)))) }
    const { coordinates: _, ...fed } = model.feeds({ coordinates: mask, mask })
    const params = Object.fromEntries(model.parameters.map(({ name }, i) => [name, values[i]!]))
    const { embedding, projection } = model.forward({ coordinates: coordinates!, ...Object.fromEntries(Object.entries(fed).map(([name, tensor]) => [name, constant(tensor)])) }, params, { training: isPair })
    return [embedding, projection]
  }
}

checkRecorded('model_casa', {
  'two views of 2 joints in the plane meet': recorded({}, true),
  'a joint in space, an odd number, each view by itself': recorded({ joints: 1, dims: 3, layers: 2, heads: 3 }, false),
  'padding is masked': recorded({ joints: 1, dims: 3, heads: 1, padding: 'masked' }, true, [4, 2]),
}, { atol: 2e-4, rtol: 2e-4 })

describe('padding', () => {
  const clip = numbersOf(1, 3, 8)
  const embedded = (padding: CasaConfig['padding'], room: number, filler: number) => {
    const data = Float32Array.from({ length: room * 8 }, (_, i) => clip[i] ?? filler)
    return embeddingsOf(casa({ ...config, padding }), { coordinates: { shape: [1, room, 1, 2, 4], data } }, [3]).data.subarray(0, 12)
  }

  test('masked, has no influence, whatever it holds and however much there is', () => {
    expect(embedded('masked', 5, 0.7)).toBeAllclose(embedded('masked', 3, 0), { rtol: 1e-6, atol: 1e-7 })
  })
  test('attended, as released, has: more of it gives another embedding', () => {
    expect(Math.abs(embedded('attended', 5, 0)[0]! - embedded('attended', 3, 0)[0]!)).toBeGreaterThan(1e-4)
  })
})

test('two views meet in training only: another second view changes the first one', () => {
  const embedding = (second: number, training: boolean) => {
    const coordinates = { shape: [2, 3, 1, 2, 4], data: Float32Array.from([...numbersOf(1, 3, 8), ...numbersOf(second, 3, 8)]) }
    return embeddingsOf(casa(config), { coordinates }, [3, 3], { training }).data.subarray(0, 12)
  }
  expect(embedding(2, false)).toEqual(embedding(3, false))
  expect(embedding(2, true)).not.toBeAllclose(embedding(3, true), { rtol: 1e-3 })
})
