import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import type { Split } from '../split.ts'
import { withDuck } from '../store/duckdb.ts'
import { EXPORT_FILE, type ExportKind } from '../store/export-files.ts'
import { type ExportManifest, parseExportManifest } from '../store/export-manifest.ts'
import { hashFile } from '../store/hash-file.ts'
import { columnsOf, datasetFolder, type Manifest, tableFiles, trustFiles } from '../store/index.ts'
import { readRows } from '../store/read-parquet.ts'
import type { ExportFormat } from './format.ts'
import { labelMap } from './label-map.ts'

/** What an export is made of, known before it is: the same request makes the same bytes. */
export type ExportRequest = Omit<ExportManifest, 'clips' | 'frames' | 'clipsRoot' | 'leftOut' | 'files'>

type Asked = {
  readonly storeDir: string
  readonly entry: DatasetEntry
  readonly kind: ExportKind
  readonly format: ExportFormat
  readonly writer: string
  readonly withPictures: boolean
}

/** Settles what is asked for. Throws E_EXPORT_LICENCE when pictures would go along that may not be passed on. */
export async function settleRequest(asked: Asked, manifest: Manifest, split: Split | null): Promise<ExportRequest> {
  const { storeDir, entry, kind, format, writer, withPictures } = asked
  const { name: dataset, title, licence, redistribution, homepage, citation } = entry
  const pictures = withPictures && format.holdsPictures && manifest.shards.some(({ files }) => files.some(({ file }) => file.startsWith('pictures-')))
  if (pictures && !redistribution.frames) {
    throw new ToolkitError('E_EXPORT_LICENCE', `the store has the frames of ${dataset}, and they may not be passed on: its licence is "${licence}"`, {
      hint: '--no-frames exports joints and labels; your own frames go along where your catalog says redistribution: { annotations: true, frames: true }' })
  }
  const sides = split === null ? {} : Object.fromEntries(Object.entries(split.sides).map(([side, ids]) => [side, ids?.length ?? 0]))
  return {
    format: 1, kind, dataset, title, licence, redistribution, homepage, citation, root: manifest.root,
    split: split === null ? null : { name: split.name, hash: split.hash, sides }, pictures,
    labels: labelMap(entry, await actionsIn(storeDir, manifest)), writer,
  }
}

const clipColumns = columnsOf('clips').filter(({ name }) => name === 'action')

async function actionsIn(storeDir: string, manifest: Manifest): Promise<Set<string>> {
  await trustFiles(datasetFolder(storeDir, manifest.dataset), manifest.shards, ({ table }) => table === 'clips')
  const rows = await withDuck((duck) => readRows(duck, { files: tableFiles(storeDir, manifest, 'clips') }, clipColumns))
  return new Set(rows.flatMap(([action]) => (action === null ? [] : [String(action)])))
}

/**
 * The export of the same request that lies in a folder already, every file of it as it was written; null when the folder holds no export. Throws E_EXPORT_DIR
 * when it is another one, or is not as it was written.
 */
export async function findExport(output: string, request: ExportRequest): Promise<ExportManifest | null> {
  const path = join(output, EXPORT_FILE)
  if (!existsSync(path)) return null
  const found = parseExportManifest(await readFile(path, 'utf8'), path)
  const other = (Object.keys(request) as (keyof ExportRequest)[]).find((key) => JSON.stringify(found[key]) !== JSON.stringify(request[key]))
  const hint = 'give a new folder, or remove this one'
  if (other !== undefined) {
    throw new ToolkitError('E_EXPORT_DIR', `"${output}" holds another export: its ${other} is ${shown(found[other])}, not ${shown(request[other])}`, { hint })
  }
  for (const { file, bytes, sha256 } of found.files) {
    const size = await stat(join(output, file)).then((stats) => stats.size, () => null)
    if (size === bytes && await hashFile(join(output, file)) === sha256) continue
    const what = size === null ? 'is missing' : 'was changed after it was written'
    throw new ToolkitError('E_EXPORT_DIR', `"${output}" holds this export, and ${file} ${what}`, { hint })
  }
  return found
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= 100 ? text : `${text.slice(0, 97)}...`
}
