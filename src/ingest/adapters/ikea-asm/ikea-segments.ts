import type { Side } from '../../../split.ts'
import { ToolkitError } from '../../../errors.ts'
import { parseJson } from '../../readers/json-file.ts'

/** An entry of `gt_segments.json`. */
export type IkeaSegments = {
  readonly side: Side
  /** Frames start .. last, both included: runs of one class; runs of a single frame are left out of the file. */
  readonly runs: readonly { readonly start: number; readonly last: number; readonly number: number }[]
}

const sides: Readonly<Record<string, Side>> = { training: 'train', testing: 'test' }

/** Reads `gt_segments.json` of IKEA ASM, by scan; `classes` are the labels by number. Throws FormatError, E_IKEA_SEGMENTS. */
export function readIkeaSegments(bytes: Uint8Array, classes: readonly string[]): ReadonlyMap<string, IkeaSegments> {
  const database = field(parseJson(bytes), 'database')
  if (!isObject(database)) throw broken('there is no "database" of scans')
  const numbers = new Map(classes.map((label, number) => [label, number]))
  return new Map(Object.entries(database).map(([scan, entry]) => [scan, readEntry(scan, entry, numbers)]))
}

function readEntry(scan: string, entry: unknown, numbers: ReadonlyMap<string, number>): IkeaSegments {
  const [subset, annotation] = [field(entry, 'subset'), field(entry, 'annotation')]
  const side = typeof subset === 'string' ? sides[subset] : undefined
  if (side === undefined) throw broken(`the subset of ${scan} is ${JSON.stringify(subset)}; training and testing are known`)
  if (!Array.isArray(annotation)) throw broken(`${scan} has no list "annotation"`)
  const runs = annotation.map((one: unknown, at) => {
    const [label, segment] = [field(one, 'label'), field(one, 'segment')]
    const number = typeof label === 'string' ? numbers.get(label) : undefined
    if (number === undefined) throw broken(`annotation ${at} of ${scan} is labelled ${JSON.stringify(label)}, which is no class`)
    if (!isRange(segment)) throw broken(`annotation ${at} of ${scan} has the segment ${JSON.stringify(segment)}`)
    return { start: segment[0], last: segment[1], number }
  })
  const late = runs.findIndex(({ start }, at) => at > 0 && start <= runs[at - 1]!.last)
  if (late !== -1) throw broken(`annotation ${late} of ${scan} begins before the one before it has ended`)
  return { side, runs }
}

function isRange(segment: unknown): segment is [number, number] {
  return Array.isArray(segment) && segment.length === 2 && segment.every((frame) => Number.isInteger(frame) && frame >= 0 && frame < MAX_FRAMES)
    && segment[0] <= segment[1]
}

/** Eleven hours. */
const MAX_FRAMES = 1e6

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_IKEA_SEGMENTS', message)
}
