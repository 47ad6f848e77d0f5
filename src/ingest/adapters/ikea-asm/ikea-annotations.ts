import type { Quarantined } from '../../../clip.ts'
import { isQuarantined, type RawFolder } from '../../raw-folder.ts'
import { type IkeaDatabase, readIkeaDatabase } from './ikea-database.ts'
import { readGtAction } from './ikea-gt-action.ts'
import { readOnce, type SharedFile } from './ikea-read-once.ts'
import { type IkeaSegments, readIkeaSegments } from './ikea-segments.ts'

/** Where the files about many scans lie; null = not there. */
export type AnnotationPaths = {
  readonly database: string | null
  readonly segments: string | null
  readonly gtAction: string | null
  readonly train: string | null
  readonly test: string | null
}

/** What they say, each by scan; null = not there, or set aside. */
export type IkeaAnnotations = {
  readonly database: SharedFile<IkeaDatabase> | null
  readonly segments: SharedFile<ReadonlyMap<string, IkeaSegments>> | null
  /** Labels by frame, and the number of the scan in the file. */
  readonly gtAction: SharedFile<ReadonlyMap<string, { readonly at: number; readonly labels: Int8Array }>> | null
  /** The line of each scan, from 1. */
  readonly train: SharedFile<ReadonlyMap<string, number>> | null
  readonly test: SharedFile<ReadonlyMap<string, number>> | null
  readonly quarantined: readonly Quarantined[]
}

/** Reads all of them, each once in a process. `classes` are the labels by number. */
export function readAnnotations(raw: RawFolder, paths: AnnotationPaths, classes: readonly string[]): IkeaAnnotations {
  const quarantined: Quarantined[] = []
  const taken = <Content>(read: SharedFile<Content> | Quarantined | null): SharedFile<Content> | null => {
    if (read === null || !isQuarantined(read)) return read
    quarantined.push(read)
    return null
  }
  const list = (path: string | null, name: string): SharedFile<ReadonlyMap<string, number>> | null =>
    taken(path === null ? null : readOnce(raw, path, { name }, ({ bytes }) => readScanList(bytes)))
  const { database, segments, gtAction, train, test } = paths
  return {
    database: taken(database === null ? null : readOnce(raw, database, { name: 'database' }, () => readIkeaDatabase(raw.full(database)))),
    segments: taken(segments === null ? null : readOnce(raw, segments, { name: 'segments', by: classes }, ({ bytes }) => readIkeaSegments(bytes, classes))),
    gtAction: taken(gtAction === null ? null : readOnce(raw, gtAction, { name: 'gt_action', by: classes }, ({ bytes }) => readGtAction(bytes, classes.length))),
    train: list(train, 'train'), test: list(test, 'test'), quarantined,
  }
}

/** A list of the cross-environment split: one scan a line, as `Lack_TV_Bench/0001_...`. */
function readScanList(bytes: Uint8Array): ReadonlyMap<string, number> {
  const lines = Buffer.from(bytes).toString('utf8').split('\n').map((line) => line.trim())
  return new Map(lines.flatMap((line, at) => (line === '' ? [] : [[line, at + 1] as const])))
}
