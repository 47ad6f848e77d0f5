import type { DatasetEntry } from '../../../catalog.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../../adapter.ts'
import { type RawFolder, slashed } from '../../raw-folder.ts'
import { TWIN_FILE } from '../../twin-file.ts'
import { type CasaPlace, findCasa } from './penn-find-casa.ts'
import { findPhases } from './penn-find-phases.ts'
import type { TccRecord } from './tcc-records.ts'

/** What is known of a video by names. */
export type PennFacts = {
  /** Folder of its frame files; null = there is no folder of frames at all. */
  readonly frames: string | null
  /** Its TCC phase labels as .npy; null = none. */
  readonly phases: string | null
  /** The records of TFRecord files that are about it. */
  readonly records: readonly TccRecord[]
  /** Its place in a file of CASA's; null = none. */
  readonly casa: CasaPlace | null
  /** Where the keypoints come from: the catalog's word, or `synthetic` in a twin. */
  readonly source: string
}

/** Looks at names only, also in TCC's records: which videos have labels, which of them frames and phases, and whether that is the whole download. */
export function discoverPenn({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Plan<PennFacts> {
  const { root, labels } = findLabels(raw)
  const names = raw.list(labels).map(({ name }) => name)
  const files = names.filter((name) => name.endsWith('.mat') && !name.startsWith('.'))
  if (files.length === 0) throw noLabels(raw)
  const hasFrames = raw.stat(slashed(root, 'frames')) !== null
  const videos = new Set(files.map(videoOf))
  const [phases, casa] = [findPhases(raw, root, videos), findCasa(raw, root, { entry, videos })]
  const isTwin = raw.stat(slashed(root, TWIN_FILE)) !== null
  const items = files.map((name): PlanItem<PennFacts> => {
    const video = videoOf(name)
    const path = slashed(labels, name)
    const facts = {
      frames: hasFrames && frames !== 'none' ? slashed(root, 'frames', video) : null,
      phases: phases.files.get(video) ?? null, records: phases.records.get(video) ?? [], casa: casa.videos.get(video) ?? null,
      source: isTwin ? 'synthetic' : entry.source,
    }
    const inputs = [path, facts.frames, facts.phases, ...facts.records.map((record) => record.path), facts.casa?.path ?? null].filter((input) => input !== null)
    return { id: `${entry.name}/${video}`, path, inputs: [...new Set(inputs)], facts }
  })
  return {
    items, hasFrames, quarantined: [...phases.quarantined, ...casa.quarantined],
    complete: !isTwin && isComplete(entry, new Set(files)),
    missing: [...(hasFrames ? [] : ['frames']), ...(phases.files.size + phases.records.size + casa.videos.size > 0 ? [] : ['TCC phase labels'])],
    ignored: [...names.filter((name) => !files.includes(name)).map((name) => slashed(labels, name)), ...phases.ignored, ...casa.ignored].sort(),
  }
}

/** `0001` of `0001.mat`. */
function videoOf(file: string): string {
  return file.slice(0, -'.mat'.length)
}

/** The folder of the label files: RAW_DIR/labels, RAW_DIR/Penn_Action/labels, or RAW_DIR itself. */
function findLabels(raw: RawFolder): { root: string; labels: string } {
  for (const root of ['', 'Penn_Action']) {
    const labels = slashed(root, 'labels')
    if (raw.stat(labels) !== null) return { root, labels }
  }
  if (raw.list('').some(({ name }) => /^\d{4,}\.mat$/.test(name))) return { root: '', labels: '' }
  throw noLabels(raw)
}

function noLabels({ dir }: RawFolder): ToolkitError {
  return new ToolkitError('E_RAW_EMPTY', `no label files (labels/0001.mat, ...) in ${dir}`,
    { hint: 'RAW_DIR is the unpacked folder Penn_Action, or the folder it lies in' })
}

function isComplete({ actionEntries, counts }: DatasetEntry, files: ReadonlySet<string>): boolean {
  const ranges = actionEntries.map(({ ids }) => ids).filter((ids) => ids !== null)
  if (ranges.length < actionEntries.length) return files.size === counts?.recordings
  const expected = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => `${String(first + at).padStart(4, '0')}.mat`))
  return files.size === expected.length && expected.every((name) => files.has(name))
}
