import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { decodeSafetensors } from '../../src/engine/index.ts'
import { type Hash, sha256 } from '../../src/hash.ts'
import { randomAt } from '../../src/random.ts'
import { lastingFolder, storeOf, swinging } from '../jobs/penn-store.ts'
import { root } from '../sources.ts'

/** How far a killed training had come, by what it left behind. */
export type Stage = 'no run' | 'no checkpoint' | 'no further than the last kill' | 'between checkpoints' | 'as it ended'

const settings = ['frames=8', 'batch=2', 'epochs=40', 'validateEvery=3', 'checkpointEvery=2'].flatMap((setting) => ['--set', setting])

/**
 * Kills trainings at random moments, early ones more often, each time followed by the same run being resumed and killed again until it is done: tensors, log, best step and names of files
 * must be those of an undisturbed run. Answers where so many kills fell; a training that was done before its moment came is none of them.
 */
export async function killTrainings(kills: number): Promise<Record<Stage, number>> {
  const place = await storeOf(Array.from({ length: 11 }, (_, i) => swinging(i)), lastingFolder)
  const begin = [join(root, 'bin/run.js'), 'train', 'la2ds', '--store', place.storeDir, ...settings, '--runs']
  const began = performance.now()
  const undisturbed = join(place.runsDir, 'undisturbed')
  finish([...begin, undisturbed])
  const [duration, expected] = [performance.now() - began, outcome(undisturbed)]
  const stages: Record<Stage, number> = { 'no run': 0, 'no checkpoint': 0, 'no further than the last kill': 0, 'between checkpoints': 0, 'as it ended': 0 }
  for (let kill = 0, start = 0, run = 0; kill < kills; run++) {
    const runsDir = join(place.runsDir, `killed-${run}`)
    for (; stateOf(runsDir) !== 'done' && kill < kills; start++) {
      const before = logged(runsDir)
      if (!await killed(command(begin, runsDir), duration * randomAt({ seed: 7, position: start }).uniform() ** 2)) continue
      kill++
      stages[stageOf(runsDir, before)]++
    }
    if (stateOf(runsDir) !== 'done') finish(command(begin, runsDir))
    if (outcome(runsDir) !== expected) throw new Error(`run ${run}, up to kill ${kill}: it differs from an undisturbed one`)
  }
  return stages
}

/** Whether a program was ended by SIGKILL after so many milliseconds; false = it was done before. */
async function killed(args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  await Promise.race([setTimeout(afterMs), closed])
  child.kill('SIGKILL')
  const [code, signal] = await closed
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? signal}`)
  return signal === 'SIGKILL'
}

function finish(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`exit ${status}: ${stdout}${stderr}`)
}

/** The same command, or, once there is a run, the one that goes on with it. */
function command(begin: readonly string[], runsDir: string): string[] {
  const [program, train, , ...rest] = [...begin, runsDir]
  if (stateOf(runsDir) === null) return [program!, train!, 'la2ds', ...rest]
  return [program!, train!, '--resume', 'latest', ...rest.filter((part, at) => part !== '--set' && rest[at - 1] !== '--set')]
}

function stageOf(runsDir: string, before: number): Stage {
  const state = stateOf(runsDir)
  if (state === null) return 'no run'
  if (state === 'done') return 'as it ended'
  if (!existsSync(join(folderOf(runsDir)!, 'checkpoint.safetensors'))) return 'no checkpoint'
  return logged(runsDir) === before ? 'no further than the last kill' : 'between checkpoints'
}

/** The newest folder that holds a run. */
function folderOf(runsDir: string): string | null {
  const names = existsSync(runsDir) ? readdirSync(runsDir).filter((name) => existsSync(join(runsDir, name, 'run.json'))).sort() : []
  return names.length === 0 ? null : join(runsDir, names.at(-1)!)
}

function stateOf(runsDir: string): string | null {
  const folder = folderOf(runsDir)
  return folder === null ? null : (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { state: string }).state
}

function logged(runsDir: string): number {
  const folder = folderOf(runsDir)
  return folder === null || !existsSync(join(folder, 'log.jsonl')) ? 0 : readFileSync(join(folder, 'log.jsonl'), 'utf8').split('\n').length
}

/** All tensors of the checkpoint, the log and the names of the files as one hash. */
function outcome(runsDir: string): Hash {
  const folder = folderOf(runsDir)!
  const file = join(folder, 'checkpoint.safetensors')
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(readFileSync(file)), file)
  const parts = Object.entries(tensors).flatMap(([name, { data }]) => [name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)])
  return sha256(...parts, metadata['training']!, readFileSync(join(folder, 'log.jsonl')), readdirSync(folder).sort().join())
}
