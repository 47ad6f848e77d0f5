import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DatasetEntry, entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { type Exported, type ExportOptions, exportDataset } from '../../src/export/index.ts'
import { hashSides, type Split } from '../../src/split.ts'
import { readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'

const catalog = `
skeletons:
  two: { note: null, joints: { head: head, left_hand: hand }, edges: [[head, left_hand]], pairs: [] }
  three: { note: null, joints: { a: a, b: b, c: c }, edges: [[a, b], [b, c]], pairs: [] }
datasets:
  - { name: tiny, title: A tiny data set, adapter: pyskl, skeleton: two, otherSkeletons: [three], homepage: "https://tiny.example/", licence: for tests }
`

/** The catalog's entry of data sets made of `test/store/clips.ts`. */
export async function tinyEntry(change: Partial<DatasetEntry> = {}): Promise<DatasetEntry> {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'catalog.yaml'), catalog)
  return { ...entryOf(await readCatalog([join(folder, 'catalog.yaml')]), 'tiny'), ...change }
}

/** A store of those clips as `tiny`, and a split `half` of the sides that are given. */
export async function tinyStore(clips: readonly Clip[], sides?: Split['sides']): Promise<string> {
  const storeDir = join(await temporaryFolder(), 'store')
  mkdirSync(storeDir)
  const entry = await tinyEntry()
  await writeClips({ storeDir, dataset: 'tiny', skeletons: entry.skeletons, clips })
  const { root } = await readManifest(storeDir, 'tiny')
  if (sides !== undefined) await writeSplit(storeDir, { name: 'half', dataset: 'tiny', query: 'by hand', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
  return storeDir
}

/** Exports a data set into a new folder. */
export async function exported(options: Omit<ExportOptions, 'outputDir' | 'version' | 'entry'> & Partial<ExportOptions>): Promise<Exported> {
  return exportDataset({ entry: await tinyEntry(), outputDir: join(await temporaryFolder(), 'out'), version: '0.0.0', ...options })
}
