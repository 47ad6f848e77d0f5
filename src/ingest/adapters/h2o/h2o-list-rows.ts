import { FormatError } from '../../readers/format-error.ts'

/** One row of an action list: frames [start, end) of a sequence of `frames`; `number` null = the test list does not say what is done. */
export type ActionRow = {
  readonly sequence: string
  readonly frames: number
  readonly start: number
  readonly end: number
  readonly number: number | null
  /** From 1, the header included. */
  readonly row: number
}

/** One row of a pose list. */
export type PoseRow = {
  /** `subject1/h1/0/cam4` */
  readonly film: string
  readonly frame: number
  readonly row: number
}

/** A row that does not fit, with the byte where it begins. */
export type BadRow = { readonly row: number; readonly at: number; readonly message: string }

/** An hour at 30 frames a second is more than any sequence has, and what memory is made for. */
export const MAX_FRAMES = 100_000

export type ActionRules = {
  /** How many actions there are, the background included. */
  readonly actions: number
  /** Whether the list of another side names the sequence. */
  readonly isTaken: (sequence: string) => boolean
}

/**
 * Rows `id path [action_label] start_act end_act start_frame end_frame`, ends inclusive, by the names in the header; those that do not fit are left out.
 * Throws FormatError when the header is no action list's.
 */
export function actionRows(bytes: Buffer, { actions, isTaken }: ActionRules): { rows: ActionRow[]; bad: BadRow[] } {
  const [first, ...lines] = linesOf(bytes)
  const header = (first?.text ?? '').trim().split(/\s+/)
  const column = (name: string): number => header.indexOf(name)
  if (['path', 'start_act', 'end_act', 'end_frame'].some((name) => column(name) === -1)) {
    throw new FormatError('E_H2O_LIST', `row 1 is ${quoted(first?.text ?? '')}, not the header of an action list`, 0)
  }
  const lengths = new Map<string, number>()
  return sift(lines, ({ text, row }) => {
    const words = text.trim().split(/\s+/)
    if (words.length !== header.length) return `has ${words.length} columns, ${header.length} are expected`
    const whole = (name: string): number => (/^\d{1,6}$/.test(words[column(name)]!) ? Number(words[column(name)]) : NaN)
    const [sequence, start, last, frames] = [words[column('path')]!, whole('start_act'), whole('end_act'), whole('end_frame') + 1]
    const number = column('action_label') === -1 ? null : whole('action_label')
    if (!/^subject[1-4]\/[hko][12]\/\d+$/.test(sequence)) return 'names no sequence such as subject1/h1/0'
    if (number !== null && !(number < actions)) return `has no action of 0 to ${actions - 1}`
    if (!(start <= last && last < frames && frames <= MAX_FRAMES)) return `has no frames start_act <= end_act <= end_frame < ${MAX_FRAMES}`
    if (isTaken(sequence)) return 'names a sequence that is in the list of another side'
    const length = lengths.get(sequence) ?? frames
    if (length !== frames) return `ends in frame ${frames - 1}, an earlier row of ${sequence} in ${length - 1}`
    lengths.set(sequence, frames)
    return { sequence, frames, start, end: last + 1, number, row }
  })
}

/** Lines `subject1/h1/0/cam4/rgb/000000.png`; those that do not fit are left out. */
export function poseRows(bytes: Buffer): { rows: PoseRow[]; bad: BadRow[] } {
  return sift(linesOf(bytes), ({ text, row }) => {
    const match = /^(subject[1-4]\/[hko][12]\/\d+\/cam[0-4])\/rgb\/(\d{6})\.png$/.exec(text.trim())
    return match === null ? 'is no path such as subject1/h1/0/cam4/rgb/000000.png' : { film: match[1]!, frame: Number(match[2]), row }
  })
}

type Line = { readonly text: string; readonly row: number; readonly at: number }

/** What `parse` makes of each line that is not empty, and what it says of those that do not fit. */
function sift<R extends object>(lines: readonly Line[], parse: (line: Line) => R | string): { rows: R[]; bad: BadRow[] } {
  const rows: R[] = []
  const bad: BadRow[] = []
  for (const line of lines) {
    if (line.text.trim() === '') continue
    const read = parse(line)
    if (typeof read === 'string') bad.push({ row: line.row, at: line.at, message: `row ${line.row} is ${quoted(line.text)}: it ${read}` })
    else rows.push(read)
  }
  return { rows, bad }
}

function linesOf(bytes: Buffer): Line[] {
  let at = 0
  return bytes.toString('latin1').split('\n').map((line, index) => {
    const start = at
    at += line.length + 1
    return { text: line.replace(/\r$/, ''), row: index + 1, at: start }
  })
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
}
