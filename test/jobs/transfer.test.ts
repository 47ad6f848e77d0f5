import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { voteLabels } from '../../src/eval/alignment/vote-labels.ts'
import { transferJob } from '../../src/jobs/transfer.ts'
import { selectFrames } from '../../src/transforms/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { storeOf, swinging } from './penn-store.ts'

const named = (clip: Clip, number: number): Clip => ({ ...clip, raw: null, id: `penn-action/000${number}`, group: `penn-action/000${number}` })
const [up, down] = [{ start: 0, end: 5, label: 'up' }, { start: 5, end: 12, label: 'down' }]
const whole = swinging(1, { frames: 12 })
const grip = { track: 'hand', start: 2, end: 4, label: 'grip', number: null }
const reference = named({ ...whole, labels: { ...whole.labels, phases: [up, down], segments: [grip] } }, 2)
/** Each frame of the reference once, but its third and seventh twice. */
const clip = named({ ...selectFrames(whole, [0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11]), labels: whole.labels }, 1)
const other = named({ ...swinging(7, { frames: 12 }), labels: { ...whole.labels, phases: [{ start: 0, end: 12, label: 'still' }] } }, 3)
const places = () => storeOf([clip, reference, other])
const asked = { encoder: 'baseline/coordinates', clip: clip.id, references: [reference.id], most: 40, nearest: 1, method: 'nearest', temperature: 0.1 } as const

test('most confidence decides, the earlier proposal on ties', () => {
  const { labels, confidences } = voteLabels([
    { labels: ['a', 'a', 'a'], confidences: [0.5, 0.9, 0.4] }, { labels: ['b', 'b', null], confidences: [0.5, 0.4, 0.1] }, { labels: ['b', 'b', 'b'], confidences: [0.25, 0.4, 0.1] }])
  expect(labels).toEqual(['b', 'a', 'a'])
  expect(confidences).toBeAllclose([0.25, 0.3, 0.4 / 3])
})

test('phases come over with the frames beside them', async () => {
  const { tracks } = await transferJob({ ...await places(), ...asked, what: 'phases' })
  expect(tracks).toMatchObject([{ track: 'phase', segments: [{ start: 0, end: 6, label: 'up' }, { start: 6, end: 14, label: 'down' }] }])
})

test('segments come over by track, with nothing where there is none, into a file too', async () => {
  const output = join(await temporaryFolder(), 'labels.csv')
  const { tracks } = await transferJob({ ...await places(), ...asked, what: 'segments', output })
  expect(tracks[0]!.segments.map(({ start, end, label }) => [start, end, label])).toEqual([[0, 2, null], [2, 5, 'grip'], [5, 14, null]])
  expect((await readFile(output, 'utf8')).split('\n')[2]).toMatch(/^penn-action\/0001,hand,2,5,grip,/)
})

test('events come over one by one', async () => {
  const { events } = await transferJob({ ...await places(), ...asked, what: 'events' })
  expect(events).toMatchObject([{ event: 0, frame: 6, low: 6, high: 6 }])
})

test('references with another number of events than the nearest one neither vote nor are named', async () => {
  const thrice = named({ ...other, labels: { ...whole.labels, phases: [up, { ...down, end: 9 }, { start: 9, end: 12, label: 'rest' }] } }, 4)
  const { events, references } = await transferJob({ ...await storeOf([clip, reference, thrice]), ...asked, references: [thrice.id, reference.id], nearest: 2, what: 'events' })
  expect([references.map(({ id }) => id), events.length]).toEqual([[reference.id], 1])
})

test('of the clips on the train side the nearest one votes, and labels of its own are held against it', async () => {
  const { references, tracks } = await transferJob({ ...await storeOf([reference, other, clip]), ...asked, clip: other.id, references: [], nearest: 1, what: 'phases' })
  expect(references.map(({ id }) => id)).toEqual([reference.id])
  expect(tracks[0]!.agreement).toBe(0)
})

test('references without labels are refused with the way out', async () => {
  await expect(transferJob({ ...await places(), ...asked, references: [other.id], what: 'segments' })).rejects.toMatchObject({ code: 'E_NO_LABELS', message: 'none of 1 references has segments: penn-action/0003 first' })
})
