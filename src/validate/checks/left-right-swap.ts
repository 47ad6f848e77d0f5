import { mirrorOrder } from '../../skeleton.ts'
import { type Body, distance } from '../body.ts'
import type { Check } from '../check.ts'
import type { Flaw } from '../finding.ts'
import { framesText, type Run } from '../runs.ts'

/** Bone lengths that twins save at a seam by changing places; what is left of the way is at most this share: all of them together, and two alone. */
const ALL = { saved: 0.4, left: 0.6 }
const TWO = { saved: 0.5, left: 0.35 }
/** Bone lengths that the bones of two twins may change more when these change places: hands that pass one another keep their fingers. */
const OBJECTION = 0.4

/**
 * Left and right change places. For twins a and b, stay(t) = |a(t) - a(t-1)| + |b(t) - b(t-1)| and cross(t) = |a(t) - b(t-1)| + |b(t) - a(t-1)|. A seam is
 * where stay - cross > 0.4 bone lengths and cross <= 0.6 stay, both summed over all twins; or, for some of them, each with stay - cross > 0.5 and
 * cross <= 0.35 stay, where their bones do not change 0.4 bone lengths more for it. Seams part the clip into stretches in turn right and exchanged:
 * those that hold fewer frames are taken for the exchanged ones.
 */
export const leftRightSwap: Check = {
  code: 'left-right-swap', severity: 'warn', title: 'left and right change places', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(swapsOf),
}

type Twins = readonly [number, number]
type Seam = { readonly frame: number; readonly value: number }
type Stretch = Run & { readonly value: number }
/** The body as it is once twins are exchanged in the frames where `exchanged` is 1. */
type Mended = { readonly body: Body; readonly mirrored: readonly number[]; readonly exchanged: Uint8Array }

function swapsOf(body: Body): Flaw[] {
  const { skeleton: { pairs }, frames } = body
  const mended: Mended = { body, mirrored: mirrorOrder(body.skeleton), exchanged: new Uint8Array(frames) }
  const seams: Seam[] = []
  for (let frame = 1; frame < frames; frame++) {
    const value = savedAt(mended, pairs, frame, ALL)
    if (value > 0) seams.push({ frame, value })
  }
  const whole = stretches(seams, frames)
  for (const { start, end } of whole) mended.exchanged.fill(1, start, end)
  const parts = partSeams(mended).flatMap((of, at) => stretches(of, frames).map((stretch) => ({ ...stretch, pair: pairs[at]! })))
  return [...whole.map((stretch) => flawOf(body, stretch, pairs)), ...[...new Set(parts.map(({ start, end }) => `${start} ${end}`))].map((key) => {
    const same = parts.filter(({ start, end }) => `${start} ${end}` === key)
    return flawOf(body, { ...same[0]!, value: sum(same.map(({ value }) => value)) }, same.map(({ pair }) => pair))
  })]
}

/** The seams of every pair of twins, some of which change places alone. */
function partSeams(mended: Mended): Seam[][] {
  const { body: { skeleton: { pairs }, frames, bone } } = mended
  const alone = pairs.map((pair): [Twins] => [pair])
  const seams = pairs.map((): Seam[] => [])
  for (let frame = 1; frame < frames; frame++) {
    const saved = alone.map((pair) => savedAt(mended, pair, frame, TWO))
    const joints = pairs.filter((_, at) => saved[at]! > 0).flat()
    if (joints.length === 0 || objection(mended, frame, joints) > OBJECTION * bone) continue
    saved.forEach((value, at) => { if (value > 0) seams[at]!.push({ frame, value }) })
  }
  return seams
}

/** Bone lengths that twins save on their way into a frame by changing places; 0 where that is no seam. Twins of whom one is absent do not count. */
function savedAt({ body, mirrored, exchanged }: Mended, pairs: readonly Twins[], frame: number, { saved, left }: typeof ALL): number {
  const { frames, bone } = body
  let [stay, cross] = [0, 0]
  for (const [one, other] of pairs) {
    const a = (exchanged[frame] === 1 ? mirrored[one]! : one) * frames + frame
    const b = (exchanged[frame] === 1 ? mirrored[other]! : other) * frames + frame
    const c = (exchanged[frame - 1] === 1 ? mirrored[one]! : one) * frames + frame - 1
    const d = (exchanged[frame - 1] === 1 ? mirrored[other]! : other) * frames + frame - 1
    const [straight, crossed] = [distance(body, a, c) + distance(body, b, d), distance(body, a, d) + distance(body, b, c)]
    if (Number.isNaN(straight)) continue
    stay += straight
    cross += crossed
  }
  return stay - cross > saved * bone && cross <= left * stay ? (stay - cross) / bone : 0
}

/** How much more the bones of these joints change in their length, when the joints change places with their twins. */
function objection({ body, mirrored, exchanged }: Mended, frame: number, joints: readonly number[]): number {
  const at = (joint: number, frame: number): number => (exchanged[frame] === 1 ? mirrored[joint]! : joint) * body.frames + frame
  const swapped = (joint: number): number => (joints.includes(joint) ? mirrored[joint]! : joint)
  return sum(body.skeleton.edges.filter(([a, b]) => joints.includes(a) || joints.includes(b)).map(([a, b]) => {
    const before = distance(body, at(a, frame - 1), at(b, frame - 1))
    const [as, other] = [distance(body, at(a, frame), at(b, frame)), distance(body, at(swapped(a), frame), at(swapped(b), frame))]
    const more = Math.abs(other - before) - Math.abs(as - before)
    return Number.isNaN(more) ? 0 : more
  }))
}

/** Every second stretch between seams: those that hold fewer frames together. `value` is what is saved at the larger seam of each. */
function stretches(seams: readonly Seam[], frames: number): Stretch[] {
  if (seams.length === 0) return []
  const bounds = [{ frame: 0, value: 0 }, ...seams, { frame: frames, value: 0 }]
  const all = bounds.slice(1).map(({ frame, value }, at): Stretch => ({ start: bounds[at]!.frame, end: frame, value: Math.max(value, bounds[at]!.value) }))
  const [even, odd] = [0, 1].map((parity) => all.filter((_, at) => at % 2 === parity)) as [Stretch[], Stretch[]]
  return sum(odd.map(({ start, end }) => end - start)) <= sum(even.map(({ start, end }) => end - start)) ? odd : even
}

/** The finding names the twins that are both located in one of these frames. */
function flawOf(body: Body, { start, end, value }: Stretch, pairs: readonly Twins[]): Flaw {
  const { person, frames, skeleton: { joints } } = body
  const located = pairs.filter(([left, right]) => {
    for (let frame = start; frame < end; frame++) if (!Number.isNaN(distance(body, left * frames + frame, right * frames + frame))) return true
    return false
  })
  const names = located.flatMap(([left, right]) => [joints[left]!, joints[right]!])
  return {
    person, start, end, joints: names, value, limit: pairs.length === 1 ? TWO.saved : ALL.saved,
    message: `left and right change places in ${framesText({ start, end })} (${names.join(', ')}): put back, they go ${value.toFixed(2)} bone lengths less` }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
