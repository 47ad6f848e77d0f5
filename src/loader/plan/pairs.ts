import { type Random, randomAt } from '../../random.ts'
import type { ClipTable, LabelName } from '../clip-source.ts'
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
  const [first, second] = [clips.label(same), clips.label(differs)]
  const both = rowsThat((row) => first.codes[row]! >= 0 && second.codes[row]! >= 0, rows)
  const sorted = sortedBy(sortedBy(both, second.codes, second.names.length), first.codes, first.names.length)
  const firstStarts = startsOf(sorted, first.codes, first.names.length)
  // [table] where the run of a row's two labels starts and ends in `sorted`
  const starts = new Uint32Array(clips.count)
  const ends = new Uint32Array(clips.count)
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const [one, other] = [first.codes[sorted[start]!], second.codes[sorted[start]!]]
    while (end < sorted.length && first.codes[sorted[end]!] === one && second.codes[sorted[end]!] === other) end++
    for (let i = start; i < end; i++) {
      starts[sorted[i]!] = start
      ends[sorted[i]!] = end
    }
  }
  return {
    count(row) {
      if (starts[row] === ends[row]) return 0
      const label = first.codes[row]!
      return firstStarts[label + 1]! - firstStarts[label]! - (ends[row]! - starts[row]!)
    },
    at(row, i) {
      const place = firstStarts[first.codes[row]!]! + i
      return sorted[place < starts[row]! ? place : place + ends[row]! - starts[row]!]!
    },
  }
}

/** Draws one of a row's partners, each as likely as the next: at the place (seed, epoch, clip, transform `pair`, position = repeat). */
export function drawPartner(
  partners: Partners, { row, epoch, repeat }: { readonly row: number; readonly epoch: number; readonly repeat: number }, { seed, clip }: { readonly seed: number; readonly clip: string },
): number {
  const random: Pick<Random, 'integer'> = randomAt({ seed, epoch, clip, transform: 'pair', position: repeat })
  return partners.at(row, random.integer(partners.count(row)))
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
