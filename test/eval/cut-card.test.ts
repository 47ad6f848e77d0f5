import { expect, test } from 'vitest'
import { cardView } from '../../src/eval/cut-card.ts'
import { remembering } from '../../src/eval/remembering.ts'
import { backwards, viewOf } from '../../src/eval/views.ts'
import type { Clip } from '../../src/clip.ts'
import { clipOf, encoderOf } from './clips.ts'

const xs = ({ keypoints }: Clip) => Array.from(keypoints!).filter((_, index) => index % 3 === 0)

test('the cut card shows half of a clip, at least 8 frames, the same half whenever it is asked', () => {
  const lengths = [100, 31, 12, 5].map((frames) => cardView(clipOf('a', frames), 'cut', 1).clip.frames)
  expect(lengths).toEqual([50, 16, 8, 5])
  expect(cardView(clipOf('a', 100), 'cut', 1).time).toEqual(cardView(clipOf('a', 100), 'cut', 1).time)
  expect(new Set(Array.from({ length: 20 }, (_, index) => cardView(clipOf(`${index}`, 100), 'cut', 1).start)).size).toBeGreaterThan(10)
})

test('a view stands in its own box, counted from 0, and remembers where its frames come from', () => {
  const moving = clipOf('a', 40, { place: (t, joint) => [100 + t, 50 + joint] })
  const { clip, time } = viewOf(moving, 10, 30)
  expect([clip.width, clip.height]).toEqual([19, 19])
  expect([Math.min(...xs(clip)), Math.max(...xs(clip))]).toBeAllclose([0, 19])
  expect([clip.time[0], time[0], time.at(-1)]).toEqual([0, 10, 29])
})

test('twice the speed shows every second moment, each in the middle of its share of the time', () => {
  expect([...viewOf(clipOf('a', 40), 0, 20, 2).time]).toBeAllclose([0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5, 16.5, 18.5])
})

test('backwards shows the last frame first', () => {
  const view = viewOf(clipOf('a', 20), 0, 10)
  const turned = backwards(view)
  expect([...turned.time]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(turned.clip.keypoints![2]).toBe(view.clip.keypoints![9 * 39 + 2])
  expect([...turned.clip.time]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('remembers what it embedded: the same joints are embedded once', async () => {
  const seen: number[] = []
  const counting = remembering(encoderOf('counting', (clip, t) => {
    if (t === 0) seen.push(clip.frames)
    return t
  }))
  const [a, b] = [clipOf('a', 9), clipOf('b', 10)]
  const first = await counting.embed([a, b])
  expect(await counting.embed([b, { ...a, id: 'view' }, b])).toEqual([first[1], first[0], first[1]])
  expect(seen).toEqual([9, 10])
})
