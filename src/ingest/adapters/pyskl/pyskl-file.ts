import type { Quarantined, SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { type RawFolder, sourceOf } from '../../raw-folder.ts'
import { readPickle } from '../../readers/pickle.ts'
import { nameOfAnnotation } from './pyskl-annotation.ts'
import { type PysklSplits, pysklSplits } from './pyskl-splits.ts'

/** An annotation file, unpickled. */
export type PysklFile = {
  readonly path: string
  /** The file as the provenance of its entry `index`. */
  source(index: number): SourceRef
  /** Entries that have a name no earlier one has, by their place in the list. */
  readonly entries: ReadonlyMap<number, { readonly name: string; readonly entry: ReadonlyMap<unknown, unknown> }>
  readonly splits: PysklSplits
  /** Entries without a name of their own. */
  readonly quarantined: readonly Quarantined[]
}

/** As much as Node.js reads at once. */
const MAX_BYTES = 2 ** 31 - 1

let latest: { readonly key: string; readonly file: PysklFile } | null = null

/**
 * Reads an annotation file of PYSKL or MMAction2 whole: `{"split": {name: [clip]}, "annotations": [entry]}`, or the list of entries alone. The one read last is
 * kept while its size and time of change stay, so that a thread unpickles it once. Throws ToolkitError, with the path, when it is nothing of the kind.
 */
export function openPyskl(raw: RawFolder, path: string): PysklFile {
  const stat = raw.stat(path)
  const key = JSON.stringify([raw.full(path), stat?.bytes, stat?.modified])
  if (latest?.key !== key) latest = { key, file: readPyskl(raw, path) }
  return latest.file
}

function readPyskl(raw: RawFolder, path: string): PysklFile {
  const file = raw.read(path, { maxBytes: MAX_BYTES })
  const source = sourceOf(file, 'annotations')
  const { annotations, lists } = partsOf(unpickle(file.bytes, path), path)
  const names = annotations.map(nameOfAnnotation)
  const first = new Map<string, number>()
  names.forEach((name, index) => { if (name !== null && !first.has(name)) first.set(name, index) })
  return {
    path,
    source: (index) => ({ ...source, place: placeOf(index) }),
    entries: new Map([...first].map(([name, index]) => [index, { name, entry: annotations[index] as ReadonlyMap<unknown, unknown> }])),
    splits: pysklSplits(lists, [...first.keys()]),
    quarantined: names.flatMap((name, index) => {
      if (name !== null && first.get(name) === index) return []
      const message = name === null ? 'the entry has no "frame_dir"' : `"${name}" is ${placeOf(first.get(name)!)} already`
      const place = { source: `${path}#${placeOf(index)}`, offset: null, sha256: source.sha256 }
      return [{ ...place, code: 'E_PYSKL_NAME', message, readmit: 'give every entry a name of its own' }]
    }),
  }
}

/** Where an entry lies in its file. */
export function placeOf(index: number): string {
  return `annotations[${index}]`
}

function unpickle(bytes: Uint8Array, path: string): unknown {
  try {
    return readPickle(bytes)
  } catch (cause) {
    if (!(cause instanceof ToolkitError)) throw cause
    throw new ToolkitError(cause.code, `${path}: ${cause.message}`, { cause, ...(cause.hint === undefined ? {} : { hint: cause.hint }) })
  }
}

function partsOf(value: unknown, path: string): { annotations: readonly unknown[]; lists: Map<string, readonly string[]> } {
  if (Array.isArray(value)) return { annotations: value, lists: new Map() }
  const annotations: unknown = value instanceof Map ? value.get('annotations') : null
  if (!Array.isArray(annotations)) throw broken(path, 'neither a dict with the list "annotations" nor a list of them')
  const split: unknown = (value as Map<unknown, unknown>).get('split') ?? new Map()
  if (!(split instanceof Map)) throw broken(path, '"split" is no dict of lists of names')
  const lists = [...split].map(([name, members]: [unknown, unknown]) => {
    if (typeof name !== 'string' || !Array.isArray(members) || !members.every((member) => typeof member === 'string')) {
      throw broken(path, `the split ${JSON.stringify(name)} is no list of names`)
    }
    return [name, members as string[]] as const
  })
  return { annotations, lists: new Map(lists) }
}

function broken(path: string, what: string): ToolkitError {
  return new ToolkitError('E_PYSKL_FILE', `${path}: ${what}`, { hint: 'an annotation file of PYSKL or MMAction2 is expected, such as ntu60_hrnet.pkl' })
}
