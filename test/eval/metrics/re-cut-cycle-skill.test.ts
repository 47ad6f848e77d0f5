import { expect, test } from 'vitest'
import { count } from '../../../src/eval/baselines/count.ts'
import { valueOf } from '../../../src/eval/measured.ts'
import { recut, recutCycleSkill } from '../../../src/eval/metrics/re-cut-cycle-skill.ts'
import { clipOf, encoderOf, oracle } from '../clips.ts'

const clips = Array.from({ length: 12 }, (_, index) => clipOf(`made/${index}`, 40 + 5 * index))

test('is near 1 for an encoder that knows the time, whatever the cut and the speed', async () => {
  expect(valueOf(await recutCycleSkill(oracle, clips, { seed: 1 }))).toBeGreaterThan(0.9)
})

test('is far below 0 for the frame counter, because every view is counted from 0', async () => {
  expect(valueOf(await recutCycleSkill(count, clips, { seed: 1 }))).toBeLessThan(-1.5)
})

test('shows an encoder arrays without a name, labels or original time', async () => {
  const seen = new Set<string>()
  const curious = encoderOf('curious', (clip, t) => {
    seen.add(JSON.stringify([clip.id, clip.group, clip.labels, clip.time[t] === t]))
    return t
  })
  await recutCycleSkill(curious, clips, { seed: 1 })
  expect([...seen]).toEqual(['["view","view",{"action":null,"officialSplit":null,"view":null,"subject":null,"scene":null,"camera":null,"phases":null,"sides":{},"segments":[]},true]'])
})

test('cuts the start (55-85 %) and the end (55-85 %), each at its own speed within a factor of 1.5', () => {
  const cuts = Array.from({ length: 200 }, (_, index) => recut(clipOf(`made/${index}`, 100), 3))
  const shares = cuts.flatMap(({ first, second }) => [first, second].map(({ start, end }) => end - start))
  const speeds = cuts.flatMap(({ first, second }) => [first, second].map(({ start, end, clip }) => (end - start) / clip.frames))
  expect([Math.min(...shares), Math.max(...shares)]).toBeAllclose([55, 85], { atol: 1 })
  expect([Math.min(...speeds), Math.max(...speeds)]).toBeAllclose([1 / 1.5, 1.5], { atol: 0.03 })
  expect(cuts.filter(({ first }) => first.start === 0).length / 200).toBeAllclose(0.5, { atol: 0.1 })
})

test('is drawn per clip: leaving a clip out does not change how the others are cut', () => {
  expect(recut(clips[3]!, 1)).toEqual(recut({ ...clips[3]!, group: 'other' }, 1))
  expect(recut(clips[3]!, 1).first.time).not.toEqual(recut(clips[3]!, 2).first.time)
})

test('cannot be computed from clips of one recording', async () => {
  const measured = await recutCycleSkill(oracle, clips.map((clip) => ({ ...clip, group: 'one' })), { seed: 1 })
  expect([valueOf(measured), measured.reason]).toEqual([null, 'no pair of clips can be compared'])
})
