import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { writeJpeg } from '../../../src/ingest/synthetic/jpeg-writer.ts'
import { jpegHere } from '../../jpeg.ts'
import { exampleClip } from '../../transforms/examples.ts'
import { root } from '../../sources.ts'
import { dots } from './films.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program of its own, as what fails here takes the process with it: two threads that decode without end, and what ends them. */
function run(ending: string): { status: number | null; stdout: string; stderr: string } {
  const file = join(folder, 'a.jpg')
  writeFileSync(file, writeJpeg(dots(exampleClip(), 0, 20)))
  const module = (name: string): string => JSON.stringify(pathToFileURL(join(root, 'dist/loader/frames', name)).href)
  const thread = `void (async () => {
    const { decodeJpegInto } = await import(${module('jpeg-codec.js')})
    const jpeg = (await import('node:fs')).readFileSync(${JSON.stringify(file)})
    const [size, out] = [{ width: 320, height: 240 }, new Uint8Array(320 * 240 * 3)]
    ;(await import('node:worker_threads')).parentPort.postMessage(decodeJpegInto(jpeg, size, out).width)
    for (;;) decodeJpegInto(jpeg, size, out)
  })()`
  const program = `
    import { Worker } from 'node:worker_threads'
    import { setTimeout } from 'node:timers/promises'
    const { openDecodingGate, withoutDecoding } = await import(${module('decoding-gate.js')})
    openDecodingGate()
    const start = () => Promise.all([0, 1].map(() => new Promise((resolve) => { const worker = new Worker(${JSON.stringify(thread)}, { eval: true, execArgv: [] }); worker.once('message', () => resolve(worker)) })))
    const workers = await start()
    await setTimeout(100)
    ${ending}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
}

describe.skipIf(!jpegHere)('threads that decode (@julusian/jpeg-turbo must be there)', () => {
  test('are ended behind the gate without harm, and others go on after it', () => {
    const { status, stdout } = run(`
      const others = await start()
      await withoutDecoding(() => Promise.all(workers.map((worker) => worker.terminate())))
      await setTimeout(50)
      await withoutDecoding(() => Promise.all(others.map((worker) => worker.terminate())))
      console.log('ended')`)
    expect([status, stdout]).toEqual([0, 'ended\n'])
  })

  test('do not keep a process from exiting as it wants to', () => {
    expect(run('process.exit(3)').status).toBe(3)
  })
})
