import { type Hash, sha256 } from './hash.ts'

export type Side = 'train' | 'validation' | 'test'

/** Which clip is on which side. `sides` holds clip ids, sorted; the hash covers the membership and nothing else. */
export type Split = {
  readonly name: string
  readonly dataset: string
  /** The SQL that made it. */
  readonly query: string
  readonly seed: number
  readonly hash: Hash
  readonly sides: Readonly<Partial<Record<Side, readonly string[]>>>
}

/** sha256 of the sorted lines `side TAB clip_id LF`. */
export function hashSides(sides: Split['sides']): Hash {
  const lines = Object.entries(sides).flatMap(([side, ids]) => (ids ?? []).map((id) => `${side}\t${id}\n`))
  return sha256(lines.sort().join(''))
}
