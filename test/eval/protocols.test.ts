import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import type { Encoder } from '../../src/encoder.ts'
import { count } from '../../src/eval/baselines/count.ts'
import { fitSupportVectorMachine } from '../../src/eval/classifiers/support-vector-machine.ts'
import { evaluate } from '../../src/eval/evaluate.ts'
import { type Labelled, valueOf } from '../../src/eval/measured.ts'
import { kendallTau } from '../../src/eval/metrics/kendall-tau.ts'
import { nearestFrames, nearestMany } from '../../src/eval/metrics/nearest-neighbour.ts'
import { phaseAccuracy } from '../../src/eval/metrics/phase-accuracy.ts'
import { phaseProgression } from '../../src/eval/metrics/phase-progression.ts'
import { retrieval } from '../../src/eval/metrics/retrieval.ts'
import { protocolOf, protocols } from '../../src/eval/protocol.ts'
import { unitLength } from '../../src/eval/unit-length.ts'
import { clipOf, embedded, rows } from './clips.ts'

type Recorded = {
  readonly cards: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly missing: Readonly<Record<string, number>>; readonly dropped: number
}
/** By numpy, scipy and scikit-learn: bench/peers/eval_protocols.py. */
const recorded = JSON.parse(readFileSync(new URL('../fixtures/eval/protocols.json', import.meta.url), 'utf8')) as Recorded

/** Clip `index`, which tells its number to the encoder below by the place of a joint, with three annotated phases. */
const clips = Array.from({ length: 7 }, (_, index): Clip => {
  const frames = 18 + 2 * index
  const clip = clipOf(`made/${index}`, frames, { place: () => [index, 0] })
  const cuts = [0, Math.floor(frames / 3) + (index % 2), Math.floor((2 * frames) / 3) - (index % 2), frames]
  return { ...clip, labels: { ...clip.labels, phases: cuts.slice(1).map((end, phase) => ({ start: cuts[phase]!, end, label: `${phase}` })) } }
})
const encoder: Encoder = {
  name: 'formula',
  embed: async (shown) => shown.map(({ keypoints, frames }) => ({
    shape: [frames, 4],
    data: Float32Array.from({ length: frames * 4 }, (_, at) => {
      const [i, k, shift] = [Math.floor(at / 4), at % 4, 0.75 * keypoints![0]!]
      return Math.sin(((i / frames) * 20 + shift) * (k + 1) * 0.37) + 0.3 * Math.cos(i * k)
    }),
  })),
}
const sides = { train: clips.slice(0, 4), test: clips.slice(4), action: 'pullup', baselines: [] }
const published = Object.keys(recorded.cards)

describe('a published protocol measures what its own code does, by scikit-learn 1.9.1 and scipy 1.17.1', () => {
  test.each(published)('%s', async (name) => {
    const protocol = { ...protocolOf(name), draws: 2 }
    const { measures } = await evaluate({ ...sides, encoder, protocol, metrics: [...protocol.metrics!, ...protocol.onRequest] })
    const found = Object.fromEntries(measures.map(({ metric, value }) => [metric, value]))
    for (const [metric, value] of Object.entries(recorded.cards[name]!)) expect.soft(found[metric], metric).toBeCloseTo(value, 6)
  })

  test('and without being asked takes no metric that the code does not', async () => {
    const { measures } = await evaluate({ ...sides, encoder, protocol: { ...protocolOf('lav'), draws: 2 } })
    expect(measures.map(({ metric, card }) => `${metric} ${card}`)).toEqual(
      ['kendall-tau whole', ...[10, 50, 100].map((share) => `phase-accuracy-svm-trained-on-test-${share} whole`)])
    expect(measures[1]!.settings).toMatchObject({ trainedOn: 'TEST SIDE ITSELF', labels: 'first test clips by id' })
  })

  test('and refuses one that it does not have', async () => {
    const asked = evaluate({ ...sides, encoder, protocol: protocolOf('tcc'), metrics: ['retrieval'] })
    await expect(asked).rejects.toMatchObject({ code: 'E_METRIC_PROTOCOL', message: 'protocol tcc has no retrieval' })
  })
})

test('no two protocols measure the same, and docs/metrics.md has a row for each', () => {
  const settings = protocols.map(({ name: _name, source: _source, ...rest }) => JSON.stringify(rest))
  expect(new Set(settings).size).toBe(protocols.length)
  const documented = [...readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8').matchAll(/^\| `([a-z0-9]+)` \| [^|]* \| [^|]* \| [^|]* \| [^|]* \|$/gm)]
  expect(documented.map(([, name]) => name)).toEqual(protocols.map(({ name }) => name))
})

describe('a setting', () => {
  const learnt = (members: readonly Clip[]): Promise<Labelled[]> => encoder.embed(members).then((found) => members.map((clip, at) => {
    const phases = clip.labels.phases!.flatMap(({ start, end }, phase) => Array<number>(end - start).fill(phase))
    return { clip, embedding: found[at]!, phases }
  }))
  /** The second clip without its phase 1. */
  const lacking = async (members: readonly Clip[]) =>
    (await learnt(members)).map((item, at) => (at === 1 ? { ...item, phases: Array.from(item.phases, (phase) => (phase === 1 ? 2 : phase)) } : item))

  test.each([['copy', 'K - 1'], ['before', 'K - 1'], ['exclude', 'K - 1'], ['exclude', 'K']] as const)('missing phase %s, %s columns', async (missing, columns) => {
    const value = valueOf(phaseProgression(await lacking(sides.train), await lacking(sides.test), { phases: 3, missing, columns }))
    expect(value).toBeCloseTo(recorded.missing[`${missing}, ${columns === 'K' ? 3 : 2} columns`]!, 9)
  })

  test('missing phase crash: no value, and the clip is named', async () => {
    const measured = phaseProgression(await lacking(sides.train), await learnt(sides.test), { phases: 3, missing: 'crash' })
    expect([valueOf(measured), measured.reason]).toEqual([null, 'made/1 lacks phase 1, at which the published code stops'])
  })

  test('distance: rounding of the root makes a tie of what the square tells apart', () => {
    // squares 1 + 2^-52 and 1, roots 1 and 1
    const pool = rows([1, 2 ** -26], [1, 0])
    expect([nearestFrames(rows([0, 0]), pool), nearestFrames(rows([0, 0]), pool, 'Euclidean')].map(([frame]) => frame)).toEqual([1, 0])
    expect([...nearestMany(rows([0, 0]), pool, 2, 'Euclidean')]).toEqual([0, 1])
  })

  test('constant: a pair without tau is dropped, or takes the value with it', async () => {
    const [a, b] = await learnt(sides.test)
    const still = embedded('still', Array.from({ length: 20 }, () => [1, 1, 1, 1]))
    expect(valueOf(kendallTau([a!, b!, still]))).toBeCloseTo(recorded.dropped, 12)
    expect(kendallTau([a!, b!, still], { constant: 'keep' }).reason).toBe('the neighbours of 4 pairs are all one frame, and the protocol leaves no pair out')
  })

  test('pairs and pool: two cameras of one recording are other clips, not other recordings', () => {
    const cameras = [embedded('a', [[0], [1]], [0, 1]), embedded('b', [[0], [1]], [0, 1])].map((item) => ({ ...item, clip: { ...item.clip, group: 'one' } }))
    expect([kendallTau(cameras, { stride: 1 }).n, kendallTau(cameras, { stride: 1, pairs: 'other clips' }).n]).toEqual([0, 2])
    expect(valueOf(retrieval(cameras, { k: 1, average: 'clip', pool: 'other clips' }))).toBe(1)
    expect(retrieval(cameras, { k: 1, average: 'clip' }).reason).toBe('frames of a can be held against 0 others, fewer than 1')
  })

  test('embeddings of unit length: 3, 4 is .6, .8 and nothing stays nothing', async () => {
    const [made] = await unitLength({ name: 'made', embed: async () => [rows([3, 4], [0, 0])] }).embed([clips[0]!])
    expect(made!.data).toBeAllclose([0.6, 0.8, 0, 0], { atol: 1e-7 })
    const { measures } = await evaluate({ ...sides, encoder: count, protocol: { ...protocolOf('carl'), draws: 2 }, metrics: ['kendall-tau'] })
    expect(measures[0]!.settings['embeddings']).toBe('unit length')
  })

  test('labels of random frames: the share of all frames, drawn by the seed', async () => {
    const train = await learnt(sides.train)
    const seen: (readonly number[])[] = []
    const fit: typeof fitSupportVectorMachine = (features, labels, options) => {
      seen.push(Array.from(labels))
      return fitSupportVectorMachine(features, labels, options)
    }
    for (const seed of [0, 0, 1]) phaseAccuracy(train, train, { fit, labels: 'random frames', fraction: 0.5, seed })
    expect(seen.map(({ length }) => length)).toEqual([42, 42, 42])
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).not.toEqual(seen[0])
  })
})
