import type { Skeleton } from '../skeleton.ts'
import { type Layout, type Manifest, tableFiles } from '../store/index.ts'
import type { FileLists } from './file-lists.ts'

/** A data set of the store: what its manifest says, and the skeletons that know the raw names of its joints; none for a data set that is not in the catalog at hand. */
export type Stored = { readonly manifest: Manifest; readonly skeletons: readonly Skeleton[] }

/** Frames of one layout of one data set: `table` is what SQL reads them from. */
export type FramePart = Stored & { readonly layout: Layout; readonly table: string }

/** The frames of the store, part by part; layouts without a file have none. */
export function frameParts(storeDir: string, stored: readonly Stored[], lists: FileLists): FramePart[] {
  return stored.flatMap((one) => one.manifest.schema.layouts.flatMap((layout) => {
    const files = tableFiles(storeDir, one.manifest, 'frames', layout.name)
    return files.length === 0 ? [] : [{ ...one, layout, table: lists.scan(`store: frames of ${one.manifest.dataset}, ${layout.name}`, files, '') }]
  }))
}

/** A coordinate of a joint as a float, null where the joint is absent. */
export function coordinate({ dims, step }: Layout, joint: string, axis: 'x' | 'y' | 'z'): string {
  if (axis === 'z' && dims === 2) return 'CAST(NULL AS FLOAT)'
  const value = step === undefined ? `"${joint}_${axis}"` : `CAST("${joint}_${axis}" AS FLOAT) * CAST(${step} AS FLOAT)`
  return `CASE WHEN "${joint}_state" = 2 THEN NULL ELSE ${value} END`
}

/** The state of a joint in a word. */
export function stateOf(joint: string): string {
  return `CASE "${joint}_state" WHEN 0 THEN 'observed' WHEN 1 THEN 'occluded' ELSE 'absent' END`
}
