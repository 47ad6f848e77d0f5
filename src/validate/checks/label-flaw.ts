import type { Segment } from '../../clip.ts'
import type { Flaw } from '../finding.ts'

/** A flaw of labels: where, and what. */
export function labelFlaw({ start, end }: { readonly start: number | null; readonly end: number | null }, message: string): Flaw {
  return { person: null, start, end, joints: [], value: null, limit: null, message }
}

/** A labelled stretch as people read it: `"start" [0, 12)`. */
export function labelText({ label, start, end }: Segment): string {
  return `"${label}" [${start}, ${end})`
}

/** Whether a labelled stretch reaches beyond `frames`, ends before it begins, or is not counted in whole frames. */
export function isBeyond({ start, end }: Segment, frames: number): boolean {
  return !Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > frames || end < start
}
