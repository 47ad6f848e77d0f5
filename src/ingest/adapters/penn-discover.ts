import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../adapter.ts'
import { type RawFolder, slashed } from '../raw-folder.ts'
import { TWIN_FILE } from '../twin-file.ts'

/** What is known of a video by names. */
export type PennFacts = {
  /** Folder of its frame files; null = there is no folder of frames at all. */
  readonly frames: string | null
  /** Its TCC phase labels; null = none. */
  readonly phases: string | null
  /** Where the keypoints come from: the catalog's word, or `synthetic` in a twin. */
  readonly source: string
}

/** Looks at names only: which videos have labels, which of them frames and phases, and whether that is the whole download. */
export function discoverPenn({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Plan<PennFacts> {
  const { root, labels } = findLabels(raw)
  const names = raw.list(labels).map(({ name }) => name)
  const files = names.filter((name) => name.endsWith('.mat') && !name.startsWith('.'))
  if (files.length === 0) throw noLabels(raw)
  const hasFrames = raw.stat(slashed(root, 'frames')) !== null
  const { phases, ignored } = findPhases(raw, root)
  const isTwin = raw.stat(slashed(root, TWIN_FILE)) !== null
  const items = files.map((name): PlanItem<PennFacts> => {
    const video = name.slice(0, -'.mat'.length)
    const path = slashed(labels, name)
    const facts = {
      frames: hasFrames && frames !== 'none' ? slashed(root, 'frames', video) : null,
      phases: phases.get(video) ?? null,
      source: isTwin ? 'synthetic' : entry.source,
    }
    return { id: `${entry.name}/${video}`, path, inputs: [path, ...(facts.frames === null ? [] : [facts.frames]), ...(facts.phases === null ? [] : [facts.phases])], facts }
  })
  return {
    items, hasFrames, quarantined: [],
    complete: !isTwin && isComplete(entry, new Set(files)),
    missing: [...(hasFrames ? [] : ['frames']), ...(phases.size > 0 ? [] : ['TCC phase labels'])],
    ignored: [...names.filter((name) => !files.includes(name)).map((name) => slashed(labels, name)), ...ignored].sort(),
  }
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

/** Phase files by video, and what else lies among them. Two files for one video would put it on two sides. */
function findPhases(raw: RawFolder, root: string): { phases: Map<string, string>; ignored: string[] } {
  const phases = new Map<string, string>()
  const ignored: string[] = []
  const folder = ['', root].map((base) => slashed(base, 'penn_action_labels')).find((path) => raw.stat(path) !== null)
  for (const path of folder === undefined ? [] : filesUnder(raw, folder)) {
    const video = /^(?:train|val)\/[^/]+\/(\d{4,})\.npy$/.exec(path.slice(folder!.length + 1))?.[1]
    if (video === undefined) {
      ignored.push(path)
      continue
    }
    const other = phases.get(video)
    if (other !== undefined) throw new ToolkitError('E_PENN_PHASES', `phase labels of video ${video} twice: ${other} and ${path}`, { hint: 'keep one of them' })
    phases.set(video, path)
  }
  return { phases, ignored }
}

function filesUnder(raw: RawFolder, folder: string): string[] {
  return raw.list(folder).flatMap(({ name, isFolder }) => (isFolder ? filesUnder(raw, slashed(folder, name)) : [slashed(folder, name)]))
}

function isComplete({ actionEntries, counts }: DatasetEntry, files: ReadonlySet<string>): boolean {
  const ranges = actionEntries.map(({ ids }) => ids).filter((ids) => ids !== null)
  if (ranges.length < actionEntries.length) return files.size === counts?.recordings
  const expected = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => `${String(first + at).padStart(4, '0')}.mat`))
  return files.size === expected.length && expected.every((name) => files.has(name))
}
