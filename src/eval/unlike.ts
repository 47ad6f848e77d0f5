import type { Protocol } from './protocol.ts'

/** What the measures of a run stand on, beside their protocol. */
export type Footing = {
  readonly run: string
  readonly split: { readonly name: string; readonly hash: string }
  /** Root of the store the clips came from. */
  readonly root: string
  /** How many models: null = not known (embeddings that were given). */
  readonly scope: Protocol['scope']
}

/** What keeps the measures of two runs from being compared, one clause each; none = they stand on the same. */
export function unlikeness(a: Footing, b: Footing): string[] {
  return [
    ...(a.split.hash === b.split.hash ? [] : [`split ${a.split.name} ${short(a.split.hash)} and split ${b.split.name} ${short(b.split.hash)}`]),
    ...(a.root === b.root ? [] : [`data root ${short(a.root)} and ${short(b.root)}`]),
    ...(a.scope === null || b.scope === null || a.scope === b.scope ? [] : [`${a.scope} and ${b.scope}`]),
  ]
}

/** A run measured under a protocol whose published figures are of the other kind of model; none = it is of that kind. */
export function scopeWarning({ run, scope }: Pick<Footing, 'run' | 'scope'>, protocol: Pick<Protocol, 'name' | 'scope'>): string[] {
  if (scope === null || protocol.scope === null || scope === protocol.scope) return []
  return [`run ${run} is of ${scope}, figures under protocol ${protocol.name} are of ${protocol.scope}`]
}

const short = (hash: string): string => hash.slice(0, 12)
