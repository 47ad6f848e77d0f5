import { expect, test } from 'vitest'
import { validationPart } from '../../src/jobs/validation-part.ts'

const rows = (length: number, action: string) => Array.from({ length }, (_, i) => ({ id: `${action}/${i}`, group: `${action}/${i}`, action }))
const [pullups, squats] = [rows(20, 'pullup'), rows(5, 'squat')]

test('takes the share of each action with enough recordings, at least two', () => {
  const { train, validation } = validationPart([...pullups, ...squats], 0.2)
  expect([train.length, validation.length, validation.every(({ action }) => action === 'pullup')]).toEqual([21, 4, true])
  expect(validationPart(pullups.slice(0, 6), 0.01).validation).toHaveLength(2)
  expect(validationPart(pullups, 0).validation).toEqual([])
})

test('is the same whatever the order of clips', () => {
  const ids = (clips: typeof pullups) => validationPart(clips, 0.2).validation.map(({ id }) => id).sort()
  expect(ids(pullups.toReversed())).toEqual(ids(pullups))
})

test('never divides a recording', () => {
  const views = pullups.flatMap((clip) => [clip, { ...clip, id: `${clip.id}-b` }])
  const { train, validation } = validationPart(views, 0.25)
  expect(validation).toHaveLength(10)
  expect(train.some(({ group }) => validation.some((kept) => kept.group === group))).toBe(false)
})
