import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { listDatasets, readManifest } from '../store/index.ts'

/** One finding; `fix` = what to do, null where nothing is to be done. */
export type Check = { readonly name: string; readonly state: 'ok' | 'warn' | 'fail'; readonly detail: string; readonly fix: string | null }

const LEAST_DISK_GB = 2

/** Looks at Node, the native packages, the disk, the tools that are used where present, and the store's manifests. Runs and writes nothing. */
export async function examine({ storeDir, path }: { storeDir: string; path: string }): Promise<Check[]> {
  return [
    nodeCheck(process.versions.node),
    await loads('DuckDB', () => import('@duckdb/node-bindings'), 'npm ci'),
    await loads('ONNX Runtime', () => import('onnxruntime-node'), 'put the line onnxruntime-node-install=skip into .npmrc, then npm ci'),
    await diskCheck(storeDir),
    ...['ffmpeg', 'chromium', 'python3'].map((tool) => toolCheck(tool, path)),
    ...await storeChecks(storeDir),
  ]
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return { name: 'Node', state: ok ? 'ok' : 'fail', detail: version, fix: ok ? null : 'install Node 20.19 or newer' }
}

async function loads(name: string, load: () => Promise<unknown>, fix: string): Promise<Check> {
  try {
    await load()
    return { name, state: 'ok', detail: 'loads', fix: null }
  } catch (error) {
    return { name, state: 'fail', detail: error instanceof Error ? error.message.split('\n')[0]! : String(error), fix }
  }
}

async function diskCheck(storeDir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(existingParent(storeDir))
  const free = (bavail * bsize) / 1e9
  const ok = free >= LEAST_DISK_GB
  return { name: 'disk', state: ok ? 'ok' : 'warn', detail: `${free.toFixed(1)} GB free for "${storeDir}"`, fix: ok ? null : 'name a store on another disk with --store' }
}

function toolCheck(tool: string, path: string): Check {
  const found = path.split(delimiter).map((folder) => join(folder, tool)).find(isExecutable)
  return { name: tool, state: found === undefined ? 'warn' : 'ok', detail: found ?? 'not found; only what needs it is skipped', fix: found === undefined ? `install ${tool} if you want what needs it` : null }
}

async function storeChecks(storeDir: string): Promise<Check[]> {
  const datasets = await listDatasets(storeDir)
  if (datasets.length === 0) return [{ name: 'store', state: 'warn', detail: `nothing ingested in "${storeDir}"`, fix: `posetta ingest penn-action RAW_DIR --store ${storeDir}` }]
  return Promise.all(datasets.map(async (dataset): Promise<Check> => {
    try {
      const { counts, root } = await readManifest(storeDir, dataset)
      return { name: dataset, state: 'ok', detail: `${counts.clips} clips, root ${root.slice(0, 12)}`, fix: null }
    } catch (error) {
      return { name: dataset, state: 'fail', detail: error instanceof Error ? error.message : String(error), fix: `ingest ${dataset} again into "${storeDir}"` }
    }
  }))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function existingParent(folder: string): string {
  for (let at = resolve(folder); ; at = resolve(at, '..')) {
    try {
      accessSync(at)
      return at
    } catch {
      if (at === resolve(at, '..')) return at
    }
  }
}
