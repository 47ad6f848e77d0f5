import { ToolkitError, unknownName } from './errors.ts'

/** A topology: which joints there are, in column order, and how they hang together. */
export type Skeleton = {
  readonly name: string
  /** Anatomical names, the subject's own left and right. */
  readonly joints: readonly string[]
  /** The data set's own names of the same columns. */
  readonly rawJoints: readonly string[]
  /** Limbs as pairs of joint indices. */
  readonly edges: readonly (readonly [number, number])[]
  /** Left/right twins as pairs of joint indices: what a mirror swaps. */
  readonly pairs: readonly (readonly [number, number])[]
}

/** The joint order after a mirror: `mirrored[j]` is the joint that takes place `j`. An involution. */
export function mirrorOrder(skeleton: Skeleton): readonly number[] {
  const order = skeleton.joints.map((_, joint) => joint)
  for (const [a, b] of skeleton.pairs) {
    order[a] = b
    order[b] = a
  }
  return order
}

/** Limbs as pairs of joints by their anatomical names. */
export type LimbNames = readonly (readonly [string, string])[]

/** Named limbs as pairs of joint indices, in their order. Throws E_LIMBS for a joint that the skeleton lacks, a limb from a joint to itself, and one that is there twice, be it the other way round. */
export function namedLimbs({ name: skeleton, joints }: Pick<Skeleton, 'name' | 'joints'>, limbs: LimbNames): Skeleton['edges'] {
  const drawn = new Set<string>()
  return limbs.map((limb) => {
    const unknown = limb.find((joint) => !joints.includes(joint))
    if (unknown !== undefined) throw unknownName('E_LIMBS', `joint of ${skeleton}`, unknown, joints)
    const [a, b] = [joints.indexOf(limb[0]), joints.indexOf(limb[1])]
    const key = [a, b].sort().join()
    if (a === b || drawn.has(key)) throw new ToolkitError('E_LIMBS', `limb ${limb.join('-')} ${a === b ? 'ends where it begins' : 'is there twice'}`, { hint: 'a limb goes from one joint to another, and is named once' })
    drawn.add(key)
    return [a, b] as const
  })
}
