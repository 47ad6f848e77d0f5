import type { GroupKey } from '../../split.ts'
import type { Shares } from './shares.ts'

/** A way to make splits, and what it needs to know. Each is a template of SQL, `<kind>.sql`; docs/splits.md says what each is for. */
export type Maker =
  | { readonly kind: 'hash'; readonly shares: Shares }
  | { readonly kind: 'kfold'; readonly k: number }
  | { readonly kind: 'leave-one-group-out' }
  | { readonly kind: 'stratified'; readonly by: GroupKey; readonly shares: Shares }
  /** `share` as a decimal text, 0 < share <= 1. */
  | { readonly kind: 'fraction'; readonly of: string; readonly share: string }
  | { readonly kind: 'zero-shot'; readonly column: GroupKey; readonly classes: readonly string[] }
  | { readonly kind: 'long-tail'; readonly of: string; readonly factor: number }

export type MakerKind = Maker['kind']

/** Every maker, and whether it promises that a clip which is added moves no other. */
export const makerKinds: Readonly<Record<MakerKind, { readonly stable: boolean }>> = {
  hash: { stable: true },
  kfold: { stable: false },
  'leave-one-group-out': { stable: true },
  stratified: { stable: false },
  fraction: { stable: false },
  'zero-shot': { stable: true },
  'long-tail': { stable: false },
}
