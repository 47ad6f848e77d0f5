import { expect, test } from 'vitest'
import { byMissing, missingShare } from '../../experiments/table/by-missing.ts'
import { clipOf } from '../eval/clips.ts'

/** A clip of two frames with so many of its 26 joints not observed. */
const clipMissing = (id: string, missing: number) => ({ ...clipOf(id, 2), states: Uint8Array.from({ length: 26 }, (_, at) => (at < missing ? 1 + (at % 2) : 0)) })
const clips = [clipMissing('a', 13), clipMissing('b', 0), clipMissing('c', 26), clipMissing('d', 13), clipMissing('e', 2), clipMissing('f', 20)]

test('occluded and absent joints are missing', () => {
  expect(clips.map(missingShare)).toEqual([0.5, 0, 1, 0.5, 2 / 26, 20 / 26])
})

test('parts are of equal size, in order of what is missing, ties by id; each keeps the order of its clips', () => {
  const [all, ...parts] = byMissing(3)
  expect(all!.clips).toBeUndefined()
  expect(parts.map((part) => part.clips!(clips).map(({ id }) => id))).toEqual([['b', 'e'], ['a', 'd'], ['c', 'f']])
})
