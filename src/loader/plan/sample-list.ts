import type { SampleRef } from '../sample.ts'
import { countWindows, type WindowRule, windowAt } from './windows.ts'

/** The samples of some clips, in order of row and window. */
export type SampleList = {
  readonly clips: number
  readonly samples: number
  /** A sample when the list has been gone through `epoch` times before, and it has come `times` times in this epoch. */
  at(index: number, epoch: number, times: number): SampleRef
}

/** One sample for each clip, or for each window of each; `frames` [table] of the clips. Rows without a window have no sample. */
export function listOf(rows: Uint32Array, { frames, windows }: { readonly frames: Int32Array; readonly windows?: WindowRule | undefined }): SampleList {
  if (windows !== undefined) return listOfWindows(rows, frames, windows)
  return {
    clips: rows.length,
    samples: rows.length,
    at: (index, epoch, times) => ({ row: rows[index]!, epoch, repeat: times, window: null, partner: null }),
  }
}

/** Eight bytes for each clip, none for its windows: a window is found by bisection. */
function listOfWindows(rows: Uint32Array, frames: Int32Array, rule: WindowRule): SampleList {
  // [rows + 1] windows of the rows before
  const before = new Float64Array(rows.length + 1)
  for (let i = 0; i < rows.length; i++) before[i + 1] = before[i]! + countWindows(frames[rows[i]!]!, rule)
  return {
    clips: rows.length,
    samples: before[rows.length]!,
    at(index, epoch, times) {
      const i = lastAtMost(before, index)
      const row = rows[i]!
      return { row, epoch, repeat: times, window: windowAt(frames[row]!, rule, index - before[i]!), partner: null }
    },
  }
}

/** Where the last of the sorted numbers lies that is at most `value`; the first is. */
export function lastAtMost(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle
  }
  return low
}
