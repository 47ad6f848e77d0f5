import { sha256 } from '../hash.ts'
import type { ClipSource, ClipTable, LabelColumn, LabelName } from './clip-source.ts'
import type { FrameSource } from './frames/index.ts'

/**
 * Several sources as one, in order of id: those of different data sets, whose ids do not lie among one another. An Error for others. What `keypoints` and `read` answer is that of
 * the source a row is of.
 */
export function joinSources(given: readonly ClipSource[]): ClipSource {
  const sources = inOrder(given)
  const [only] = sources
  if (only !== undefined && sources.length === 1) return only
  const placed = placesOf(sources)
  return {
    hash: sha256(...sources.map(({ hash }) => `${hash}\n`)),
    clips: joinedTable(sources.map(({ clips }) => clips), placed),
    memories: sources.flatMap(({ memories }) => memories),
    read: (row) => sources[placed.of(row)]!.read(row - placed.first(row)),
    shape: (row) => sources[placed.of(row)]!.shape(row - placed.first(row)),
    unit: (row) => sources[placed.of(row)]!.unit(row - placed.first(row)),
    keypoints: (row, first, end) => sources[placed.of(row)]!.keypoints(row - placed.first(row), first, end),
    confirm: () => sources.forEach((source) => source.confirm?.()),
    close: () => sources.forEach((source) => source.close()),
  }
}

/** The pictures of each of joined sources, by the rows of all; null = one of them has none. Whoever closes them closes what was given. */
export function joinPictures(given: readonly { readonly source: ClipSource; readonly pictures: FrameSource | null }[]): FrameSource | null {
  const sources = inOrder(given.map(({ source }) => source))
  const pictures = sources.map((source) => given.find((one) => one.source === source)!.pictures)
  const close = (): void => given.forEach((one) => {
    one.source.close()
    one.pictures?.close?.()
  })
  if (!isFull(pictures)) {
    close()
    return null
  }
  const placed = placesOf(sources)
  return {
    size: (row, recorded) => pictures[placed.of(row)]!.size?.(row - placed.first(row), recorded) ?? recorded,
    jpeg: (row, frame) => pictures[placed.of(row)]!.jpeg(row - placed.first(row), frame),
    place: (row) => pictures[placed.of(row)]!.place?.(row - placed.first(row)) ?? '',
    close,
  }
}

function isFull<T>(values: readonly (T | null)[]): values is readonly T[] {
  return values.every((value) => value !== null)
}

function inOrder(sources: readonly ClipSource[]): ClipSource[] {
  const sorted = sources.filter(({ clips }) => clips.count > 0).sort((a, b) => (a.clips.id(0) < b.clips.id(0) ? -1 : 1))
  for (const [i, { clips }] of sorted.entries()) {
    const before = sorted[i - 1]?.clips
    if (before !== undefined && before.id(before.count - 1) >= clips.id(0)) throw new Error(`the ids of two sources lie among one another: ${clips.id(0)} is not after ${before.id(before.count - 1)}`)
  }
  return sorted
}

type Placed = { of(row: number): number; first(row: number): number }

/** Which source a row of all is of, and that source's first row. */
function placesOf(sources: readonly ClipSource[]): Placed {
  const firsts: number[] = []
  let rows = 0
  for (const { clips } of sources) {
    firsts.push(rows)
    rows += clips.count
  }
  const of = (row: number): number => firsts.findLastIndex((first) => first <= row)
  return { of, first: (row) => firsts[of(row)]! }
}

function joinedTable(tables: readonly ClipTable[], placed: Placed): ClipTable {
  const columns = new Map<LabelName, LabelColumn>()
  return {
    count: tables.reduce((sum, { count }) => sum + count, 0),
    id: (row) => tables[placed.of(row)]!.id(row - placed.first(row)),
    frames: concatenated(tables.map(({ frames }) => frames)),
    label(name) {
      if (!columns.has(name)) columns.set(name, joinedColumn(tables.map((table) => table.label(name))))
      return columns.get(name)!
    },
  }
}

/** Codes into the names of all, sorted. */
function joinedColumn(columns: readonly LabelColumn[]): LabelColumn {
  const names = [...new Set(columns.flatMap((column) => column.names))].sort()
  const codes = new Map(names.map((name, code) => [name, code]))
  return { names, codes: concatenated(columns.map((column) => column.codes.map((code) => (code === -1 ? -1 : codes.get(column.names[code]!)!)))) }
}

function concatenated(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
