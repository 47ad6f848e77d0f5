import type { Clip } from '../clip.ts'
import type { LabelKind } from './phases.ts'
import { phasesOf } from './phases.ts'

/** A clip's phases by name. */
export type NamedPhases = { readonly kind: LabelKind; readonly phases: Uint8Array; readonly names: readonly string[] }

/** The phases of a clip and what they are called: as annotated; pseudo phases as the catalog calls as many of the action, else by number. null = it has none. */
export function namedPhases(clip: Clip, known: readonly { readonly action: string; readonly names: readonly string[] }[]): NamedPhases | null {
  const found = phasesOf(clip)
  if (found === null) return null
  if (clip.labels.phases !== null) return { ...found, names: clip.labels.phases.map(({ label }) => label) }
  const count = 1 + Math.max(...found.phases)
  const names = known.find(({ action }) => action === clip.labels.action)?.names
  return { ...found, names: names?.length === count ? names : Array.from({ length: count }, (_, phase) => `phase ${phase}`) }
}
