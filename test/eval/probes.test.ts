import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import type { Encoder } from '../../src/encoder.ts'
import { ortExecutor } from '../../src/engine/index.ts'
import { baselines } from '../../src/eval/baselines/index.ts'
import { modelEncoder } from '../../src/eval/embed.ts'
import { followingOf } from '../../src/eval/probes/following.ts'
import { probeOrder } from '../../src/eval/probes/orders.ts'
import { probeEncoder } from '../../src/eval/probes/probe-encoder.ts'
import { readProbes, writeProbes } from '../../src/eval/probes/probe-table.ts'
import { answerSpread, variationOf } from '../../src/eval/probes/variation.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import { untrainedWeights } from '../../src/models/index.ts'
import { randomAt } from '../../src/random.ts'
import { realPenn } from '../shared.ts'
import { clipOf, embedded, encoderOf, rows } from './clips.ts'
import { realClips } from './real-clips.ts'

/** Bodies that go up and down once, faster and slower. */
const clips = Array.from({ length: 6 }, (_, index) => clipOf(`made/${index}`, 30 + 3 * index, { place: (t, joint) => [joint * 10, 60 + joint * 5 + 3 * Math.abs(t - 12 - index) + joint * t / 20] }))
const floor = (name: string): Encoder => baselines.find((baseline) => baseline.name === `baseline/${name}`)!.make({ action: 'pullup', seed: 0 })
const verdict = async (encoder: Encoder, shown: readonly Clip[] = clips) => (await probeEncoder(encoder, shown, { seed: 0 })).verdict

describe('names', () => {
  const expected = [['count', 'counts frames'], ['count-share', 'counts frames'], ['constant', 'collapsed'], ['random', 'answers by chance'], ['coordinates', 'sees single frames only'],
    ['coordinates-velocity', 'uses poses in time']] as const

  test.each(expected)('baseline/%s: %s', async (name, named) => {
    expect(await verdict(floor(name))).toBe(named)
  })

  test.skipIf(realPenn === null)('every floor alike on real clips it was not made for, the oracle too', async () => {
    const train = (await realClips('situp')).filter(({ labels }) => labels.officialSplit === 'train')
    for (const [name, named] of expected) expect([name, await verdict(floor(name), train)]).toEqual([name, named])
    expect(await verdict(floor('event'), train.map((clip) => ({ ...clip, labels: { ...clip.labels, action: 'pullup' } })))).toBe('uses poses in time')
  })

  test('one that takes the mean of the poses around a frame: it sees them, and not which came first', async () => {
    const { embed } = floor('coordinates')
    const around: Encoder = { name: 'around', embed: async (shown) => (await embed(shown)).map(({ shape: [frames, d], data }) => ({ shape: [frames!, d!], data: Float32Array.from(data, (_, at) => {
      const [t, k] = [Math.floor(at / d!), at % d!]
      const near = Array.from({ length: 9 }, (_, i) => t + i - 4).filter((one) => one >= 0 && one < frames!)
      return near.reduce((sum, one) => sum + data[one * d! + k]!, 0) / near.length
    }) })) }
    expect(await verdict(around)).toBe('ignores the order of frames')
    expect((await probeEncoder(around, clips, { seed: 0 })).warning).toContain('the way there and the way back cannot be told apart')
  })

  test.each([['index', ['counts frames']], ['rotary', ['ignores the order of frames', 'sees single frames only']]])('LA2DS before training, positions %s: one of %j', async (position, named) => {
    const { skeleton } = entryOf(await readCatalog(), 'penn-action')
    const { model, inputs } = modelOfConfig('la2ds', trainConfig(['profile=tiny', `position=${position}`]), { skeleton, frames: 64 })
    for (const seed of [0, 1]) {
      const encoder = modelEncoder({ name: 'untrained', model, inputs, weights: untrainedWeights(model, seed), executor: ortExecutor({ device: 'cpu', threads: 1 }), skeleton, frames: 64, longClips: 'own-length' })
      expect(named).toContain(await verdict(encoder))
      await encoder.close()
    }
  })

  test('one that counts in secret: a position in waves, with a little of the pose beside it', async () => {
    const waves: Encoder = { name: 'waves', embed: async (shown) => shown.map((clip) => rows(...Array.from({ length: clip.frames }, (_, t) =>
      [Math.sin(t / 8), Math.cos(t / 8), Math.sin(t / 40), Math.cos(t / 40), clip.keypoints![t * 39 + 1]! / 5000]))) }
    expect(await verdict(waves)).toBe('counts frames')
  })

  test('one that collapsed to how a body looks, with noise beside it, and one that is the same everywhere', async () => {
    const looks: Encoder = { name: 'looks', embed: async (shown) => shown.map((clip) => {
      const noise = randomAt({ seed: clip.frames })
      return rows(...Array.from({ length: clip.frames }, () => [clip.frames + 0.01 * noise.normal(), 0.01 * noise.normal()]))
    }) }
    expect(await verdict(looks)).toBe('collapsed')
    expect(await verdict(encoderOf('same', () => 0.1))).toBe('collapsed')
  })

  test('nothing on clips too short to tell', async () => {
    expect(await verdict(floor('count'), [clipOf('a', 3), clipOf('b', 2)])).toBeNull()
  })
})

test('shows as many frames as there are: later, shuffled, backwards, still', () => {
  const random = randomAt({ seed: 1 })
  expect(probeOrder('offset', 9, random)).toEqual([0, 0, 0, 1, 2, 3, 4, 6, 8])
  expect(probeOrder('reverse', 4, random)).toEqual([3, 2, 1, 0])
  expect(probeOrder('still', 4, random)).toEqual([1, 1, 1, 1])
  const shuffled = probeOrder('shuffle', 40, random)
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, t) => t))
  expect(shuffled).not.toEqual(shuffled.toSorted((a, b) => a - b))
})

test('following the frame, its place, or half of each', () => {
  const whole = rows([0], [1], [2], [3])
  const order = [3, 2, 1, 0]
  expect(followingOf([{ whole, order, shown: rows([3], [2], [1], [0]) }])).toEqual({ content: 1, index: 0 })
  expect(followingOf([{ whole, order, shown: whole }])).toEqual({ content: 0, index: 1 })
  // nearest is frame 1 everywhere: 2 + 1 + 0 + 1 from what is shown, 1 + 0 + 1 + 2 from the place, of 3 + 1 + 1 + 3
  expect(followingOf([{ whole, order, shown: rows([1], [1], [1], [1]) }])).toEqual({ content: 0.5, index: 0.5 })
  expect(followingOf([{ whole: rows([1]), order: [0], shown: rows([1]) }])).toEqual({ content: null, index: null })
})

test('variation within clips, and in how many directions', () => {
  expect(variationOf([rows([0, 0], [2, 0])])).toEqual({ variation: 0.5, rank: 1 })
  expect(variationOf([rows([1, 0], [-1, 0], [0, 1], [0, -1])])).toEqual({ variation: 1, rank: 2 })
  // two clips, each a point of its own
  expect(variationOf([rows([1, 0], [1, 0]), rows([0, 1], [0, 1])])).toEqual({ variation: 0, rank: null })
})

test('answers spread evenly are 1, always the same frame is 0', () => {
  const count = [0, 1, 2, 3, 4, 5, 6, 7].map((t) => [t])
  // nearest frames 0 .. 7 about 4: (4 + 3 + 2 + 1 + 0 + 1 + 2 + 3) / 8 = 2 = 8 / 4
  expect(answerSpread([embedded('a', count), embedded('b', count)])).toBe(1)
  expect(answerSpread([embedded('a', count), embedded('b', count.map(() => [0]))])).toBe(0.5 * (0 + 0))
  expect(answerSpread([embedded('a', count)])).toBeNull()
})

test('are kept in the folder of the run as they were found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-probes-'))
  const probes = [await probeEncoder(floor('coordinates'), clips, { seed: 0 }), await probeEncoder(encoderOf('same', () => 1), clips.slice(0, 1), { seed: 0 })]
  await writeProbes(folder, 'run', probes)
  expect(await readProbes(folder)).toEqual(probes)
})
