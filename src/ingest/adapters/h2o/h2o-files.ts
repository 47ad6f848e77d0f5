import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined, SourceRef, SourceRole } from '../../../clip.ts'
import { isQuarantined, orQuarantined, type RawFolder, slashed, sourceOf } from '../../raw-folder.ts'
import { FormatError } from '../../readers/format-error.ts'
import { readNumbers } from '../../readers/number-text.ts'
import type { H2oFacts } from './h2o-discover.ts'
import { type Kind, KINDS, kinds } from './h2o-folders.ts'
import { MAX_FRAMES } from './h2o-list-rows.ts'

/** What a file is, and whose classes its first number is of. */
const readings: Readonly<Record<Kind, { readonly role: SourceRole; readonly track: string | null }>> = {
  cam_pose: { role: 'camera', track: null },
  hand_pose: { role: 'keypoints', track: null },
  hand_pose_mano: { role: 'keypoints', track: null },
  obj_pose: { role: 'keypoints', track: 'object' },
  obj_pose_rt: { role: 'keypoints', track: 'object' },
  action_label: { role: 'label', track: 'action' },
  verb_label: { role: 'label', track: 'verb' },
}

/** The text files of one kind, frame by frame. */
type Series = {
  /** [T][count]; null where the file of a frame is missing or unreadable, and without a folder. */
  readonly values: readonly (Float64Array | null)[]
  readonly sources: readonly SourceRef[]
  readonly quarantined: readonly Quarantined[]
}

export type H2oNumbers = {
  readonly frames: number
  /** A folder has fewer or more files than that. */
  readonly isUneven: boolean
  readonly series: Readonly<Record<Kind, Series>>
}

/** Reads every text file of a film; as many frames as the lists say, or as the longest folder has. Throws E_RAW_READ for a folder that cannot be listed. */
export function readFrames(raw: RawFolder, { folders, frames: listed }: Pick<H2oFacts, 'folders' | 'frames'>, entry: DatasetEntry): H2oNumbers {
  const names = kinds.map((kind) => ({ kind, folder: folders[kind], names: namesIn(raw, folders[kind]) }))
  const lengths = names.filter(({ folder }) => folder !== undefined).map((one) => [...one.names.keys()].reduce((most, frame) => Math.max(most, frame + 1), 0))
  const frames = listed ?? Math.max(0, ...lengths)
  if (frames > MAX_FRAMES) throw new FormatError('E_H2O_FRAMES', `the last file is of frame ${frames - 1}; at most ${MAX_FRAMES} frames are read`, 0)
  const classesOf = (kind: Kind): readonly string[] | null => entry.classes[readings[kind].track ?? ''] ?? null
  const series = Object.fromEntries(names.map((one) => [one.kind, readSeries(raw, { ...one, classes: classesOf(one.kind) }, frames)]))
  return { frames, isUneven: lengths.some((length) => length !== frames), series: series as Record<Kind, Series> }
}

type Place = {
  readonly kind: Kind
  readonly folder: string | undefined
  readonly names: ReadonlyMap<number, string>
  /** null = its first number is of no class. */
  readonly classes: readonly string[] | null
}

function readSeries(raw: RawFolder, place: Place, frames: number): Series {
  const { kind, folder, names } = place
  const values: (Float64Array | null)[] = Array.from({ length: frames }, () => null)
  const [sources, quarantined]: [SourceRef[], Quarantined[]] = [[], []]
  if (folder === undefined) return { values, sources, quarantined }
  for (let frame = 0; frame < frames; frame++) {
    const name = names.get(frame)
    if (name === undefined) continue
    const path = slashed(folder, name)
    const file = orQuarantined(path, null, () => raw.read(path))
    const numbers = isQuarantined(file) ? file : orQuarantined(path, file, () => numbersIn(file.bytes, place))
    if (isQuarantined(file) || isQuarantined(numbers)) quarantined.push(numbers as Quarantined)
    else {
      values[frame] = numbers
      sources.push(sourceOf(file, readings[kind].role, { frame }))
    }
  }
  return { values, sources, quarantined: [...quarantined, ...gapsIn(folder, names, frames)] }
}

function numbersIn(bytes: Buffer, { kind, classes }: Place): Float64Array {
  const numbers = readNumbers(bytes, KINDS[kind])
  const { track } = readings[kind]
  if (track !== null && classes !== null && classes[numbers[0]!] === undefined) {
    throw new FormatError('E_H2O_CLASS', `${numbers[0]} is no ${track}; there are 0 to ${classes.length - 1}`, 0)
  }
  return numbers
}

function namesIn(raw: RawFolder, folder: string | undefined): Map<number, string> {
  const names = folder === undefined ? [] : raw.list(folder).flatMap(({ name }) => (/^\d{6}\.txt$/i.test(name) ? [name] : []))
  return new Map(names.map((name) => [Number(name.slice(0, 6)), name]))
}

/** Frames without a file: one entry for each run of them, under the name of the first. */
function gapsIn(folder: string, names: ReadonlyMap<number, string>, frames: number): Quarantined[] {
  const gaps: Quarantined[] = []
  for (let start = 0, end; start < frames; start = end + 1) {
    end = start
    while (end < frames && !names.has(end)) end++
    const which = end === start + 1 ? `frame ${start}` : `frames ${start} to ${end - 1}`
    if (end > start) gaps.push(missingFile(slashed(folder, `${String(start).padStart(6, '0')}.txt`), which))
  }
  return gaps
}

/** A file that should be there as an entry of the quarantine. */
export function missingFile(source: string, of: string): Quarantined {
  return {
    source, code: 'E_H2O_MISSING', message: `there is no file of ${of}`, offset: null, sha256: null,
    readmit: 'extract the archive again and run the same ingest: what was added is read' }
}
