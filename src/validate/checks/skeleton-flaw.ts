import type { Flaw } from '../finding.ts'

/** A flaw of a skeleton, which the message names. */
export function skeletonFlaw(skeleton: string, joints: readonly string[], message: string): Flaw {
  return { person: null, start: null, end: null, joints, value: null, limit: null, message: `skeleton ${skeleton}: ${message}` }
}
