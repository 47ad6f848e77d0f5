import type { PhaseEntry } from '../catalog.ts'
import type { Clip } from '../clip.ts'
import type { Skeleton } from '../skeleton.ts'
import type { Body } from './body.ts'
import type { Flaw, Severity } from './finding.ts'

/** A clip as checks see it. */
export type Subject = {
  readonly clip: Clip
  /** One per person; none when the clip has labels only. */
  readonly bodies: readonly Body[]
  /** How many pictures the film has; null = the store keeps none of it. */
  readonly pictures: number | null
  /** The phases that the catalog knows of the clip's action; null = none. */
  readonly phases: PhaseEntry | null
}

/** One thing that can be wrong, under a code that stays; docs/validate.md has formula, limit and reason of each. */
export type Check = {
  readonly code: string
  readonly severity: Severity
  /** What a finding means, in a few words. */
  readonly title: string
} & ({ readonly about: 'clip'; find(subject: Subject): readonly Flaw[] } | { readonly about: 'skeleton'; find(skeleton: Skeleton): readonly Flaw[] })
