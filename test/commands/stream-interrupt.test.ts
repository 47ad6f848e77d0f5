import { RecordBatchReader } from 'apache-arrow'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { goingOnFrom } from '../../src/cli/loader-flags.ts'
import { storeOf, swinging } from '../jobs/penn-store.ts'
import { root } from '../sources.ts'
import { temporaryFolder } from '../store/folder.ts'

const state = { format: 1, split: 'a', root: 'b', seed: 0, epoch: 1, next: 7 } as const
/** The clips of the first batches that a command wrote to stdout, and what it said. */
async function streamed(command: string, line: readonly string[], { batches = Infinity, interrupt = false }: { batches?: number; interrupt?: boolean }): Promise<{ ids: string[][]; code: number | null; said: string }> {
  const child = spawn(command, line, { cwd: root })
  let said = ''
  child.stderr.on('data', (text: Buffer) => { said += text.toString() })
  const [first] = await once(child.stdout, 'data') as [Buffer]
  const pieces = [first]
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  // the pipe fills up, and the signal comes in the middle of a batch
  if (interrupt) {
    child.stdout.pause()
    child.kill('SIGINT')
    setTimeout(() => child.stdout.resume(), 100)
  } else {
    while (idsOf(pieces).length < batches) await once(child.stdout, 'data')
    child.stdout.destroy()
  }
  const [code] = await once(child, 'close') as [number | null]
  return { ids: idsOf(pieces).slice(0, batches), code, said }
}

/** Of the batches that are whole. */
function idsOf(pieces: readonly Buffer[]): string[][] {
  const ids: string[][] = []
  try {
    for (const batch of RecordBatchReader.from(Buffer.concat(pieces))) ids.push([...batch.getChild('id')!].map(String))
  } catch {
    return ids
  }
  return ids
}

test('interrupted, a stream prints the command that goes on after the last batch that was taken', async () => {
  const place = await storeOf(Array.from({ length: 10 }, (_, i) => swinging(i)))
  const storeDir = join(await temporaryFolder(), "it's a store")
  await rename(place.storeDir, storeDir)
  const asked = ['stream', 'penn-action', '--store', storeDir, '--batch', '4', '--epochs', '100000', '--plan', '{"filter":{"action":["pullup"]}}']
  const cut = await streamed(process.execPath, ['bin/run.js', ...asked], { interrupt: true })
  const [, resume] = /^E_INTERRUPTED: interrupted\n {2}go on with: posetta (.*)\n$/.exec(cut.said)!
  expect([cut.code, cut.ids.length > 0]).toEqual([130, true])
  const rest = await streamed('/bin/sh', ['-c', `exec node bin/run.js ${resume}`], { batches: 5 })
  const whole = await streamed(process.execPath, ['bin/run.js', ...asked], { batches: cut.ids.length + 5 })
  expect([...cut.ids, ...rest.ids]).toEqual(whole.ids)
})

test('a state that was given is not given twice', () => {
  const line = ['--state', JSON.stringify(state)]
  expect(goingOnFrom(['penn-action', '--batch', '4'], state)).toEqual([...line, 'penn-action', '--batch', '4'])
  expect(goingOnFrom(['penn-action', '--state', '{}', '--batch', '4'], state)).toEqual([...line, 'penn-action', '--batch', '4'])
  expect(goingOnFrom(['--state={}', 'penn-action'], state)).toEqual([...line, 'penn-action'])
})
