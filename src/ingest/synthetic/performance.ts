import type { Random } from '../../random.ts'
import { drawBody, type Joints, plus } from './person.ts'
import { type Habit, poses } from './actions.ts'

/** One repetition of an action by one person: where every joint truly is, and in which phase the action is. */
export type Performance = { readonly joints: readonly Joints[]; readonly phases: readonly number[] }

const FRAMES = { least: 24, most: 70 }

/**
 * Waits, does the action once, waits: up to half of the clip is lead-in and lead-out, and the two halves of the action have their own length and pace,
 * so that time in the clip is not time in the action. Phases are those of the catalog's key events, read off the true joints.
 */
export function perform(action: string, random: Random): Performance {
  const frames = FRAMES.least + random.integer(FRAMES.most - FRAMES.least + 1)
  const depths = drawDepths(frames, random.fork('pace'))
  const body = drawBody(random.fork('body'))
  const habit = drawHabit(random.fork('habit'))
  const drift = [random.between(-0.04, 0.04), 0, random.between(-0.04, 0.04)] as const
  const joints = depths.map((depth, frame) => {
    const share = frame / frames
    return poses[action]!(body, depth, habit).map((joint) => plus(joint, [drift[0] * share, 0, drift[2] * share]))
  })
  return { joints, phases: phasesOf(action, joints, depths) }
}

export function drawHabit(random: Random): Habit {
  return [random.uniform(), random.uniform(), random.uniform()]
}

/** How deep in the action each frame is: 0, up to 1 once, down to 0 again. */
function drawDepths(frames: number, random: Random): number[] {
  const before = random.between(0, 0.25) * frames
  const after = random.between(0, 0.25) * frames
  const turn = before + random.between(0.38, 0.62) * (frames - before - after)
  const [rise, fall] = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)]
  const end = frames - after
  return Array.from({ length: frames }, (_, frame) => {
    return frame <= turn ? eased((frame - before) / (turn - before), rise) : eased((end - frame) / (end - turn), fall)
  })
}

/** Smoothstep of a time of its own pace: earlier for a positive `pace`, later for a negative one. */
export function eased(time: number, pace: number): number {
  const share = Math.min(1, Math.max(0, time))
  const warped = share + pace * share * (1 - share)
  return warped * warped * (3 - 2 * warped)
}

/** A pair of joints is above another one from the frame of the way up to that of the way down: the key events around the turning point. */
const crossings: Readonly<Record<string, (joints: Joints) => boolean>> = {
  jumping_jacks: (joints) => height(joints, 5) > height(joints, 1),
  squat: (joints) => height(joints, 7) < height(joints, 9),
}

function phasesOf(action: string, joints: readonly Joints[], depths: readonly number[]): number[] {
  const turn = depths.indexOf(Math.max(...depths))
  const crossing = crossings[action]
  const events = crossing === undefined ? [turn] : [joints.findIndex(crossing), turn, joints.findLastIndex(crossing) + 1]
  return joints.map((_, frame) => events.filter((event) => event <= frame).length)
}

/** Mean height of a joint and its twin. */
function height(joints: Joints, column: number): number {
  return (joints[column]![1] + joints[column + 1]![1]) / 2
}
