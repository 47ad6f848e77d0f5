import { randomAt } from '../../random.ts'
import type { ClipTable, LabelName } from '../clip-source.ts'
import type { SampleRef } from '../sample.ts'
import { rowsThat } from './rows-that.ts'

/** Who may be paired with whom: clips of the same label of one name and different labels of the other. */
export type Partners = {
  /** How many clips a row may be paired with; 0 for a row without one of the labels, which is no partner either. */
  count(row: number): number
  /** The i-th of them, in order of the other label and row. */
  at(row: number, i: number): number
}

/**
 * Partners among the rows: these are sorted by (same, differs, row), so that a row's partners are all of its first label but the run of its second.
 * Twelve bytes a clip of the table.
 */
export function partnersOf(rows: Uint32Array, clips: ClipTable, { same, differs }: { readonly same: LabelName; readonly differs: LabelName }): Partners {
  const { codes: firsts, names: firstNames } = clips.label(same)
  const { codes: seconds, names: secondNames } = clips.label(differs)
  const both = rowsThat((row) => firsts[row]! >= 0 && seconds[row]! >= 0, rows)
  const sorted = sortedBy(sortedBy(both, seconds, secondNames.length), firsts, firstNames.length)
  const starts = startsOf(both, firsts, firstNames.length)
  const runs = runsOf(sorted, { firsts, seconds })
  return {
    count(row) {
      const [start, end] = [runs[2 * row]!, runs[2 * row + 1]!]
      return start === end ? 0 : starts[firsts[row]! + 1]! - starts[firsts[row]!]! - (end - start)
    },
    at(row, i) {
      const [start, end] = [runs[2 * row]!, runs[2 * row + 1]!]
      const place = starts[firsts[row]!]! + i
      return sorted[place < start ? place : place + end - start]!
    },
  }
}

/** [table, 2] where the run of a row's two labels starts and ends in `sorted`; 0 0 for a row that is not there. */
function runsOf(sorted: Uint32Array, { firsts, seconds }: { readonly firsts: Int32Array; readonly seconds: Int32Array }): Uint32Array {
  const runs = new Uint32Array(2 * firsts.length)
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const [first, second] = [firsts[sorted[start]!], seconds[sorted[start]!]]
    while (end < sorted.length && firsts[sorted[end]!] === first && seconds[sorted[end]!] === second) end++
    for (let i = start; i < end; i++) {
      const row = sorted[i]!
      runs[2 * row] = start
      runs[2 * row + 1] = end
    }
  }
  return runs
}

/** Draws one of a row's partners, each as likely as the next: at the place (seed, epoch, clip, transform `pair`, position = repeat). */
export function drawPartner(
  partners: Partners, { row, epoch, repeat }: Pick<SampleRef, 'row' | 'epoch' | 'repeat'>, { seed, clip }: { readonly seed: number; readonly clip: string },
): number {
  return partners.at(row, randomAt({ seed, epoch, clip, transform: 'pair', position: repeat }).integer(partners.count(row)))
}

/** Rows in order of their code, those of one code in the order they had: a counting sort. */
function sortedBy(rows: Uint32Array, codes: Int32Array, names: number): Uint32Array {
  const next = startsOf(rows, codes, names)
  const sorted = new Uint32Array(rows.length)
  for (const row of rows) sorted[next[codes[row]!]!++] = row
  return sorted
}

/** [names + 1] how many rows have a smaller code. */
function startsOf(rows: Uint32Array, codes: Int32Array, names: number): Uint32Array {
  const starts = new Uint32Array(names + 1)
  for (const row of rows) starts[codes[row]! + 1]!++
  for (let code = 0; code < names; code++) starts[code + 1]! += starts[code]!
  return starts
}
