import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { shellWord } from '../shell-word.ts'
import type { Check } from './check.ts'
import { examineDevices } from './examine-devices.ts'
import { examineStore } from './examine-store.ts'
import type { Environment } from './provider-probe.ts'

const LEAST_DISK_GB = 2

/** Looks at Node, the native packages, the devices, the disk, the tools that are used where present, and the store's files by name and size. Writes nothing. */
export async function examine({ storeDir, environment }: { storeDir: string; environment: Environment }): Promise<Check[]> {
  const devices = examineDevices(environment)
  return [
    nodeCheck(process.versions.node),
    await loads('DuckDB', () => import('@duckdb/node-bindings'), 'npm ci'),
    await loads('ONNX Runtime', () => import('onnxruntime-node'), 'put the line onnxruntime-node-install=skip into .npmrc, then npm ci'),
    await loads('JPEG decoder', async () => (await import('../loader/frames/jpeg-codec.ts')).codec(), 'npm install --include=optional # only batches with pictures need it', 'warn'),
    await diskCheck(storeDir),
    ...['ffmpeg', 'chromium', 'python3'].map((tool) => toolCheck(tool, environment['PATH'] ?? '')),
    ...await devices,
    ...await examineStore(storeDir),
  ]
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const ok = major > 20 || (major === 20 && minor >= 19)
  return { name: 'Node', state: ok ? 'ok' : 'fail', detail: version, fix: ok ? null : 'nvm install 22' }
}

async function loads(name: string, load: () => Promise<unknown>, fix: string, otherwise: 'fail' | 'warn' = 'fail'): Promise<Check> {
  try {
    await load()
    return { name, state: 'ok', detail: 'loads', fix: null }
  } catch (error) {
    return { name, state: otherwise, detail: error instanceof Error ? error.message.split('\n')[0]! : String(error), fix }
  }
}

async function diskCheck(storeDir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(existingParent(storeDir))
  const free = (bavail * bsize) / 1e9
  const ok = free >= LEAST_DISK_GB
  const fix = ok ? null : `posetta gc --yes --store ${shellWord(storeDir)} # or name a store on another disk with --store`
  return { name: 'disk', state: ok ? 'ok' : 'warn', detail: `${free.toFixed(1)} GB free for "${storeDir}"`, fix }
}

/** How to come by a tool, by this machine's usual means. */
const installing: Readonly<Record<string, string>> = process.platform === 'darwin'
  ? { ffmpeg: 'brew install ffmpeg', chromium: 'brew install --cask chromium', python3: 'brew install python' }
  : { ffmpeg: 'sudo apt-get install ffmpeg', chromium: 'sudo apt-get install chromium', python3: 'sudo apt-get install python3' }

function toolCheck(tool: string, path: string): Check {
  const found = path.split(delimiter).map((folder) => join(folder, tool)).find(isExecutable)
  if (found !== undefined) return { name: tool, state: 'ok', detail: found, fix: null }
  return { name: tool, state: 'warn', detail: 'not found; only what needs it is skipped', fix: installing[tool]! }
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
