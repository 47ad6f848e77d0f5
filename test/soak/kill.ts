import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { randomAt } from '../../src/random.ts'
import { root } from '../sources.ts'

/** How far a killed ingest had come, by what it left behind. */
export type Stage = 'nothing written' | 'writing the first shard' | 'between shards' | 'all shards done' | 'committed, tidying up' | 'ended before'

/** Kills an ingest at random moments, each time followed by the same command to its end: the store must be, byte for byte, that of an undisturbed run. */
export async function killIngests(kills: number): Promise<Record<Stage, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-kill-'))
  const [raw, store] = [join(folder, 'raw'), join(folder, 'store')]
  const posetta = (...args: string[]): string[] => [join(root, 'bin/run.js'), ...args, '--json']
  const finish = (args: string[]): void => {
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`exit ${status}: ${stdout}`)
  }
  try {
    finish(posetta('synth', 'penn-action', raw, '--clips', '600'))
    const ingest = posetta('ingest', 'penn-action', raw, '--store', store)
    const began = performance.now()
    finish(ingest)
    const [duration, fresh, receipts] = [performance.now() - began, fingerprint(store), textsIn(join(store, 'penn-action/receipts'))]
    // every other time into a store that stands and holds another reading (a new fps): what was there must survive too
    const other = [...ingest, '--fps', '25']
    finish(other)
    finish(ingest)
    const over = fingerprint(store)
    const stages: Record<Stage, number> = {
      'nothing written': 0, 'writing the first shard': 0, 'between shards': 0, 'all shards done': 0, 'committed, tidying up': 0, 'ended before': 0 }
    for (let kill = 0; kill < kills; kill++) {
      rmSync(store, { recursive: true, force: true })
      if (kill % 2 === 1) for (const command of [ingest, other]) finish(command)
      const before = manifestOf(store)
      const child = spawn(process.execPath, ingest, { stdio: 'ignore' })
      const closed = new Promise((resolve) => { child.on('close', resolve) })
      await setTimeout(duration * randomAt({ seed: 5, position: kill }).uniform())
      const hasEnded = child.exitCode !== null
      child.kill('SIGKILL')
      await closed
      stages[hasEnded ? 'ended before' : stageOf(store, before, receipts)]++
      if (before !== null && manifestOf(store) === null) throw new Error(`kill ${kill} lost the store that stood before`)
      finish(ingest)
      if (fingerprint(store) !== (kill % 2 === 1 ? over : fresh)) throw new Error(`kill ${kill}: the store differs from that of an undisturbed run`)
    }
    return stages
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function stageOf(store: string, before: string | null, receipts: readonly string[]): Stage {
  if (!existsSync(join(store, 'penn-action/.staging'))) return 'nothing written'
  if (manifestOf(store) !== before) return 'committed, tidying up'
  const done = textsIn(join(store, 'penn-action/receipts')).filter((text) => receipts.includes(text)).length
  return done === 0 ? 'writing the first shard' : done < receipts.length ? 'between shards' : 'all shards done'
}

function manifestOf(store: string): string | null {
  const file = join(store, 'penn-action/manifest.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function textsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : []
}

/** Names and bytes of every file of a folder, as one hash. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name)).sort()) {
    hash.update(entry).update('\0').update(readFileSync(entry))
  }
  return hash.digest('hex')
}
