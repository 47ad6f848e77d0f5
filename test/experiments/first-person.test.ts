import { expect, test } from 'vitest'
import { firstPerson } from '../../experiments/table/first-person.ts'
import { clipOf } from '../eval/clips.ts'

test('keeps the joints, states and raw numbers of the first person of every frame', () => {
  const both = {
    ...clipOf('a', 2), persons: 2, joints: 2, keypoints: Float32Array.from({ length: 24 }, (_, at) => at), states: Uint8Array.of(0, 1, 2, 2, 1, 0, 2, 2), raw: Float32Array.from({ length: 16 }, (_, at) => 100 + at),
  }
  const { persons, keypoints, states, raw } = firstPerson(both)
  expect(persons).toBe(1)
  expect([...keypoints!]).toEqual([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17])
  expect([...states!]).toEqual([0, 1, 1, 0])
  expect([...raw!]).toEqual([100, 101, 102, 103, 108, 109, 110, 111])
})

test('a clip of one person, and one of labels alone, stays as it is', () => {
  const labels = { ...clipOf('a', 2), persons: 0, joints: 0, keypoints: null, states: null, raw: null }
  expect([firstPerson(clipOf('a', 2)), firstPerson(labels)]).toEqual([clipOf('a', 2), labels])
})
