import type { Split } from '../split.ts'
import type { RunRecord } from '../train/index.ts'
import { isPurge } from './split-members.ts'
import { configOf } from './train-config.ts'
import { trainSelection } from './train-selection.ts'
import { runVersion } from './run-version.ts'

/**
 * What a clip was to a run: measured, trained on, kept for validation, left out of either (by the catalog's rule, its action or lack of joints), or in no side.
 * Not known = clips of the train side were purged, and which ones validation took hangs on all of them.
 */
export type ClipRole = {
  readonly clip: string; readonly side: string | null; readonly role: 'measured' | 'trained on' | 'validation' | 'left out' | 'not known'
}

/** Finds out what a clip was to a run, as training chose its clips. Throws what `trainSelection` throws. */
export async function clipRole({ storeDir, catalogFiles, record, split, clip, isMeasured }: {
  storeDir: string; catalogFiles: readonly string[]; record: RunRecord; split: Split; clip: string; isMeasured: boolean
}): Promise<ClipRole> {
  const side = Object.entries(split.sides).find(([, members]) => members.includes(clip))?.[0] ?? null
  if (isMeasured || side === 'test' || side === null) return { clip, side, role: isMeasured ? 'measured' : 'left out' }
  const { dataset, action } = record
  const selection = await trainSelection({
    storeDir, catalogFiles, dataset, split: split.name, version: await runVersion(storeDir, record), action, validation: configOf(record).validation,
  }).catch(nullWhenPurged)
  if (selection === null) return { clip, side, role: 'not known' }
  const { train, validation } = selection
  const isIn = (clips: readonly { readonly id: string }[]): boolean => clips.some(({ id }) => id === clip)
  return { clip, side, role: isIn(train) ? 'trained on' : isIn(validation) ? 'validation' : 'left out' }
}

function nullWhenPurged(error: unknown): null {
  if (isPurge(error)) return null
  throw error
}
