import { expect, test } from 'vitest'
import { count, countShare } from '../../../src/eval/baselines/count.ts'
import { event } from '../../../src/eval/baselines/event.ts'
import { random } from '../../../src/eval/baselines/random.ts'
import { valueOf } from '../../../src/eval/measured.ts'
import { eventTransferError } from '../../../src/eval/metrics/event-transfer-error.ts'
import { clipOf } from '../clips.ts'

/** Heads that rise and fall at their own time and speed. */
const clips = Array.from({ length: 15 }, (_, index) => {
  const [frames, top, height] = [50 + 4 * index, 18 + 2 * index, 20 + index]
  return clipOf(`made/${index}`, frames,
    { place: (t, joint) => [joint * 10, joint === 0 ? 100 - height * Math.exp(-(((t - top) / (0.12 * frames)) ** 2)) : 120 + joint] })
})
const errorOf = async (encoder: Parameters<typeof eventTransferError>[0]) => valueOf((await eventTransferError(encoder, clips, { seed: 1 })).error)!

test('is near 0 for the rule that defines the events, and near a third for chance', async () => {
  expect(await errorOf(event('pullup'))).toBeLessThan(0.06)
  expect(await errorOf(random({ seed: 1 }))).toBeGreaterThan(0.25)
})

test('a frame counter is better than chance and far from the rule', async () => {
  const share = await errorOf(countShare)
  expect(share).toBeGreaterThan(0.1)
  expect(share).toBeLessThan(await errorOf(count))
})

test('is at most 1, and counts an event as correct below a fifth of the span', async () => {
  const { error, correct } = await eventTransferError(event('pullup'), clips, { seed: 1 })
  expect([error.n, correct.n]).toEqual([15 * 14, 15 * 14])
  expect(valueOf(correct)).toBeGreaterThan(0.95)
})

test('cannot be computed without events', async () => {
  const { error } = await eventTransferError(count, clips.map((clip) => ({ ...clip, labels: { ...clip.labels, action: 'bowl' } })), { seed: 1 })
  expect([valueOf(error), error.reason]).toEqual([null, 'no clip has events'])
})
