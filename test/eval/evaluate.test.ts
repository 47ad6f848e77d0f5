import { describe, expect, test } from 'vitest'
import { baselines } from '../../src/eval/baselines/index.ts'
import { coordinates } from '../../src/eval/baselines/coordinates.ts'
import { count } from '../../src/eval/baselines/count.ts'
import { evaluate } from '../../src/eval/evaluate.ts'
import { embedClips, valueOf } from '../../src/eval/measured.ts'
import { kendallTau } from '../../src/eval/metrics/kendall-tau.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import { realPenn } from '../shared.ts'
import { clipOf, encoderOf, oracle } from './clips.ts'
import { realClips } from './real-clips.ts'

const clips = Array.from({ length: 6 },
  (_, index) => clipOf(`made/${index}`, 30 + index, { place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - 12 - index) : 120 + joint] }))
const input = { train: clips.slice(0, 3), test: clips.slice(3), action: 'pullup', protocol: protocolOf('quick') }

test('gives a row per metric, card and encoder, headlines first, with the settings beside each value', async () => {
  const { measures } = await evaluate({ ...input, encoder: oracle, baselines: [count], metrics: ['kendall-tau', 're-cut-cycle-skill'] })
  expect(measures.map(({ metric, card, encoder }) => `${metric} ${card} ${encoder}`)).toEqual([
    're-cut-cycle-skill views oracle', 'kendall-tau whole oracle', 'kendall-tau cut oracle',
    're-cut-cycle-skill views baseline/count', 'kendall-tau whole baseline/count', 'kendall-tau cut baseline/count',
  ])
  expect(measures[1]!.settings).toEqual({
    distance: 'squared Euclidean, float64', ties: 'first index', pairs: 'ordered, one action, different recordings', stride: 2, tau: 'b',
    constant: 'pair dropped', embeddings: 'as made', draws: 300,
  })
})

test('marks what rests on pseudo phases, and what needs no labels', async () => {
  const { measures } = await evaluate({ ...input, encoder: oracle, baselines: [] })
  expect(measures.filter(({ labels }) => labels === 'none').map(({ metric }) => metric)).toEqual(['re-cut-cycle-skill', 'kendall-tau', 'kendall-tau'])
  expect(new Set(measures.filter(({ labels }) => labels !== 'none').map(({ labels }) => labels))).toEqual(new Set(['pseudo']))
})

test('answers null with a reason, never NaN, for an action without phases', async () => {
  const bowl = clips.map((clip) => ({ ...clip, labels: { ...clip.labels, action: 'bowl' } }))
  const { measures } = await evaluate({ ...input, train: bowl.slice(0, 3), test: bowl.slice(3), action: 'bowl', encoder: oracle, baselines: [] })
  const missing = measures.filter(({ value }) => value === null)
  expect(missing.length).toBe(measures.length - 3)
  expect(missing.every(({ reason, low, high }) => reason !== null && reason !== '' && low === null && high === null)).toBe(true)
  expect(JSON.stringify(measures)).not.toContain('NaN')
})

test('compares the encoder with each floor on the same draws', async () => {
  const { comparisons } = await evaluate({ ...input, encoder: oracle, baselines: [count], metrics: ['re-cut-cycle-skill'] })
  expect(comparisons).toMatchObject([{ metric: 're-cut-cycle-skill', encoder: 'oracle', against: 'baseline/count', better: 'higher' }])
  expect(comparisons[0]!.low).toBeGreaterThan(0)
})

test('refuses an unknown metric, an unknown protocol and an encoder that makes numbers that are not finite', async () => {
  await expect(evaluate({ ...input, encoder: oracle, baselines: [], metrics: ['kendal-tau'] })).rejects.toThrow('no metric "kendal-tau"')
  expect(() => protocolOf('primery')).toThrow('no protocol "primery"')
  const broken = encoderOf('broken', (_, t) => (t === 3 ? Number.NaN : t))
  await expect(evaluate({ ...input, encoder: broken, baselines: [],
    metrics: ['kendall-tau'] })).rejects.toThrow('broken made a number that is not finite of view')
})

describe.skipIf(realPenn === null)('the floors on real clips', () => {
  test('tau of raw coordinates on the first 40 test pullups is that of numpy and scipy', async () => {
    const test40 = (await realClips('pullup')).filter(({ labels }) => labels.officialSplit === 'test').slice(0, 40)
    // floors/penn.py coordinates, scipy 1.17.1 kendalltau, by bench/peers/eval_reference.py
    expect(valueOf(kendallTau(await embedClips(coordinates, test40)))).toBeAllclose(0.013832051105005478, { atol: 2e-4 })
  })

  test('phase accuracy of the frame counter and of coordinates on whole jumping jacks is that of scikit-learn', async () => {
    const jacks = await realClips('jumping_jacks')
    const sides = { train: jacks.filter(({ labels }) => labels.officialSplit === 'train'), test: jacks.filter(({ labels }) => labels.officialSplit === 'test') }
    const accuracy = async (encoder: typeof count) =>
      (await evaluate({ ...input, ...sides, action: 'jumping_jacks', encoder, baselines: [],
        metrics: ['phase-accuracy'] })).measures.find(({ card }) => card === 'whole')!.value
    // scikit-learn 1.9.1, LogisticRegression() on (t / T, t) and on floors/penn.py coordinates
    expect(await accuracy(count)).toBeAllclose(0.8257946210268948, { atol: 1e-3 })
    expect(await accuracy(coordinates)).toBeAllclose(0.568, { atol: 3e-3 })
  })
})

test('every baseline makes finite embeddings of a clip in which no joint was located', async () => {
  const hidden = clipOf('hidden', 12, { place: () => [Number.NaN, Number.NaN] })
  for (const { make } of baselines) {
    const [one] = await embedClips(make({ action: 'pushup', seed: 0 }), [hidden])
    expect(one!.embedding.shape[0]).toBe(12)
  }
})
