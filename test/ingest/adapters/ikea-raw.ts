import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Annotated, type RecordedScan, writeIkeaDatabase } from '../../../src/ingest/synthetic/ikea-asm/ikea-database.ts'
import { writeGtAction } from '../../../src/ingest/synthetic/ikea-asm/ikea-gt-action.ts'

/** The scan that tests are about. */
export const SCAN = 'Lack_TV_Bench/0001_black_table_02_01_2019_08_16_14_00'

/** A raw folder out of paths and what lies there; objects are written as JSON. */
export function ikeaFolder(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-ikea-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  }
  return folder
}

/** Adds a database with one film of 20 frames of every camera, and those rows in it. */
export function withDatabase(folder: string, rows: readonly Annotated[], scan: Partial<RecordedScan> = {}): string {
  const [furniture, name] = SCAN.split('/') as [string, string]
  writeIkeaDatabase(join(folder, 'ikea_annotation_db_full'), [
    { name, folder: furniture, frames: 20, annotationTime: 1, cameras: ['dev3', 'dev1', 'dev2'], rows, ...scan },
  ])
  return folder
}

/** `gt_segments.json` of that scan. */
export function segmentsFile(annotation: readonly (readonly [label: string, start: number, last: number])[], subset = 'training'): unknown {
  return { version: 'VERSION 1.3', database: { [SCAN]: { subset, annotation: annotation.map(([label, ...segment]) => ({ label, segment })) } } }
}

/** `gt_action.npy` of that scan. */
export function gtActionFile(labels: readonly number[]): Uint8Array {
  return writeGtAction([{ path: SCAN, labels: Uint8Array.from(labels) }])
}
