import { OBSERVED } from '../../clip.ts'
import type { Check } from '../check.ts'
import { type Body } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { median } from '../median.ts'
import { framesText, runsWhere } from '../runs.ts'

/** Robust standard deviations from the bone's own median of log length. */
const LIMIT = 3
/** The least standard deviation that a log length is taken to have: a bone that hardly varies is no evidence against a small change. */
const LEAST_SPREAD = 0.1
/** Shorter than this share of the median bone, a length says nothing: its log runs away. */
const SHORTEST = 0.1
/** Bone lengths that it must change by in one frame, when it becomes odd or ceases to be. */
const STEP = 0.75

/**
 * A bone has an odd length all at once: z(t) = (ln L(t) - median ln L) / (1.4826 MAD) beyond 3 with both ends observed, and a step of 0.75 bone lengths into or
 * out of those frames. In two dimensions a bone may look as short as it likes, so that only too long is odd; in three both are.
 */
export const boneLengthJump: Check = {
  code: 'bone-length-jump', severity: 'warn', title: 'a bone has an odd length all at once', about: 'clip',
  find: ({ bodies }) => bodies.flatMap((body) => body.skeleton.edges.flatMap((_, edge) => jumpsOf(body, edge))),
}

function jumpsOf(body: Body, edge: number): Flaw[] {
  const { frames, skeleton: { joints, edges }, states, dims, bone, person } = body
  const [a, b] = edges[edge]!
  const lengths = body.bones.subarray(edge * frames, (edge + 1) * frames)
  const logs = Float64Array.from(lengths, (length) => Math.log(Math.max(length, SHORTEST * bone)))
  const middle = median(logs)
  const spread = Math.max(1.4826 * median(logs.map((log) => Math.abs(log - middle))), LEAST_SPREAD)
  const oddity = (frame: number): number => (dims === 2 ? 1 : Math.sign(logs[frame]! - middle)) * (logs[frame]! - middle) / spread
  const isOdd = (frame: number): boolean => oddity(frame) > LIMIT && states[a * frames + frame] === OBSERVED && states[b * frames + frame] === OBSERVED
  const isStep = (frame: number): boolean => Math.abs(lengths[frame]! - lengths[frame - 1]!) > STEP * bone
  return runsWhere(frames, isOdd).filter(({ start, end }) => isStep(start) || isStep(end)).map((run) => {
    const value = Math.max(...Array.from({ length: run.end - run.start }, (_, at) => oddity(run.start + at)))
    const names = [joints[a]!, joints[b]!]
    return {
      person, ...run, joints: names, value, limit: LIMIT,
      message: `the bone ${names.join(' - ')} is of odd length in ${framesText(run)}: ${value.toFixed(1)} robust standard deviations from its median` }
  })
}
