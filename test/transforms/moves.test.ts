import { describe, expect, test } from 'vitest'
import { readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { randomAt } from '../../src/random.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { chainOf, type Step, withoutPoints } from '../../src/transforms/index.ts'
import { correlatedNoise, movingAverage } from '../../src/transforms/noise-angle.ts'
import { absent, exampleClip, jointAt, skeleton } from './examples.ts'

const seeds = Array.from({ length: 200 }, (_, seed) => seed)
const made = (step: Step, clip: Clip, { seed = 1, of = skeleton }: { seed?: number; of?: Skeleton } = {}) => chainOf([step], { skeleton: of, frames: 64 })(clip, randomAt({ seed }))

/** `frames` frames of 100 x 60 px, the five joints in the same places in all of them. */
function still(frames = 1): Clip {
  const joints = [50, 5, 1, 30, 20, 1, 70, 25, 0.5, 40, 55, 1, 60, 55, 1]
  return {
    ...exampleClip({ frames }), width: 100, height: 60, keypoints: Float32Array.from({ length: frames * 15 }, (_, i) => joints[i % 15]!),
    states: Uint8Array.from({ length: frames * 5 }, (_, i) => [0, 0, 1, 0, 0][i % 5]!),
  }
}
/** A joint of the first frame on its way from the centre (50, 30). */
const fromCentre = (clip: Clip, joint: number, frame = 0) => [jointAt(clip, frame, joint)[0]! - 50, jointAt(clip, frame, joint)[1]! - 30] as const

describe('resized-crop', () => {
  const square: Clip = { ...still(), width: 64, height: 64 }
  test('takes .56 to 1 of the area, of a shape between 3:4 and 4:3, within the frame', () => {
    const parts = seeds.map((seed) => ({ part: made({ name: 'resized-crop' }, square, { seed }), seed }))
    for (const { part } of parts) {
      const [area, shape] = [(part.width * part.height) / 4096, part.width / part.height]
      const [x, y] = [50 - jointAt(part, 0, 0)[0]!, 5 - jointAt(part, 0, 0)[1]!]
      expect([area >= 0.56 - 1e-9, area <= 1, shape >= 0.75 - 1e-9, shape <= 4 / 3 + 1e-9]).toEqual([true, true, true, true])
      expect([x >= -1e-4, y >= -1e-4, x + part.width <= 64 + 1e-4, y + part.height <= 64 + 1e-4]).toEqual([true, true, true, true])
    }
    expect(new Set(parts.map(({ part }) => part.width)).size).toBeGreaterThan(150)
  })
  test('takes the largest square in the middle when no part fits', () => {
    const { width, height, keypoints } = made({ name: 'resized-crop', low: 0.999, high: 1, ratio: 1 }, still())
    expect([width, height, keypoints![0], keypoints![1]]).toEqual([60, 60, 30, 5])
  })
})

describe('random-rot', () => {
  test('turns a flat clip about its centre by one angle of at most .3', () => {
    for (const seed of seeds) {
      const turned = made({ name: 'random-rot' }, still(), { seed })
      const angles = [0, 1, 3].map((joint) => {
        const [[x, y], [u, v]] = [fromCentre(still(), joint), fromCentre(turned, joint)]
        return Math.atan2(x * v - y * u, x * u + y * v)
      })
      expect(Math.abs(angles[0]!) <= 0.3 + 1e-6).toBe(true)
      expect(angles).toBeAllclose([angles[0]!, angles[0]!, angles[0]!], { atol: 1e-5 })
    }
  })
  test('turns a clip in space: distances to the origin stay, and z changes', () => {
    const clip = exampleClip({ dims: 3 })
    const turned = made({ name: 'random-rot' }, clip)
    const radii = ({ keypoints }: Clip) => Array.from({ length: keypoints!.length / 4 }, (_, at) => Math.hypot(...keypoints!.slice(at * 4, at * 4 + 3)))
    expect(radii(turned)).toBeAllclose(radii(clip), { rtol: 1e-5, atol: 1e-5 })
    expect([turned.boxes, Number.isNaN(turned.placement!.xx), turned.keypoints![2] === clip.keypoints![2]]).toEqual([null, true, false])
  })
  test('the product of the turns about x, y and z of CTR-GCN', () => {
    // three small angles a, b, c turn (1, 0, 0) to about (1, -c, b), and (0, 1, 0) to about (c, 1, -a)
    const clip = { ...exampleClip({ frames: 1, dims: 3 }), keypoints: new Float32Array([1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]) }
    const k = made({ name: 'random-rot', radians: 0.001 }, clip).keypoints!
    expect([k[1]! + k[4]!, k[2]! + k[8]!, k[6]! + k[9]!]).toBeAllclose([0, 0, 0], { atol: 3e-6 })
    expect(Math.abs(k[4]!) > 1e-5).toBe(true)
  })
})

test('shear adds up to half of the other coordinate, the same for all joints', () => {
  const ranges = seeds.map((seed) => {
    const clip = made({ name: 'shear', probability: 1 }, still(), { seed })
    const [x, y] = fromCentre(still(), 1)
    const [share, other] = [(fromCentre(clip, 1)[0] - x) / y, (fromCentre(clip, 1)[1] - y) / x]
    const [u, v] = fromCentre(still(), 3)
    expect(fromCentre(clip, 3)).toBeAllclose([u + share * v, v + other * u], { atol: 1e-3 })
    return Math.max(Math.abs(share), Math.abs(other))
  })
  expect([Math.max(...ranges) <= 0.5 + 1e-5, Math.max(...ranges) > 0.45]).toEqual([true, true])
})

test('random-scale has a factor of its own for each axis, about the centre', () => {
  const factors = seeds.map((seed) => {
    const clip = made({ name: 'random-scale' }, still(), { seed })
    const [[x, y], [u, v]] = [fromCentre(still(), 1), fromCentre(clip, 1)]
    return [u / x, v / y] as const
  })
  expect(factors.flat().every((factor) => factor > 0.8 - 1e-5 && factor < 1.2 + 1e-5)).toBe(true)
  expect(factors.filter(([x, y]) => Math.abs(x - y) > 0.01).length).toBeGreaterThan(150)
})

describe('persons', () => {
  const two = exampleClip({ persons: 2 })
  const person = (clip: Clip, which: number) => Array.from({ length: clip.frames }, (_, t) => Array.from(clip.keypoints!.subarray((2 * t + which) * 15, (2 * t + which + 1) * 15)))
  test('two change places whenever they are swapped: by default in half of the cases', () => {
    for (const seed of seeds) {
      const swapped = made({ name: 'person-swap', probability: 1 }, two, { seed })
      expect([person(swapped, 0), person(swapped, 1)]).toEqual([person(two, 1), person(two, 0)])
    }
    const swapped = seeds.filter((seed) => JSON.stringify(person(made({ name: 'person-swap' }, two, { seed }), 0)) === JSON.stringify(person(two, 1)))
    // five standard deviations of 200 fair draws
    expect(Math.abs(swapped.length - 100)).toBeLessThan(5 * Math.sqrt(50))
  })
  test('three come into each of the five other orders as often', () => {
    const three = exampleClip({ persons: 3, frames: 1 })
    const places = (clip: Clip) => [0, 1, 2].map((which) => JSON.stringify(Array.from(clip.keypoints!.subarray(which * 15, (which + 1) * 15))))
    const before = places(three)
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 1000; seed++) {
      const order = places(made({ name: 'person-swap', probability: 1 }, three, { seed })).map((one) => before.indexOf(one)).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['021', '102', '120', '201', '210'])
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(1000 * 0.2 * 0.8))
  })
  test('one of two is dropped, each at times', () => {
    const kept = new Set(seeds.slice(0, 20).map((seed) => {
      const clip = made({ name: 'person-drop', probability: 1 }, two, { seed })
      const isThere = [0, 1].map((which) => JSON.stringify(person(clip, which)) === JSON.stringify(person(two, which)))
      return isThere.join(' ')
    }))
    expect([...kept].sort()).toEqual(['false true', 'true false'])
  })
  test('the only one who is ever located is not dropped', () => {
    const nobody = Array.from({ length: 5 }, (_, joint) => ({ point: 5 + joint, start: 0, end: two.frames }))
    const alone = withoutPoints(two, nobody)
    for (const seed of seeds.slice(0, 20)) expect(made({ name: 'person-drop', probability: 1 }, alone, { seed })).toEqual(alone)
  })
})

test('random-move goes on a line from the first frame to the last: size, angle and shift', () => {
  for (const seed of seeds.slice(0, 40)) {
    const clip = made({ name: 'random-move' }, still(5), { seed })
    const limb = (frame: number) => [jointAt(clip, frame, 3)[0]! - jointAt(clip, frame, 1)[0]!, jointAt(clip, frame, 3)[1]! - jointAt(clip, frame, 1)[1]!] as const
    const sizes = [0, 1, 2, 3, 4].map((frame) => Math.hypot(...limb(frame)) / Math.hypot(10, 35))
    const angles = [0, 1, 2, 3, 4].map((frame) => (Math.atan2(limb(frame)[1], limb(frame)[0]) - Math.atan2(35, 10)) * (180 / Math.PI))
    for (const [values, choices] of [[sizes, [0.9, 1, 1.1]], [angles, [-10, -5, 0, 5, 10]]] as const) {
      expect(Math.min(...choices.map((choice) => Math.abs(choice - values[0]!)))).toBeLessThan(1e-4)
      expect(Math.min(...choices.map((choice) => Math.abs(choice - values[4]!)))).toBeLessThan(1e-4)
      expect(values).toBeAllclose([0, 1, 2, 3, 4].map((t) => values[0]! + (t / 4) * (values[4]! - values[0]!)), { atol: 1e-4 })
    }
    expect(Number.isNaN(clip.placement!.dx)).toBe(true)
  }
})

describe('masks', () => {
  test('joint-mask takes 3 of 5 joints in all frames, every one at times', () => {
    const seen = new Set<number>()
    for (const seed of seeds) {
      const gone = absent(made({ name: 'joint-mask', probability: 1 }, still(4), { seed }))
      const joints = [0, 1, 2, 3, 4].filter((joint) => gone[joint])
      expect([joints.length, gone.filter(Boolean).length]).toEqual([3, 12])
      joints.forEach((joint) => seen.add(joint))
    }
    expect(seen.size).toBe(5)
  })
  test('or in half of the frames', () => {
    expect(absent(made({ name: 'joint-mask', share: 0.2, frames: 0.5, probability: 1 }, still(8))).filter(Boolean).length).toBe(4)
  })
  test('axis-mask gives one coordinate its mean: x 50 or y 32', () => {
    const seen = new Set(seeds.slice(0, 20).map((seed) => Array.from(made({ name: 'axis-mask', probability: 1 }, still(), { seed }).keypoints!).join(' ')))
    expect([...seen].sort()).toEqual(['50 32 1 30 32 1 70 32 0.5 40 32 1 60 32 1', '50 5 1 50 20 1 50 25 0.5 50 55 1 50 55 1'])
  })
})

describe('blur', () => {
  test('spreads a step over time by the weights of a Gaussian', () => {
    const clip = still(5)
    for (let frame = 3; frame < 5; frame++) clip.keypoints![frame * 15] = 60
    const [a, b] = [Math.exp(-0.5), Math.exp(-2)]
    const out = made({ name: 'blur', low: 1, high: 1, radius: 2, probability: 1 }, clip)
    expect(jointAt(out, 2, 0)[0]).toBeAllclose(50 + (10 * (a + b)) / (1 + 2 * a + 2 * b), { rtol: 1e-6 })
    expect(jointAt(out, 0, 0)[0]).toBeAllclose(50, { rtol: 1e-6 })
  })
  test('an absent joint takes no part', () => {
    const clip = still(3)
    clip.keypoints!.set([NaN, NaN, 0], 15)
    const out = made({ name: 'blur', low: 1, high: 1, probability: 1 }, clip)
    expect([jointAt(out, 0, 0), jointAt(out, 1, 0)]).toBeAllclose([[50, 5, 1], [NaN, NaN, 0]])
  })
})

describe('centre', () => {
  // five joints have no spine and no hips: the head, where their first limb begins
  const walking = (frames: number) => {
    const clip = still(frames)
    clip.keypoints!.set([30, 20, 1], 0)
    clip.keypoints!.set([31, 22, 1], 15)
    return clip
  }
  test('brings the first frame\'s root to the centre, by one shift that pictures follow', () => {
    const { keypoints, placement } = made({ name: 'centre' }, walking(2))
    expect([keypoints![0], keypoints![1], keypoints![15], keypoints![16]]).toEqual([50, 30, 51, 32])
    expect(placement).toEqual({ xx: 1, xy: 0, yx: 0, yy: 1, dx: 20, dy: 10 })
  })
  test('or that of every frame', () => {
    const { keypoints } = made({ name: 'centre', at: 'each' }, walking(2))
    expect([keypoints![0], keypoints![1], keypoints![15], keypoints![16]]).toEqual([50, 30, 50, 30])
  })
  test('where it is absent, the nearest frame\'s place counts', () => {
    const clip = walking(3)
    clip.keypoints!.set([NaN, NaN, 0], 0)
    // the left hand, at (30, 20), by 50 - 31 and 30 - 22
    expect(jointAt(made({ name: 'centre' }, clip), 0, 1)).toEqual([49, 28, 1])
  })
  test('in space at the origin', () => {
    const clip = exampleClip({ dims: 3, seed: 3 })
    const { keypoints } = made({ name: 'centre' }, clip)
    const at = keypoints!.findIndex((value, i) => i % 20 === 0 && !Number.isNaN(value))
    expect(Array.from(keypoints!.slice(at, at + 3))).toBeAllclose([0, 0, 0], { atol: 1e-4 })
  })
  test.each<[string, Step]>([['centre', { name: 'centre' }], ['subtract', { name: 'subtract', probability: 1 }]])('%s goes by the second person where the first is never located', (_, step) => {
    const one = still(2)
    const nobody = Array.from({ length: 15 }, (_, i) => (i % 3 === 2 ? 0 : NaN))
    const rows = [0, 1].flatMap((frame) => [...nobody, ...one.keypoints!.slice(frame * 15, (frame + 1) * 15)])
    const two: Clip = { ...one, persons: 2, keypoints: new Float32Array(rows), states: new Uint8Array(20) }
    const { keypoints } = made(step, two)
    const inCentre = [0, 1, 2, 3, 4].filter((at) => keypoints![15 + at * 3] === 50 && keypoints![16 + at * 3] === 30)
    expect(inCentre.length).toBe(1)
  })
  test('subtract keeps one joint still, any of them', () => {
    const seen = new Set<number>()
    for (const seed of seeds.slice(0, 60)) {
      const clip = made({ name: 'subtract', probability: 1 }, still(3), { seed })
      seen.add([0, 1, 2, 3, 4].find((joint) => [0, 1, 2].every((frame) => jointAt(clip, frame, joint)[0] === 50 && jointAt(clip, frame, joint)[1] === 30))!)
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4])
  })
})

describe('CASA', async () => {
  const penn = (await readCatalog()).entries.find(({ name }) => name === 'penn-action')!.skeleton
  /** Two frames of 13 joints: shoulders 40 px above the hips, then 20 px, further to the right. */
  const walker: Clip = { ...exampleClip({ frames: 2 }), joints: 13, skeleton: 'penn-13', states: new Uint8Array(26), keypoints: Float32Array.from([0, 1].flatMap(frameOf)), boxes: null }

  function frameOf(frame: number): number[] {
    const [scale, right] = [frame === 0 ? 40 : 20, frame === 0 ? 100 : 150]
    const places: Readonly<Record<string, readonly [number, number]>> = {
      head: [0, -0.5], right_shoulder: [-0.4, 0], left_shoulder: [0.4, 0], right_elbow: [-0.5, 0.5], left_elbow: [0.5, 0.5], right_wrist: [-0.6, 1], left_wrist: [0.6, 1],
      right_hip: [-0.3, 1], left_hip: [0.3, 1], right_knee: [-0.3, 2], left_knee: [0.3, 2], right_ankle: [-0.3, 3], left_ankle: [0.3, 3],
    }
    return penn.joints.flatMap((joint) => [right + scale * places[joint]![0], 80 + scale * places[joint]![1], 1])
  }

  test('normalised, every frame has its neck in the centre of 600 px and a spine of 100 px', () => {
    const clip = made({ name: 'casa-normalise' }, walker, { of: penn })
    expect([clip.width, clip.height]).toEqual([600, 600])
    expect(clip.keypoints!.slice(0, 39)).toBeAllclose(clip.keypoints!.slice(39), { atol: 1e-3 })
    expect([jointAt(clip, 0, 0), jointAt(clip, 0, 1), jointAt(clip, 0, 11)]).toBeAllclose([[300, 250, 1], [260, 300, 1], [270, 600, 1]], { atol: 1e-3 })
  })
  describe('in space', async () => {
    const coco = (await readCatalog()).entries.find(({ name }) => name === 'ikea-asm')!.skeleton
    const hands = (await readCatalog()).entries.find(({ name }) => name === 'h2o')!.skeleton
    /** One frame: joints by name at metres, all others at 1, 2, 3. */
    const at = (skeleton: typeof coco, places: Readonly<Record<string, readonly [number, number, number]>>): Clip => ({
      ...exampleClip({ frames: 1, dims: 3 }), joints: skeleton.joints.length, skeleton: skeleton.name, unit: 'm', states: null,
      keypoints: Float32Array.from(skeleton.joints.flatMap((joint) => [...(places[joint] ?? [1, 2, 3]), 1])) })
    const placeOf = (clip: Clip, skeleton: typeof coco, joint: string) => jointAt(clip, 0, skeleton.joints.indexOf(joint)).slice(0, 3).map((value, axis) => value - (axis === 2 ? 0 : 300))

    test('turned, its left shoulder is the origin, the way from the right one to it lies along x, its hip below along z, 1 = the spine', () => {
      // shoulders -y: a quarter turn about z, (x, y) -> (-y, x); then the hip lies along y: a quarter turn about x, (y, z) -> (-z, y); a spine of 3 is 100
      const clip = made({ name: 'casa-normalise', turn: true }, at(coco, { left_shoulder: [1, 2, 3], right_shoulder: [1, 4, 3], left_hip: [4, 2, 3], nose: [2, 4, 8] }), { of: coco })
      expect(['left_shoulder', 'right_shoulder', 'left_hip', 'nose'].map((joint) => placeOf(clip, coco, joint))).toBeAllclose(
        [[0, 0, 0], [-66.667, 0, 0], [0, 0, 100], [-66.667, -166.667, 33.333]], { atol: 2e-3 })
    })
    test('hands are turned about the left wrist: middle finger and wrist along x, thumb along z', () => {
      // already so: 0.1 m is 100
      const clip = made({ name: 'casa-normalise', turn: true }, at(hands, { left_wrist: [0, 0, 0.5], left_thumb_1: [0, 0, 0.6], left_middle_1: [-0.2, 0, 0.5], right_wrist: [0.3, 0.1, 0.4] }), { of: hands })
      expect(['left_wrist', 'left_thumb_1', 'left_middle_1', 'right_wrist'].map((joint) => placeOf(clip, hands, joint))).toBeAllclose([[0, 0, 0], [0, 0, 100], [-200, 0, 0], [300, 100, -100]], { atol: 2e-3 })
    })
    test('unless told, nothing is turned', () => {
      const clip = made({ name: 'casa-normalise' }, at(coco, { left_shoulder: [-1, 0, 0], right_shoulder: [1, 0, 0], left_hip: [-1, 2, 0], right_hip: [1, 2, 0], nose: [0, 0, 4] }), { of: coco })
      expect(placeOf(clip, coco, 'nose')).toBeAllclose([0, 0, 200], { atol: 1e-3 })
    })
  })
  test('normalising twice is normalising once', () => {
    const once = made({ name: 'casa-normalise' }, walker, { of: penn })
    expect(made({ name: 'casa-normalise' }, once, { of: penn }).keypoints).toBeAllclose(once.keypoints!, { atol: 1e-3 })
  })
  test('noise-translation has a tenth of each frame\'s spine as its deviation', () => {
    const squares = [0, 0]
    for (const seed of seeds) {
      const noisy = made({ name: 'noise-translation', probability: 1 }, walker, { seed, of: penn })
      noisy.keypoints!.forEach((value, at) => { squares[Math.floor(at / 39)]! += (value - walker.keypoints![at]!) ** 2 })
    }
    expect(squares.map((sum) => Math.sqrt(sum / (200 * 26)))).toBeAllclose([4, 2], { rtol: 0.04 })
  })
  test('noise-angle keeps every limb of the tree as long as it is, and the root where it is', () => {
    const clip = { ...walker, boxes: null }
    const bent = made({ name: 'noise-angle', variance: 1000, probability: 1 }, clip, { of: penn })
    const length = (of: Clip, frame: number, a: string, b: string) => {
      const [p, q] = [a, b].map((name) => jointAt(of, frame, penn.joints.indexOf(name)))
      return Math.hypot(p![0]! - q![0]!, p![1]! - q![1]!)
    }
    for (const [a, b] of [['left_hip', 'right_hip'], ['left_hip', 'left_knee'], ['left_knee', 'left_ankle'], ['left_shoulder', 'left_elbow'], ['right_elbow', 'right_wrist']] as const) {
      for (const frame of [0, 1]) expect(length(bent, frame, a, b)).toBeAllclose(length(clip, frame, a, b), { rtol: 1e-4 })
    }
    expect(jointAt(bent, 0, penn.joints.indexOf('left_hip'))).toEqual(jointAt(clip, 0, penn.joints.indexOf('left_hip')))
    expect(jointAt(bent, 0, 0)).not.toEqual(jointAt(clip, 0, 0))
  })
  test('noise-angle bends over an absent joint', () => {
    const clip = { ...walker, keypoints: walker.keypoints!.slice() }
    clip.keypoints.set([NaN, NaN, 0], penn.joints.indexOf('left_knee') * 3)
    const bent = made({ name: 'noise-angle', variance: 1000, probability: 1 }, clip, { of: penn })
    expect(absent(bent)).toEqual(absent(clip))
    expect(Number.isFinite(jointAt(bent, 0, penn.joints.indexOf('left_ankle'))[0]!)).toBe(true)
  })
  test('noise_vposer is refused with the reason', () => {
    expect(() => chainOf([{ name: 'noise_vposer' } as unknown as Step], { skeleton, frames: 64 })).toThrow(/^noise_vposer moves the 32 latent numbers of VPoser.*clips of joints have none$/)
  })
})

describe('correlated noise', () => {
  test('has variance 10 and covariance 10 (T - |i - j| / 2) / T', () => {
    const [T, draws] = [8, 40000]
    const sums = Array.from({ length: T }, () => 0)
    for (let seed = 0; seed < draws; seed++) {
      const noise = correlatedNoise(T, 10, randomAt({ seed }))
      noise.forEach((value, i) => { sums[i]! += value * noise[0]! })
    }
    expect(sums.map((sum) => sum / draws)).toBeAllclose(Array.from({ length: T }, (_, i) => (10 * (T - i / 2)) / T), { rtol: 0.03 })
  })
  test('the moving average is numpy\'s convolve(x, ones(4), "same") / 4', () => {
    // np.convolve(np.arange(1., 7.), np.ones(4), 'same') / 4
    expect(Array.from(movingAverage(Float64Array.from([1, 2, 3, 4, 5, 6]), 4))).toEqual([0.75, 1.5, 2.5, 3.5, 4.5, 3.75])
    // np.convolve(np.arange(1., 7.), np.ones(3), 'same') / 3
    expect(Array.from(movingAverage(Float64Array.from([1, 2, 3, 4, 5, 6]), 3))).toBeAllclose([1, 2, 3, 4, 5, 11 / 3])
  })
})
