import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { withDuck } from '../../../src/store/duckdb.ts'
import { temporaryFolder } from '../../store/folder.ts'

/** A folder out of paths and what lies there. */
export async function ownFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** An entry `mine` of the skeleton `stick` (top, left, right; in the files A, B, C) with a layout in YAML's flow form, and other lines; or of another skeleton. */
export async function ownEntry(adapter: string, layout: string, lines: readonly string[] = [], skeleton = 'stick'): Promise<DatasetEntry> {
  const folder = await ownFolder({ 'mine.yaml': `skeletons:
  stick: { note: null, joints: { top: A, left: B, right: C }, edges: [[top, left], [top, right]], pairs: [[left, right]] }
datasets:
  - name: mine
    title: Mine
    adapter: ${adapter}
    skeleton: ${skeleton}
    layout: ${layout}
${lines.map((line) => `    ${line}\n`).join('')}` })
  return entryOf(await readCatalog([join(folder, 'mine.yaml')]), 'mine')
}

/** A CSV file of the same rows as Parquet, types as DuckDB finds them. */
export async function toParquet(csv: string, parquet: string): Promise<void> {
  await withDuck((duck) => duck.run(`COPY (FROM read_csv('${csv}')) TO '${parquet}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`))
}
