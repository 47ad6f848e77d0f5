import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { randomAt } from '../../src/random.ts'
import { root } from '../sources.ts'

/** Kills an ingest at random moments, each time followed by the same command to its end: the store must be, byte for byte, that of an undisturbed run. */
export async function killIngests(kills: number): Promise<{ early: number; late: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-kill-'))
  const [raw, store] = [join(folder, 'raw'), join(folder, 'store')]
  const posetta = (...args: string[]): string[] => [join(root, 'bin/run.js'), ...args, '--json']
  const finish = (args: string[]): void => {
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`exit ${status}: ${stdout}`)
  }
  try {
    finish(posetta('synth', 'penn-action', raw, '--clips', '300'))
    const ingest = posetta('ingest', 'penn-action', raw, '--store', store)
    const began = performance.now()
    finish(ingest)
    const [duration, undisturbed] = [performance.now() - began, fingerprint(store)]
    const counts = { early: 0, late: 0 }
    for (let kill = 0; kill < kills; kill++) {
      // every other time into a store that stands: what was there must survive too
      if (kill % 2 === 0) rmSync(store, { recursive: true, force: true })
      const child = spawn(process.execPath, ingest, { stdio: 'ignore' })
      const closed = new Promise((resolve) => { child.on('close', resolve) })
      await setTimeout(duration * randomAt({ seed: 5, position: kill }).uniform())
      counts[child.exitCode === null ? 'early' : 'late']++
      child.kill('SIGKILL')
      await closed
      if (kill % 2 === 1 && fingerprint(store) !== undisturbed && !existsSync(join(store, 'penn-action/manifest.json'))) throw new Error(`kill ${kill} lost the store that stood before`)
      finish(ingest)
      if (fingerprint(store) !== undisturbed) throw new Error(`kill ${kill}: the store differs from an undisturbed run`)
    }
    return counts
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Names and bytes of every file of a folder, as one hash. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name)).sort()) {
    hash.update(entry).update('\0').update(readFileSync(entry))
  }
  return hash.digest('hex')
}
