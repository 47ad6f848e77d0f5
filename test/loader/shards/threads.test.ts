import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { rm } from 'node:fs/promises'
import { sourceOf } from '../../../src/loader/shards/index.ts'
import { root } from '../../sources.ts'
import { openTiny, tinyStore } from './shards.ts'

/** Reads all keypoints in a thread of its own; answers their sum. */
async function sumInThread(opened: object): Promise<number> {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(${JSON.stringify(pathToFileURL(join(root, 'dist/loader/shards/index.js')).href)}).then(({ sourceOf }) => {
      const source = sourceOf(workerData)
      let sum = 0
      for (let row = 0; row < source.clips.count; row++) for (const value of source.keypoints(row, 0, source.clips.frames[row]) ?? []) if (!Number.isNaN(value)) sum += value
      source.close()
      parentPort.postMessage(sum)
    })`
  const worker = new Worker(script, { eval: true, workerData: opened })
  return new Promise((resolve, reject) => { worker.on('message', resolve).on('error', reject) })
}

test('opened shards cross to threads, and what one has read no other reads again', async () => {
  const { opened } = await openTiny(await tinyStore(), { memoryBytes: 2 ** 30 })
  const sums = await Promise.all([sumInThread(opened), sumInThread(opened)])
  expect(sums[0]).toBe(sums[1])
  expect(new Int32Array(opened.sound).every((stamp) => stamp !== 0)).toBe(true)
  // nothing is left to be read from disk
  await rm(opened.folder, { recursive: true })
  const source = sourceOf(opened)
  expect(source.read(0).id).toBe('tiny/0001')
  expect(await sumInThread(opened)).toBe(sums[0])
})
