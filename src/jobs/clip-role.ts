import { sourceOfClips } from '../loader/index.ts'
import { isPlain, normalSpec } from '../loader/plan/index.ts'
import { rowsOf } from '../loader/plan/plan-rows.ts'
import type { Split } from '../split.ts'
import { readClips } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { clipDims } from './model-of-config.ts'
import { isPurge } from './split-members.ts'
import { configOf } from './train-config.ts'
import { type Selection, trainSelection } from './train-selection.ts'
import { runVersion } from './run-version.ts'

/**
 * What a clip was to a run: measured, trained on, kept for validation, left out of either (by the catalog's rule, its action, lack of joints or the plan, or because it could not be read), or in no side.
 * Not known = clips of the train side were purged, and which ones validation took hangs on all of them.
 */
export type ClipRole = {
  readonly clip: string; readonly side: string | null; readonly role: 'measured' | 'trained on' | 'validation' | 'left out' | 'not known'
}

/** Finds out what a clip was to a run, as training chose its clips. Throws what `trainSelection` throws. */
export async function clipRole({ storeDir, runsDir, catalogFiles, record, split, clip, isMeasured }: {
  storeDir: string; runsDir: string; catalogFiles: readonly string[]; record: RunRecord; split: Split; clip: string; isMeasured: boolean
}): Promise<ClipRole> {
  const side = Object.entries(split.sides).find(([, members]) => members.includes(clip))?.[0] ?? null
  if (isMeasured || side === 'test' || side === null) return { clip, side, role: isMeasured ? 'measured' : 'left out' }
  const { dataset, action } = record
  const selection = await trainSelection({
    storeDir, runsDir, catalogFiles, dataset, split: split.name, version: await runVersion(storeDir, record), action, validation: configOf(record).validation, dims: clipDims(record.model, configOf(record)),
  }).catch(nullWhenPurged)
  if (selection === null) return { clip, side, role: 'not known' }
  const { train, validation } = selection
  const isIn = (clips: readonly { readonly id: string }[]): boolean => clips.some(({ id }) => id === clip)
  if (!isIn(train)) return { clip, side, role: isIn(validation) ? 'validation' : 'left out' }
  const isReplaced = record.replaced.some((bad) => bad.clip === clip)
  return { clip, side, role: !isReplaced && await isPlanned(clip, { storeDir, record, selection }) ? 'trained on' : 'left out' }
}

/** Whether the plan of a run makes samples of a clip. */
async function isPlanned(clip: string, { storeDir, record: { plan, seed }, selection: { manifest: { dataset, commit }, train } }: { storeDir: string; record: RunRecord; selection: Selection }): Promise<boolean> {
  const spec = normalSpec({ ...plan, seed })
  if (isPlain(spec)) return true
  const { clips } = sourceOfClips(await readClips(storeDir, dataset, train.map(({ id }) => id), { version: commit }))
  return rowsOf(spec, clips).rows.some((row) => clips.id(row) === clip)
}

function nullWhenPurged(error: unknown): null {
  if (isPurge(error)) return null
  throw error
}
