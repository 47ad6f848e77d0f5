import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runEncoder } from '../../src/jobs/run-encoder.ts'
import { readCheckpoint, readRun, runFile, runFiles } from '../../src/train/index.ts'
import { storeOf, swinging } from '../jobs/penn-store.ts'
import { bin } from './posetta.ts'

/** Steps that are long enough for a signal to find ONNX Runtime at work. */
const settings = ['frames=64', 'batch=4', 'validation=0', 'epochs=500'].flatMap((setting) => ['--set', setting])

test('a second signal ends a training at once, in the middle of a step, with the last checkpoint whole and nothing half written', async () => {
  const { storeDir, runsDir } = await storeOf(Array.from({ length: 9 }, (_, i) => swinging(i, { frames: 70 })))
  const child = spawn(process.execPath, [bin, 'train', 'la2ds', '--store', storeDir, '--runs', runsDir, ...settings])
  let told = ''
  const closed = once(child, 'close')
  child.stderr.on('data', (text: Buffer) => {
    told += text.toString()
    if (!text.toString().includes('a second signal ends at once')) return
    // as if it were writing one
    writeFileSync(join(runsDir, readdirSync(runsDir)[0]!, 'checkpoint.safetensors.tmp'), 'half')
    child.kill('SIGTERM')
  })
  const hasStep = (): boolean => readdirSync(runsDir).some((run) => existsSync(runFile(runsDir, run, 'timing')))
  while (child.exitCode === null && !hasStep()) await setTimeout(10)
  child.kill('SIGTERM')
  expect(await closed).toEqual([null, 'SIGTERM'])
  const { run } = await readRun(runsDir, 'latest')
  expect(told).toMatch(new RegExp(`E_INTERRUPTED: interrupted\\n  go on with: posetta train --resume ${run} --store ${storeDir} --runs ${runsDir}\\n$`))
  expect(readdirSync(join(runsDir, run)).filter((file) => !Object.values<string>(runFiles).includes(file))).toEqual([])
  expect((await readCheckpoint(runFile(runsDir, run, 'checkpoint'), (await runEncoder({ runsDir, run })).model)).step).toBe(0)
})
