import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Adapter, PlanItem } from './adapter.ts'
import { readItem, type Reading, type ReadItem } from './read-item.ts'

/** Reads raw files into packed clips. `read` answers in the order of the items, whoever read them. */
export type ItemReader = {
  read(items: readonly PlanItem[], options: { signal?: AbortSignal | undefined; onRead?: ((item: ReadItem) => void) | undefined }): Promise<ReadItem[]>
  close(): Promise<void>
}

/** Something that reads a few items at a time: this thread, or another one. */
type Lane = { readonly most: number; read(items: readonly PlanItem[]): Promise<ReadItem[]> }

/**
 * A reader of `jobs` threads, this one among them; the others run the compiled worker beside this file. Each takes the next few items when it is
 * done with the last; another thread has two messages under way, so that it need not wait for this one.
 */
export function itemReader(jobs: number, adapter: Adapter, reading: Reading): ItemReader {
  const workers = Array.from({ length: jobs - 1 }, () => startWorker(reading))
  const lanes = [localLane(adapter, reading), ...workers.flatMap(({ lane }) => [lane, lane])]
  return {
    async read(items, { signal, onRead }) {
      const done: ReadItem[] = []
      let next = 0
      await Promise.all(lanes.map(async (lane) => {
        while (next < items.length) {
          signal?.throwIfAborted()
          const start = next
          next += lane.most
          const read = await lane.read(items.slice(start, next))
          for (const [at, item] of read.entries()) {
            onRead?.(item)
            done[start + at] = item
          }
        }
      }))
      return done
    },
    close: async () => void await Promise.all(workers.map(({ worker }) => worker.terminate())),
  }
}

/** A few items, then a turn of the event loop, in which DuckDB fetches its chunks and other threads their next items. */
function localLane(adapter: Adapter, reading: Reading): Lane {
  return {
    most: 4,
    async read(items) {
      const done = []
      for (const item of items) done.push(await readItem(adapter, reading, item))
      await setImmediate()
      return done
    },
  }
}

/** Answers come in the order of the questions; what a worker throws, every open question throws here. */
function startWorker(reading: Reading): { worker: Worker; lane: Lane } {
  const worker = new Worker(new URL('./ingest-worker.js', import.meta.url), { workerData: reading, execArgv: [] })
  const waiting: { resolve: (read: ReadItem[]) => void; reject: (error: Error) => void }[] = []
  const fail = (error: Error): void => waiting.splice(0).forEach(({ reject }) => reject(error))
  worker.on('message', (read: ReadItem[]) => waiting.shift()!.resolve(read))
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`a reading thread ended with code ${code}`)))
  const read = (items: readonly PlanItem[]): Promise<ReadItem[]> => new Promise((resolve, reject) => {
    waiting.push({ resolve, reject })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(items)
  })
  return { worker, lane: { most: 8, read } }
}
