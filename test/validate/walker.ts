import { ABSENT, type Clip, OBSERVED } from '../../src/clip.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { bodiesOf } from '../../src/validate/body.ts'
import type { Check } from '../../src/validate/check.ts'
import type { Flaw } from '../../src/validate/finding.ts'
import { makeClip } from '../store/clips.ts'

export const legs: Skeleton = {
  name: 'legs', joints: ['hip', 'left_knee', 'right_knee', 'left_foot', 'right_foot'], rawJoints: ['hip', 'lk', 'rk', 'lf', 'rf'],
  edges: [[0, 1], [0, 2], [1, 3], [2, 4]], pairs: [[1, 2], [3, 4]],
}

/** Where the joints are in frame 0, px: every bone is 10 long. */
const start = [[50, 20], [44, 28], [56, 28], [44, 38], [56, 38]] as const

/** What one joint is in one frame. */
export type Cell = { x: number; y: number; confidence: number; state: number }

/** A clip of `legs` in 480 x 270 px that goes `speed` px to the right in every frame, all seen with confidence 1, but for what `change` makes of it. */
export function walk(frames: number, { speed = 1, change = () => {}, ...other }: { speed?: number; change?: (cell: Cell, frame: number, joint: string) => void } & Partial<Clip> = {}): Clip {
  const cells = Array.from({ length: frames }, (_, frame) => legs.joints.map((joint, at) => {
    const cell: Cell = { x: start[at]![0] + speed * frame, y: start[at]![1], confidence: 1, state: OBSERVED }
    change(cell, frame, joint)
    return cell
  })).flat()
  return {
    ...makeClip('tiny/0001', { frames }), skeleton: 'legs', joints: 5, boxes: null, flags: [], raw: null,
    keypoints: Float32Array.from(cells.flatMap(({ x, y, confidence, state }) => (state === ABSENT ? [NaN, NaN, 0] : [x, y, confidence]))),
    states: Uint8Array.from(cells, ({ state }) => state), ...other,
  }
}

/** What a check says about a clip of `legs`. */
export function flawsOf(check: Check, clip: Clip, known: { pictures?: number | null; phases?: readonly string[] } = {}): readonly Flaw[] {
  if (check.about !== 'clip') throw new Error(`${check.code} is about skeletons`)
  const phases = known.phases === undefined ? null : { action: 'squat', tccName: 'squats', phases: known.phases.length, names: known.phases, keyEvents: known.phases.slice(1), published: {} }
  return check.find({ clip, bodies: clip.keypoints === null ? [] : bodiesOf(clip, legs), pictures: known.pictures ?? null, phases })
}

/** Frames and joints of findings: `3-5 left_knee`, for comparing by eye. */
export function placesOf(flaws: readonly Flaw[]): string[] {
  return flaws.map(({ start, end, joints }) => [`${start}-${end}`, ...joints].join(' '))
}
