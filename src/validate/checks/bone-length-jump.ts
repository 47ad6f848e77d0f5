import { OBSERVED } from '../../clip.ts'
import type { Body } from '../body.ts'
import type { Check } from '../check.ts'
import type { Flaw } from '../finding.ts'
import { median } from '../median.ts'
import { framesText, type Run, runsWhere } from '../runs.ts'

/** Robust standard deviations from the bone's own median of log length. */
const LIMIT = 3
/** The least standard deviation that a log length is taken to have: a bone that hardly varies is no evidence against a small change. */
const LEAST_SPREAD = 0.1
/** Shorter than this share of the median bone, a length says nothing: its log runs away. */
const SHORTEST = 0.1
/** Share of its own median length, or of the clip's median bone where that is longer, that it must change by when it becomes odd or ceases to be. */
const STEP = 0.75

/**
 * Bones have an odd length all at once: z(t) = (ln L(t) - median ln L) / (1.4826 MAD) beyond 3 with both ends observed, and a step of 0.75 of the usual length
 * into or out of those frames. In two dimensions a bone may look as short as it likes, so that only too long is odd; in three both are. Bones that are odd in
 * the same frames are one finding.
 */
export const boneLengthJump: Check = {
  code: 'bone-length-jump', severity: 'warn', title: 'bones have an odd length all at once', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(jumps),
}

function jumps(body: Body): Flaw[] {
  const { skeleton: { joints, edges }, person } = body
  const found = edges.flatMap((edge, at) => oddRuns(body, at).map((odd) => ({ ...odd, edge })))
  return [...new Set(found.map(({ start, end }) => `${start} ${end}`))].map((key): Flaw => {
    const same = found.filter(({ start, end }) => `${start} ${end}` === key)
    const [{ start, end }, value] = [same[0]!, Math.max(...same.map(({ value }) => value))]
    const names = [...new Set(same.flatMap(({ edge }) => edge))].map((joint) => joints[joint]!)
    const what = same.length === 1 ? `the bone ${names.join(' - ')} is` : `${same.length} bones are`
    const far = `${value.toFixed(1)} robust standard deviations from ${same.length === 1 ? 'its' : 'their'} median`
    return { person, start, end, joints: names, value, limit: LIMIT, message: `${what} of odd length in ${framesText({ start, end })}: ${far}` }
  }).sort((a, b) => a.start! - b.start! || a.end! - b.end!)
}

/** The frames in which a bone is of odd length, where it becomes so or ceases to be at once; `value` = the largest z among them. */
function oddRuns({ frames, skeleton, states, dims, bone, bones }: Body, edge: number): (Run & { readonly value: number })[] {
  const [a, b] = skeleton.edges[edge]!
  const lengths = bones.subarray(edge * frames, (edge + 1) * frames)
  const logs = new Float64Array(lengths).map((length) => Math.log(Math.max(length, SHORTEST * bone)))
  const middle = median(logs)
  const spread = Math.max(1.4826 * median(logs.map((log) => Math.abs(log - middle))), LEAST_SPREAD)
  const usual = Math.max(bone, Math.exp(middle))
  const oddity = (frame: number): number => (dims === 2 ? logs[frame]! - middle : Math.abs(logs[frame]! - middle)) / spread
  const isOdd = (frame: number): boolean => oddity(frame) > LIMIT && states[a * frames + frame] === OBSERVED && states[b * frames + frame] === OBSERVED
  const isStep = (frame: number): boolean => Math.abs(lengths[frame]! - lengths[frame - 1]!) > STEP * usual
  return runsWhere(frames, isOdd).filter(({ start, end }) => isStep(start) || isStep(end)).map((run) =>
    ({ ...run, value: Math.max(...Array.from({ length: run.end - run.start }, (_, at) => oddity(run.start + at))) }))
}
