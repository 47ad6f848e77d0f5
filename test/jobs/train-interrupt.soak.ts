import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readLog } from '../../src/jobs/train-log.ts'
import { runEncoder } from '../../src/jobs/run-encoder.ts'
import { readCheckpoint, readRun, runFile } from '../../src/train/index.ts'
import { storeOf, swinging } from './penn-store.ts'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const built = existsSync(new URL('../../dist/jobs/train-worker.js', import.meta.url))

/** `posetta train` on a store, sent a signal once its newest run has logged so many lines; how it ended and what it told. */
async function interrupted(args: readonly string[], runsDir: string, steps: number, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT', again = false) {
  const child = spawn(process.execPath, [program, 'train', ...args, '--runs', runsDir])
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { told += text.toString() })
  const ended = new Promise<number | string | null>((resolve) => { child.once('exit', (code, by) => resolve(code ?? by)) })
  const logged = async () => readRun(runsDir, 'latest').then(async ({ run }) => (await readLog(runFile(runsDir, run, 'log'))).length, () => 0)
  while (child.exitCode === null && await logged() < steps) await setTimeout(20)
  child.kill(signal)
  if (again) child.kill(signal)
  return { code: await ended, told }
}

const clips = Array.from({ length: 9 }, (_, i) => swinging(i))
const settings = ['frames=8', 'batch=2', 'epochs=5000', 'validation=0', 'checkpointEvery=1'].flatMap((setting) => ['--set', setting])

describe.skipIf(!built)('the built program', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves a checkpoint, names the command to go on, and ends with 130; going on goes on', async (signal) => {
    const { storeDir, runsDir } = await storeOf(clips)
    const first = await interrupted(['la2ds', '--store', storeDir, ...settings], runsDir, 3, signal)
    const { run, steps, state } = await readRun(runsDir, 'latest')
    expect([first.code, state, steps >= 3]).toEqual([130, 'interrupted', true])
    expect(first.told).toContain(`posetta train --resume ${run} --store ${storeDir} --runs ${runsDir}`)
    await interrupted(['--resume', run, '--store', storeDir], runsDir, steps + 2)
    expect((await readRun(runsDir, run)).steps).toBeGreaterThanOrEqual(steps + 2)
  })

  test('a second Ctrl-C ends at once, and the last checkpoint is gone on from', async () => {
    const { storeDir, runsDir } = await storeOf(clips)
    const { code } = await interrupted(['la2ds', '--store', storeDir, ...settings], runsDir, 12, 'SIGINT', true)
    const { run } = await readRun(runsDir, 'latest')
    const { step } = await readCheckpoint(runFile(runsDir, run, 'checkpoint'), (await runEncoder({ runsDir, run })).model)
    expect([['SIGINT', 130].includes(code!), step > 0]).toEqual([true, true])
    await interrupted(['--resume', run, '--store', storeDir], runsDir, 14)
    expect(await readRun(runsDir, run)).toMatchObject({ state: 'interrupted' })
  })

  test('a kill leaves the last checkpoint, and going on takes it from there', async () => {
    const { storeDir, runsDir } = await storeOf(clips)
    await interrupted(['la2ds', '--store', storeDir, ...settings], runsDir, 12, 'SIGKILL')
    const { run, state } = await readRun(runsDir, 'latest')
    const { step } = await readCheckpoint(runFile(runsDir, run, 'checkpoint'), (await runEncoder({ runsDir, run })).model)
    expect([state, step > 0]).toEqual(['running', true])
    await interrupted(['--resume', run, '--store', storeDir], runsDir, 14)
    expect(await readRun(runsDir, run)).toMatchObject({ state: 'interrupted' })
  })
})
