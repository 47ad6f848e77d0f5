/** Copies of clips such as experiments/leaks.ts hides on another side: what was done to each. Clips of one person in two dimensions. */
import type { Clip } from '../src/clip.ts'
import { type Random, randomAt } from '../src/random.ts'
import { mirrorOrder, type Skeleton } from '../src/skeleton.ts'
import { resampleAt } from '../src/transforms/resample.ts'

type Change = (clip: Clip, skeleton: Skeleton) => Clip
export type LeakPlant = { readonly name: string; readonly change: Change }

export const leakPlants: readonly LeakPlant[] = [
  { name: 'as it is', change: (clip) => clip },
  { name: 'elsewhere, 1.7 times as large', change: (clip) => move(clip, (x, y) => [1.7 * x - 40, 1.7 * y + 25]) },
  { name: 'under a camera that pans and zooms', change: (clip) => move(clip, (x, y, frame) => [(1 + frame / 100) * x + 2 * frame, (1 + frame / 100) * y]) },
  { name: 'in the mirror', change: mirror },
  { name: 'at half the speed', change: atSpeed(0.5) },
  { name: 'at 1.4 times the speed', change: atSpeed(1.4) },
  { name: 'at twice the speed', change: atSpeed(2) },
  { name: 'at a speed that varies from 0.6 to 1.4', change: wavering },
  { name: 'its middle 60 %', change: cut(0.2, 0.8) },
  { name: 'its last 60 %', change: cut(0.4, 1) },
  { name: 'noise of 1 px', change: noisy(1) },
  { name: 'noise of 2 px', change: noisy(2) },
  { name: 'noise of 3 px', change: noisy(3) },
  { name: 'one place in ten without its joint', change: gappy(0.1) },
  { name: 'three places in ten without their joints', change: gappy(0.3) },
  { name: 'one wrist never annotated', change: without },
  { name: 'mirrored, 0.7 times the speed, middle 80 %, noise of 3 px', change: (clip, skeleton) => noisy(3)(cut(0.1, 0.9)(atSpeed(0.7)(mirror(clip, skeleton)))) },
]

/** What is left alone in a copy: its name, so that chance is the same in every run. */
const chanceOf = (clip: Clip, transform: string): Random => randomAt({ seed: 3, clip: clip.id, transform })

/** Every place of every joint moved; [NaN, NaN] = absent. */
function move(clip: Clip, place: (x: number, y: number, frame: number, joint: number) => readonly [number, number]): Clip {
  const keypoints = clip.keypoints!.slice()
  for (let at = 0; at < keypoints.length; at += 3) {
    const cell = at / 3
    keypoints.set(place(keypoints[at]!, keypoints[at + 1]!, Math.floor(cell / clip.joints), cell % clip.joints), at)
  }
  return { ...clip, keypoints }
}

function mirror(clip: Clip, skeleton: Skeleton): Clip {
  const order = mirrorOrder(skeleton)
  return move(clip, (_x, _y, frame, joint) => {
    const at = 3 * (frame * clip.joints + order[joint]!)
    return [clip.width - clip.keypoints![at]!, clip.keypoints![at + 1]!]
  })
}

function atSpeed(speed: number) {
  return (clip: Clip): Clip => {
    const frames = Math.max(2, Math.round(clip.frames / speed))
    return resampleAt(clip, Array.from({ length: frames }, (_, frame) => (frame * (clip.frames - 1)) / (frames - 1)), 'linear')
  }
}

function wavering(clip: Clip): Clip {
  return resampleAt(clip, Array.from({ length: clip.frames }, (_, frame) => {
    const share = frame / (clip.frames - 1)
    return Math.min(clip.frames - 1, (share + 0.064 * Math.sin(2 * Math.PI * share)) * (clip.frames - 1))
  }), 'linear')
}

function cut(start: number, end: number) {
  return (clip: Clip): Clip => {
    const first = Math.round(start * clip.frames)
    return resampleAt(clip, Array.from({ length: Math.round(end * clip.frames) - first }, (_, frame) => first + frame))
  }
}

function noisy(px: number) {
  return (clip: Clip): Clip => {
    const random = chanceOf(clip, 'noise')
    return move(clip, (x, y) => [x + px * random.normal(), y + px * random.normal()])
  }
}

function gappy(share: number) {
  return (clip: Clip): Clip => {
    const random = chanceOf(clip, 'gaps')
    return move(clip, (x, y) => (random.chance(share) ? [NaN, NaN] : [x, y]))
  }
}

function without(clip: Clip, { joints }: Skeleton): Clip {
  const wrist = joints.indexOf('right_wrist')
  return move(clip, (x, y, _frame, joint) => (joint === wrist ? [NaN, NaN] : [x, y]))
}
