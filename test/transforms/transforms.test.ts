import { describe, expect, test } from 'vitest'
import { type Affine, identity } from '../../src/affine.ts'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import {
  chain, crop, cut, dropJoints, flip, jitter, mirrored, resample, rotate, rotated, scale, scaled, speed, tempo, translate, type Transform,
} from '../../src/transforms/index.ts'
import { absent, exampleClip, exampleClips, skeleton } from './examples.ts'

const all: Record<string, Transform> = {
  flip: flip({ skeleton, probability: 1 }), rotate: rotate(), scale: scale(), translate: translate(), jitter: jitter({ probability: 1 }),
  dropJoints: dropJoints({ share: 0.5, probability: 1 }), crop: crop(), cut: cut(), speed: speed(), tempo: tempo(), resample: resample({ frames: 8 }),
  chain: chain({ cut: cut(), speed: speed(), crop: crop(), rotate: rotate() }),
}
const drawnAt = (clip: Clip) => randomAt({ seed: 9, clip: clip.id })

describe.each(Object.entries(all))('%s', (_, transform) => {
  test('leaves its input as it was', () => {
    for (const clip of exampleClips) {
      const before = structuredClone(clip)
      transform(clip, drawnAt(clip))
      expect(clip).toEqual(before)
    }
  })

  test('draws the same twice', () => {
    for (const clip of exampleClips) expect(transform(clip, drawnAt(clip))).toEqual(transform(clip, drawnAt(clip)))
  })

  test('gives arrays that fit its frames, persons and joints', () => {
    for (const clip of exampleClips) {
      const { frames, keypoints, states, time, boxes, signals, persons, joints, dims } = transform(clip, drawnAt(clip))
      expect([keypoints!.length, states!.length, time.length, boxes!.length, signals!.values.length])
        .toEqual([frames * persons * joints * (dims + 1), frames * persons * joints, frames, frames * 4, frames])
    }
  })

  test('has absent joints NaN, with confidence 0 and the state absent, and no others', () => {
    for (const clip of exampleClips) {
      const made = transform(clip, drawnAt(clip))
      const gone = absent(made)
      expect(gone).toEqual(Array.from(made.states!, (state) => state === 2))
      gone.forEach((isGone, point) => expect(made.keypoints![point * (made.dims + 1) + made.dims] === 0).toBe(isGone))
    }
  })
})

test.each(['rotate', 'scale', 'translate', 'jitter', 'crop'] as const)('%s keeps what is absent absent', (name) => {
  for (const clip of exampleClips) expect(absent(all[name]!(clip, drawnAt(clip)))).toEqual(absent(clip))
})

test.each<[string, Transform]>([
  ['flip with probability 0', flip({ skeleton, probability: 0 })],
  ['rotate by 0 degrees', rotate({ degrees: 0 })],
  ['scale by 1', scale({ low: 1, high: 1 })],
  ['translate by 0', translate({ share: 0 })],
  ['jitter by 0', jitter({ share: 0, probability: 1 })],
  ['drop no joint', dropJoints({ share: 0, probability: 1 })],
  ['cut nothing', cut({ share: 0 })],
  ['speed up by nothing', speed({ share: 0 })],
  ['a tempo of 1', tempo({ factor: 1 })],
  ['resample to more frames than there are', resample({ frames: 1000 })],
  ['a chain of nothing', chain({})],
])('%s is the identity', (_, transform) => {
  for (const clip of exampleClips) {
    const { placement = identity, ...made } = transform(clip, drawnAt(clip))
    expect(made).toEqual(clip)
    expect(Object.entries(identity).map(([key, value]) => placement[key as keyof Affine] - value)).toBeAllclose([0, 0, 0, 0, 0, 0], { atol: 1e-12, rtol: 0 })
  }
})

test('mirroring twice is the identity', () => {
  for (const clip of exampleClips) {
    const twice = mirrored(mirrored(clip, skeleton), skeleton)
    expect(twice.keypoints).toBeAllclose(clip.keypoints, { atol: 5e-5, rtol: 0 })
    expect(twice.boxes).toBeAllclose(clip.boxes, { atol: 5e-5, rtol: 0 })
    expect(twice.states).toEqual(clip.states)
  }
})

test('turning there and back is the identity on joints, and so is growing and shrinking', () => {
  for (const clip of exampleClips) {
    expect(rotated(rotated(clip, 37), -37).keypoints).toBeAllclose(clip.keypoints, { atol: 2e-4, rtol: 0 })
    expect(scaled(scaled(clip, 1.2), 1 / 1.2).keypoints).toBeAllclose(clip.keypoints, { atol: 2e-4, rtol: 0 })
  }
})

test('a link of a chain draws the same whatever comes after it', () => {
  const clip = exampleClip({ frames: 40 })
  const short = chain({ cut: cut(), speed: speed() })(clip, drawnAt(clip))
  const long = chain({ cut: cut(), speed: speed(), rotate: rotate() })(clip, drawnAt(clip))
  expect(long.time).toEqual(short.time)
  expect(short.time).toEqual(speed()(cut()(clip, drawnAt(clip).fork('cut').fork(0)), drawnAt(clip).fork('speed').fork(1)).time)
})

test.each<[() => Transform, string]>([
  [() => flip({ skeleton, probability: 1.5 }), 'probability = 1.5 is not between 0 and 1'],
  [() => rotate({ degrees: -1 }), 'degrees = -1 is not between 0 and 180'],
  [() => scale({ low: 2, high: 1 }), 'low = 2 is not between 0 and 1'],
  [() => cut({ share: 0.5 }), 'share = 0.5 is not between 0 and 0.499'],
  [() => speed({ share: 1 }), 'share = 1 is not between 0 and 0.999'],
  [() => crop({ padding: Number.NaN }), 'padding = NaN is not between 0 and 10'],
])('refuses options out of range: %s', (make, message) => {
  expect(make).toThrow(message)
})
