import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { type RawFolder, slashed } from '../../raw-folder.ts'
import { nameOf, recordSide } from './penn-phase-sources.ts'
import { listTccRecords, type TccRecord } from './tcc-records.ts'

/** Where phase labels lie, by video. */
export type FoundPhases = {
  /** TCC's .npy files. */
  readonly files: ReadonlyMap<string, string>
  /** TCC's records, in order of file and place. */
  readonly records: ReadonlyMap<string, readonly TccRecord[]>
  readonly ignored: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

/**
 * Looks for `penn_action_labels/{train,val}/<name>/NNNN.npy` and `penn_action_tfrecords/*_{train,val}-N(-of-M).tfrecord` in the raw folder or in `root`.
 * Throws E_PENN_PHASES for labels that put one video on two sides.
 */
export function findPhases(raw: RawFolder, root: string, videos: ReadonlySet<string>): FoundPhases {
  const { files, ignored } = findFiles(raw, root, videos)
  const found = findRecords(raw, root, videos)
  for (const [video, records] of found.records) {
    const other = files.has(video) ? undefined : records.find(({ path }) => recordSide(path) !== recordSide(records[0]!.path))
    if (other !== undefined) throw onTwoSides(video, nameOf(records[0]!), nameOf(other))
  }
  return { files, records: found.records, ignored: [...ignored, ...found.ignored], quarantined: found.quarantined }
}

function findFiles(raw: RawFolder, root: string, videos: ReadonlySet<string>): { files: Map<string, string>; ignored: string[] } {
  const files = new Map<string, string>()
  const ignored: string[] = []
  const folder = folderOf(raw, root, 'penn_action_labels')
  for (const path of folder === null ? [] : filesUnder(raw, folder)) {
    const video = /^(?:train|val)\/[^/]+\/(\d{4,})\.npy$/.exec(path.slice(folder!.length + 1))?.[1]
    if (video === undefined || !videos.has(video)) ignored.push(video === undefined ? path : `${path}: there is no label file of ${video}`)
    else if (files.has(video)) throw onTwoSides(video, files.get(video)!, path)
    else files.set(video, path)
  }
  return { files, ignored }
}

/** Two files for one video would put it on two sides. */
function onTwoSides(video: string, one: string, other: string): ToolkitError {
  return new ToolkitError('E_PENN_PHASES', `phase labels of video ${video} twice: ${one} and ${other}`, { hint: 'keep one of them' })
}

function findRecords(raw: RawFolder, root: string, videos: ReadonlySet<string>): Omit<FoundPhases, 'files'> {
  const records = new Map<string, TccRecord[]>()
  const ignored: string[] = []
  const quarantined: Quarantined[] = []
  const folder = folderOf(raw, root, 'penn_action_tfrecords')
  for (const path of folder === null ? [] : filesUnder(raw, folder)) {
    if (recordSide(path) === null) {
      ignored.push(path)
      continue
    }
    const shard = listTccRecords(raw, path)
    quarantined.push(...shard.quarantined)
    const others = shard.records.filter(({ name }) => !videos.has(videoOf(name)))
    const [first] = others
    const share = `${others.length} of ${shard.records.length} records`
    if (first !== undefined) ignored.push(`${path}: ${share} are of videos without a label file, the first "${first.name}"`)
    for (const record of shard.records) {
      const video = videoOf(record.name)
      if (videos.has(video)) records.set(video, [...records.get(video) ?? [], record])
    }
  }
  return { records, ignored, quarantined }
}

/** `0001` of `0001_baseball_pitch`. */
function videoOf(name: string): string {
  return name.split('_')[0]!
}

function folderOf(raw: RawFolder, root: string, name: string): string | null {
  return ['', root].map((base) => slashed(base, name)).find((path) => raw.stat(path)?.isFolder === true) ?? null
}

function filesUnder(raw: RawFolder, folder: string): string[] {
  return raw.list(folder).flatMap(({ name, isFolder }) => (isFolder ? filesUnder(raw, slashed(folder, name)) : [slashed(folder, name)]))
}
