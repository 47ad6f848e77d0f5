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
