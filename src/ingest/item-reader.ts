import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { DatasetEntry } from '../catalog.ts'
import { isQuarantined, type Quarantined } from '../clip.ts'
import { packClip, type PackedClip, type StoreSchema } from '../store/index.ts'
import type { Adapter, PlanItem } from './adapter.ts'

/** What a reader needs to know; plain data, so that threads can have it. */
export type Reading = { readonly entry: DatasetEntry; readonly rawDir: string; readonly schema: StoreSchema }
export type ReadItem = PackedClip | Quarantined

/** Reads raw files into packed clips. `read` answers in the order of the items, whoever read them. */
export type ItemReader = {
  read(items: readonly PlanItem[], options: { signal?: AbortSignal | undefined; onRead?: ((item: ReadItem) => void) | undefined }): Promise<ReadItem[]>
  close(): Promise<void>
}

/** Reads one raw file: the whole work of a thread. */
export async function readItem(adapter: Adapter, { entry, rawDir, schema }: Reading, item: PlanItem): Promise<ReadItem> {
  const clip = await adapter.read(entry, rawDir, item)
  return isQuarantined(clip) ? clip : packClip(clip, schema)
}

/** Items between two turns of the event loop, in which DuckDB fetches its chunks. */
const ITEMS_PER_TURN = 8

/** A reader in this thread. */
export function localReader(adapter: Adapter, reading: Reading): ItemReader {
  return {
    async read(items, { signal, onRead }) {
      const done: ReadItem[] = []
      for (const item of items) {
        if (done.length % ITEMS_PER_TURN === 0) await setImmediate()
        signal?.throwIfAborted()
        const read = await readItem(adapter, reading, item)
        onRead?.(read)
        done.push(read)
      }
      return done
    },
    close: async () => {},
  }
}

/** Items a thread is handed at once. */
const ITEMS_PER_MESSAGE = 16

/** A reader of so many worker threads, each with its own adapter. They run the compiled worker beside this file. */
export function threadedReader(jobs: number, reading: Reading): ItemReader {
  const workers = Array.from({ length: jobs }, () => new Worker(new URL('./ingest-worker.js', import.meta.url), { workerData: reading }))
  return {
    async read(items, { signal, onRead }) {
      const done: ReadItem[][] = []
      let next = 0
      async function work(worker: Worker): Promise<void> {
        while (next < items.length) {
          signal?.throwIfAborted()
          const start = next
          next += ITEMS_PER_MESSAGE
          const read = await ask(worker, items.slice(start, next))
          for (const item of read) onRead?.(item)
          done[start / ITEMS_PER_MESSAGE] = read
        }
      }
      await Promise.all(workers.map(work))
      return done.flat()
    },
    close: async () => void await Promise.all(workers.map((worker) => worker.terminate())),
  }
}

/** One question at a time per worker; what a worker throws, it throws here. */
async function ask(worker: Worker, items: readonly PlanItem[]): Promise<ReadItem[]> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(items)
    return await Promise.race([
      once(worker, 'message', { signal }).then(([read]) => read as ReadItem[]),
      once(worker, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`a reading thread ended with code ${code}`))),
    ])
  } finally {
    settled.abort()
  }
}
