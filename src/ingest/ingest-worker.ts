import { parentPort, workerData } from 'node:worker_threads'
import type { PlanItem } from './adapter.ts'
import { adapters } from './adapters/index.ts'
import { readItem, type Reading } from './read-item.ts'

// The entry of a reading thread: lists of items in, in the same order what became of them out, their buffers handed over.
const reading = workerData as Reading
const adapter = adapters[reading.entry.adapter]!
let work = Promise.resolve()

parentPort!.on('message', (items: readonly PlanItem[]) => {
  work = work.then(async () => {
    const read = []
    for (const item of items) read.push(await readItem(adapter, reading, item))
    parentPort!.postMessage(read, read.flatMap((item) => ('words' in item ? [item.words.buffer as ArrayBuffer] : [])))
  })
})
