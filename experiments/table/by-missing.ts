import type { Clip } from '../../src/clip.ts'
import type { Condition } from './spec.ts'

/** Share of a clip's joints that were not seen: occluded or absent; Penn Action has 22 % of them. */
export function missingShare({ states }: Clip): number {
  return states === null || states.length === 0 ? 0 : states.reduce((sum, state) => sum + (state === 0 ? 0 : 1), 0) / states.length
}

/** All clips, and each action's in `bins` equal parts by the share of joints that were not seen, fewest first. Pairs are within a part. */
export function byMissing(bins: number): Condition[] {
  const part = (at: number) => (clips: readonly Clip[]): readonly Clip[] => {
    const sorted = clips.toSorted((a, b) => missingShare(a) - missingShare(b) || (a.id < b.id ? -1 : 1))
    const taken = new Set(sorted.slice(Math.round((at * clips.length) / bins), Math.round(((at + 1) * clips.length) / bins)))
    return clips.filter((clip) => taken.has(clip))
  }
  return [{ label: 'all clips' }, ...Array.from({ length: bins }, (_, at) => ({ label: `part ${at + 1} of ${bins} by missing joints`, clips: part(at) }))]
}
