import type { Skeleton } from '../skeleton.ts'

/** Joints whose mean is a place of the body. */
export type Place = readonly number[]

const middles = {
  top: ['neck', 'spine_shoulder', 'shoulder_center'],
  middle: ['spine_mid', 'spine'],
  bottom: ['mid_hip', 'spine_base', 'hip_center', 'pelvis'],
} as const
const sides = { top: ['left_shoulder', 'right_shoulder'], middle: [], bottom: ['left_hip', 'right_hip'] } as const

/**
 * The two ends of the spine, by the names of joints: the neck, else the mean of the shoulders; the middle of the hips, else the mean of both hips. A hand has
 * its wrist and the base of its thumb instead (CASA's choice), any other skeleton the first limb.
 */
export function spineOf(skeleton: Skeleton): { readonly top: Place; readonly bottom: Place } {
  const [top, bottom] = [placeOf(skeleton, 'top'), placeOf(skeleton, 'bottom')]
  if (top !== null && bottom !== null) return { top, bottom }
  const [a, b] = [jointNamed(skeleton, 'left_wrist') ?? 0, jointNamed(skeleton, 'left_thumb_1')]
  if (b !== null) return { top: [a], bottom: [b] }
  const [first, second] = skeleton.edges[0] ?? [0, 0]
  return { top: [first], bottom: [second] }
}

/**
 * The pairs of joints that CASA's release turns a body by, [from, to] each: `spine`, whose first joint is its root, and `shoulders`, null where a skeleton has none. A body with a neck: neck to middle of the hips, left
 * shoulder to neck; one without: left shoulder to left hip, right shoulder to left; hands: the left wrist to the base of its thumb, the base of its middle finger to the wrist. Of any other skeleton the first limb is the spine.
 */
export function casaAxes(skeleton: Skeleton): { readonly spine: readonly [number, number]; readonly shoulders: readonly [number, number] | null } {
  const [neck, hips] = (['top', 'bottom'] as const).map((end) => middles[end].map((name) => jointNamed(skeleton, name)).find((joint) => joint !== null) ?? null)
  const [shoulder, other, hip, wrist, thumb, finger] = ['left_shoulder', 'right_shoulder', 'left_hip', 'left_wrist', 'left_thumb_1', 'left_middle_1'].map((name) => jointNamed(skeleton, name))
  if (neck != null && hips != null) return { spine: [neck, hips], shoulders: shoulder == null ? null : [shoulder, neck] }
  if (shoulder != null && hip != null) return { spine: [shoulder, hip], shoulders: other == null ? null : [other, shoulder] }
  if (wrist != null && thumb != null) return { spine: [wrist, thumb], shoulders: finger == null ? null : [finger, wrist] }
  return { spine: skeleton.edges[0] ?? [0, 0], shoulders: null }
}

/** What a body is centred on: the joint in the middle of its spine, as CTR-GCN's; else the middle of its hips; a hand's wrist; of any other skeleton where its first limb begins. */
export function centreOf(skeleton: Skeleton): Place {
  return placeOf(skeleton, 'middle') ?? placeOf(skeleton, 'bottom') ?? spineOf(skeleton).top
}

/**
 * Per joint the one before it on the way to the root of the body (the bottom of the spine, or its first joint; a hand's wrist), over the fewest limbs, earlier
 * limbs first; the root is its own parent, and so is the first joint of a part that no limb joins to the rest.
 */
export function parentsOf(skeleton: Skeleton): readonly number[] {
  const parents: (number | null)[] = skeleton.joints.map(() => null)
  const roots = [rootOf(skeleton), ...skeleton.joints.map((_, joint) => joint)]
  for (const root of roots) {
    if (parents[root] !== null) continue
    parents[root] = root
    for (const queue = [root]; queue.length > 0;) {
      const joint = queue.shift()!
      for (const [a, b] of skeleton.edges) {
        const next = a === joint ? b : b === joint ? a : null
        if (next === null || parents[next] !== null) continue
        parents[next] = joint
        queue.push(next)
      }
    }
  }
  return parents as number[]
}

/**
 * The limbs of a skeleton, each from its end inwards up to where the skeleton branches, without that joint: an arm is the wrist and the elbow, a leg the ankle and
 * the knee, a finger its whole chain. In order of their ends.
 */
export function limbsOf(skeleton: Skeleton): readonly (readonly number[])[] {
  const neighbours = skeleton.joints.map((_, joint) => skeleton.edges.flatMap(([a, b]) => (a === joint ? [b] : b === joint ? [a] : [])))
  return neighbours.flatMap((next, end) => {
    if (next.length !== 1) return []
    const limb = [end]
    for (let joint = next[0]!; neighbours[joint]!.length === 2; joint = neighbours[joint]!.find((one) => !limb.includes(one))!) limb.push(joint)
    return [limb]
  })
}

/** Joints in an order in which each comes after its parent. */
export function fromTheRoot(parents: readonly number[]): readonly number[] {
  const depth = (joint: number): number => (parents[joint] === joint ? 0 : 1 + depth(parents[joint]!))
  return parents.map((_, joint) => joint).sort((a, b) => depth(a) - depth(b) || a - b)
}

/** The names of `partOf`. */
export const partNames = ['body', 'head', 'trunk', 'arms', 'legs', 'left-arm', 'right-arm', 'left-leg', 'right-leg', 'left-hand', 'right-hand'] as const

export type PartName = (typeof partNames)[number]

const words: Readonly<Record<'head' | 'trunk' | 'arm' | 'leg' | 'hand', RegExp>> = {
  head: /^head|nose|eye|ear|neck|jaw/,
  trunk: /spine|shoulder|hip|pelvis|chest|thorax|neck/,
  arm: /shoulder|elbow|wrist|hand|thumb|finger|index|middle|ring|little/,
  leg: /hip|spine_base|pelvis|knee|ankle|foot|heel|toe/,
  hand: /wrist|hand|thumb|finger|index|middle|ring|little/,
}

/**
 * The joints of a part of the body, by their names, in column order: arms with the shoulders and what is between them, legs with the hips and what is between
 * them, as the streams of PSUMNet; hands with the wrists. Empty where a skeleton has none.
 */
export function partOf(skeleton: Skeleton, part: PartName): readonly number[] {
  const joints = skeleton.joints.map((_, joint) => joint)
  const named = (pattern: RegExp, side = ''): number[] =>
    joints.filter((joint) => pattern.test(skeleton.joints[joint]!) && skeleton.joints[joint]!.startsWith(side))
  switch (part) {
    case 'body': return joints
    case 'head': return named(words.head)
    case 'trunk': return named(words.trunk)
    case 'arms': return named(words.arm)
    case 'legs': return named(words.leg)
    default: {
      const [side, limb] = part.split('-') as ['left' | 'right', 'arm' | 'leg' | 'hand']
      return named(words[limb], `${side}_`)
    }
  }
}

function rootOf(skeleton: Skeleton): number {
  return (placeOf(skeleton, 'bottom') ?? spineOf(skeleton).top)[0]!
}

function placeOf(skeleton: Skeleton, end: keyof typeof middles): Place | null {
  const middle = middles[end].map((name) => jointNamed(skeleton, name)).find((joint) => joint !== null)
  if (middle !== undefined) return [middle]
  const both = sides[end].map((name) => jointNamed(skeleton, name)).filter((joint) => joint !== null)
  return both.length === 2 ? both : null
}

function jointNamed(skeleton: Skeleton, name: string): number | null {
  const joint = skeleton.joints.indexOf(name)
  return joint < 0 ? null : joint
}
