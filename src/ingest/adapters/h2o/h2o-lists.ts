import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined, SourceRef } from '../../../clip.ts'
import type { Side } from '../../../split.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder, slashed, sourceOf } from '../../raw-folder.ts'
import { FormatError } from '../../readers/format-error.ts'
import { type ActionRow, actionRows, type BadRow, type PoseRow, poseRows } from './h2o-list-rows.ts'

/** What the action lists say of one sequence. */
export type ListedSequence = {
  readonly side: Side
  /** As long as the list says: end_frame + 1. */
  readonly frames: number
  readonly actions: readonly ActionRow[]
  /** One per row. */
  readonly files: readonly SourceRef[]
}

/** What the pose lists say of one sequence and camera: frames in the order of the rows, and one file per run of rows. */
export type ListedPoses = { readonly frames: readonly number[]; readonly files: readonly SourceRef[] }

export type H2oLists = {
  readonly sequences: ReadonlyMap<string, ListedSequence>
  /** By `subject1/h1/0/cam4`. */
  readonly poses: ReadonlyMap<string, ListedPoses>
  readonly missing: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

const lists: readonly (readonly [name: string, side: Side])[] = [['train', 'train'], ['val', 'validation'], ['test', 'test']]

/**
 * Reads `action_{train,val,test}.txt` and `pose_{train,val,test}.txt`, in `label_split` or beside the subjects. Rows that do not fit are set aside, one entry
 * of the quarantine per list; a list without its header is set aside whole.
 */
export function readLists(raw: RawFolder, { classes }: DatasetEntry): H2oLists {
  const folder = raw.stat('label_split')?.isFolder === true ? 'label_split' : ''
  const sequences = new Map<string, { side: Side; frames: number; actions: ActionRow[]; files: SourceRef[] }>()
  const poses = new Map<string, { frames: number[]; files: SourceRef[] }>()
  const [missing, quarantined]: [string[], Quarantined[]] = [[], []]
  const read = (name: string, parse: (file: RawFile) => readonly BadRow[]): void => {
    const path = slashed(folder, name)
    if (raw.stat(path) === null) {
      missing.push(name)
      return
    }
    const file = orQuarantined(path, null, () => raw.read(path))
    const found = isQuarantined(file) ? file : orQuarantined(path, file, () => refuse(parse(file)))
    if (isQuarantined(found)) quarantined.push(found)
  }
  for (const [name, side] of lists) {
    read(`action_${name}.txt`, (file) => {
      const { rows, bad } = actionRows(file.bytes, { actions: classes['action']?.length ?? 0, isTaken: (sequence) => sequences.has(sequence) })
      for (const action of rows) {
        const known = sequences.get(action.sequence) ?? { side, frames: action.frames, actions: [], files: [] }
        known.actions.push(action)
        known.files.push(sourceOf(file, 'annotations', { place: `row ${action.row}` }))
        sequences.set(action.sequence, known)
      }
      return bad
    })
    read(`pose_${name}.txt`, (file) => {
      const { rows, bad } = poseRows(file.bytes)
      for (const { film, frames, place } of runsOf(rows)) {
        const known = poses.get(film) ?? { frames: [], files: [] }
        known.frames.push(...frames)
        known.files.push(sourceOf(file, 'annotations', { place }))
        poses.set(film, known)
      }
      return bad
    })
  }
  return { sequences, poses, missing, quarantined }
}

/** Neighbouring rows about one film. */
function runsOf(rows: readonly PoseRow[]): { film: string; frames: number[]; place: string }[] {
  const runs: { film: string; frames: number[]; first: number; last: number }[] = []
  for (const { film, frame, row } of rows) {
    const run = runs.at(-1)
    if (run === undefined || run.film !== film) runs.push({ film, frames: [frame], first: row, last: row })
    else {
      run.frames.push(frame)
      run.last = row
    }
  }
  return runs.map(({ first, last, ...run }) => ({ ...run, place: first === last ? `row ${first}` : `rows ${first} to ${last}` }))
}

/** Throws what is wrong with the first of the rows, and how many more there are. */
function refuse(bad: readonly BadRow[]): object {
  const [first, ...others] = bad
  if (first === undefined) return {}
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new FormatError('E_H2O_LIST', first.message + more, first.at, {
    hint: 'mend the list and run the same ingest again; its other rows are read as they are' })
}
