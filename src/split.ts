import { type Hash, sha256 } from './hash.ts'

/** Every side, in the order of reports. */
export const sides = ['train', 'validation', 'test'] as const

export type Side = (typeof sides)[number]

/** What a split may keep together: columns of clips, and clusters of clips that seem to be cut from one film. No group is on two sides. */
export const groupKeys = ['group_id', 'subject', 'scene', 'camera', 'action', 'source_cluster'] as const

export type GroupKey = (typeof groupKeys)[number]

/** Which clip is on which side. `sides` holds clip ids, sorted; the hash covers the membership and nothing else. */
export type Split = {
  readonly name: string
  readonly dataset: string
  /** The SQL that made it. */
  readonly query: string
  /** What it keeps together; `group_id` = recordings. */
  readonly groupKey: GroupKey
  readonly seed: number
  /** What its hash buckets are salted with, `bucket(salt, group)`; the digits of the seed unless it was given. */
  readonly salt: string
  readonly hash: Hash
  readonly sides: Readonly<Partial<Record<Side, readonly string[]>>>
}

/** How many clips are on each side. */
export function countSides(members: Split['sides']): Partial<Record<Side, number>> {
  return Object.fromEntries(sides.flatMap((side) => (members[side] === undefined ? [] : [[side, members[side].length]])))
}

/** sha256 of the sorted lines `side TAB clip_id LF`. */
export function hashSides(sides: Split['sides']): Hash {
  const lines = Object.entries(sides).flatMap(([side, ids]) => (ids ?? []).map((id) => `${side}\t${id}\n`))
  return sha256(lines.sort().join(''))
}
