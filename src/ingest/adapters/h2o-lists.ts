import type { Quarantined } from '../../clip.ts'
import type { Side } from '../../split.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder, slashed } from '../raw-folder.ts'
import { FormatError } from '../readers/format-error.ts'

/** One row of an action list: frames [start, end) of a sequence; `number` null = the test list does not say what is done. */
export type ListedAction = { readonly start: number; readonly end: number; readonly number: number | null; readonly list: string; readonly row: number }

/** What the lists say of one sequence. */
export type ListedSequence = {
  readonly side: Side
  /** As long as the list says: end_frame + 1. */
  readonly frames: number
  readonly actions: readonly ListedAction[]
}

export type H2oLists = {
  readonly sequences: ReadonlyMap<string, ListedSequence>
  /** Frames in the pose lists, sorted, by `subject1/h1/0/cam4`. */
  readonly poses: ReadonlyMap<string, readonly number[]>
  readonly files: readonly RawFile[]
  readonly missing: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

const lists = [['train', 'train'], ['val', 'validation'], ['test', 'test']] as const

/** The folder of the lists: `label_split`, or the raw folder itself. */
export function listFolder(raw: RawFolder): string {
  return raw.stat('label_split')?.isFolder === true ? 'label_split' : ''
}

/** Reads `action_{train,val,test}.txt` and `pose_{train,val,test}.txt`; a list with a row that does not fit is set aside whole. */
export function readLists(raw: RawFolder): H2oLists {
  const folder = listFolder(raw)
  const sequences = new Map<string, { side: Side; frames: number; actions: ListedAction[] }>()
  const poses = new Map<string, number[]>()
  const files: RawFile[] = []
  const [missing, quarantined]: [string[], Quarantined[]] = [[], []]
  const read = (name: string, parse: (lines: readonly string[], path: string) => void): void => {
    const path = slashed(folder, name)
    if (raw.stat(path) === null) {
      missing.push(`the list ${name}`)
      return
    }
    const file = orQuarantined(path, null, () => raw.read(path))
    if (isQuarantined(file)) {
      quarantined.push(file)
      return
    }
    const bad = orQuarantined(path, file, () => {
      parse(file.bytes.toString('utf8').split(/\r?\n/), path)
      return {}
    })
    if (isQuarantined(bad)) quarantined.push(bad)
    else files.push(file)
  }
  for (const [name, side] of lists) {
    read(`action_${name}.txt`, (lines, path) => {
      for (const { sequence, frames, ...action } of actionRows(lines, path)) {
        const known = sequences.get(sequence)
        if (known === undefined) sequences.set(sequence, { side, frames, actions: [action] })
        else known.actions.push(action)
      }
    })
    read(`pose_${name}.txt`, (lines, path) => {
      for (const { film, frame } of poseRows(lines, path)) {
        const known = poses.get(film)
        if (known === undefined) poses.set(film, [frame])
        else known.push(frame)
      }
    })
  }
  for (const frames of poses.values()) frames.sort((a, b) => a - b)
  return { sequences, poses, files, missing, quarantined }
}

const PATH = /^subject[1-4]\/[hko][12]\/\d+$/

/** Rows `id path [action_label] start_act end_act start_frame end_frame`, both ends inclusive. */
function actionRows(lines: readonly string[], list: string): (ListedAction & { sequence: string; frames: number })[] {
  const header = (lines[0] ?? '').trim().split(/\s+/)
  const columns = ['path', 'action_label', 'start_act', 'end_act', 'end_frame'].map((name) => header.indexOf(name))
  if (columns.some((column, at) => column === -1 && at !== 1)) throw new FormatError('E_H2O_LIST', `row 1 is ${JSON.stringify(lines[0])}, not the header of an action list`, 0)
  let offset = 0
  return lines.flatMap((line, row) => {
    const at = offset
    offset += Buffer.byteLength(line) + 1
    const words = line.trim().split(/\s+/)
    if (row === 0 || words[0] === '') return []
    const [sequence = ''] = columns.map((column) => words[column] ?? '')
    const [label, first, last, end] = columns.slice(1).map((column) => (column === -1 ? null : Number(words[column]))) as [number | null, number, number, number]
    const isWhole = words.length === header.length && PATH.test(sequence) && [label ?? 0, first, last, end].every((value) => Number.isInteger(value) && value >= 0)
    if (!isWhole || first > last || last > end) throw new FormatError('E_H2O_LIST', `row ${row + 1} is ${JSON.stringify(line)}`, at)
    return [{ sequence, frames: end + 1, start: first, end: last + 1, number: label, list, row: row + 1 }]
  })
}

/** Lines `subject1/h1/0/cam4/rgb/000000.png`. */
function poseRows(lines: readonly string[], list: string): { film: string; frame: number }[] {
  let offset = 0
  return lines.flatMap((line, row) => {
    const at = offset
    offset += Buffer.byteLength(line) + 1
    if (line.trim() === '') return []
    const match = /^(subject[1-4]\/[hko][12]\/\d+\/cam[0-4])\/rgb\/(\d{6})\.png$/.exec(line.trim())
    if (match === null) throw new FormatError('E_H2O_LIST', `row ${row + 1} of ${list} is ${JSON.stringify(line)}`, at)
    return [{ film: match[1]!, frame: Number(match[2]) }]
  })
}
