import { hashWords } from '../hash.ts'
import type { ClipRow } from './trainable-clips.ts'

/** Fewest recordings of an action from which a validation part is taken, and fewest it then has: pairs need two. */
const fewest = { recordings: 6, taken: 2 }

/**
 * Divides training clips: about `share` of each action's recordings, those whose names come first by a hash that depends on nothing else, are kept for
 * validation, so that all seeds and settings choose by the same clips. Recordings stay whole; an action with fewer than 6 gives none.
 */
export function validationPart<Row extends Pick<ClipRow, 'group' | 'action'>>(clips: readonly Row[], share: number): { train: Row[]; validation: Row[] } {
  const actions = [...new Set(clips.map(({ action }) => action))]
  const taken = new Set(actions.flatMap((action) => {
    const groups = [...new Set(clips.filter((clip) => clip.action === action).map(({ group }) => group))].sort(byHash)
    return share > 0 && groups.length >= fewest.recordings ? groups.slice(0, Math.max(fewest.taken, Math.round(share * groups.length))) : []
  }))
  return { train: clips.filter(({ group }) => !taken.has(group)), validation: clips.filter(({ group }) => taken.has(group)) }
}

function byHash(a: string, b: string): number {
  const [[ah, al], [bh, bl]] = [hashWords(`validation ${a}`), hashWords(`validation ${b}`)]
  return ah - bh || al - bl
}
