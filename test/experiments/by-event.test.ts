import { expect, test } from 'vitest'
import { byEvent } from '../../experiments/table/by-event.ts'
import { clipOf } from '../eval/clips.ts'

const clip = clipOf('a', 20)
const phases = [['start', 0, 4], ['released', 4, 9], ['back', 9, 15], ['touched', 15, 20]].map(([label, start, end]) => ({ label, start, end })) as { label: string; start: number; end: number }[]
const shown = { ...clip, labels: { ...clip.labels, phases } }

test('other events are as if never annotated: their phases belong to the phase before', () => {
  const [all, ball, swing] = byEvent({ ball: ['released', 'touched'], swing: ['back'] })
  expect([all!.label, all!.clips, ball!.label, swing!.label]).toEqual(['all events', undefined, 'ball', 'swing'])
  const spans = (of: typeof ball) => of!.clips!([shown])[0]!.labels.phases!.map(({ label, start, end }) => [label, start, end])
  expect(spans(ball)).toEqual([['start', 0, 4], ['released', 4, 15], ['touched', 15, 20]])
  expect(spans(swing)).toEqual([['start', 0, 9], ['back', 9, 20]])
})

test('a clip without annotated phases stays as it is', () => {
  const bare = { ...clip, labels: { ...clip.labels, phases: null } }
  expect(byEvent({ ball: ['released'] })[1]!.clips!([bare])).toEqual([bare])
})
