import { parentPort, workerData } from 'node:worker_threads'
import type { PlanItem } from './adapter.ts'
import { adapterOf } from './adapters/index.ts'
import { openRawFolder } from './raw-folder.ts'
import { type Reading, readItem, type ReadItem } from './read-item.ts'
import { packFailure } from '../thread-failure.ts'

// The entry of a reading thread: lists of items in, in the same order what became of them out, their buffers handed over; or why that failed.
const { rawDir, ...reading } = workerData as Reading
const context = { ...reading, raw: openRawFolder(rawDir) }
const adapter = await adapterOf(reading.entry, context.raw)
let work = Promise.resolve()

parentPort!.on('message', (items: readonly PlanItem[]) => {
  work = work.then(async () => {
    try {
      const read: ReadItem[] = []
      for (const item of items) read.push(await readItem(adapter, context, item))
      parentPort!.postMessage({ read }, read.flatMap(({ film }) => buffersOf(film)))
    } catch (error) {
      parentPort!.postMessage({ failure: packFailure(error) })
    }
  })
})

function buffersOf(film: ReadItem['film']): ArrayBuffer[] {
  const pictures = film === null || film.pictures === null ? [] : [film.pictures.buffer as ArrayBuffer]
  return [...(film?.clips ?? []).map(({ words }) => words.buffer as ArrayBuffer), ...pictures]
}
