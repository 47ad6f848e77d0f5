import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Adapter, AdapterContext, PlanItem } from './adapter.ts'
import { readItem, type ReadItem, type Reading } from './read-item.ts'
import { type ThreadFailure, unpackFailure } from '../thread-failure.ts'

/** Reads raw files into packed films. `read` answers in the order of the items, whoever read them, and only a little ahead of whoever takes them. */
export type ItemReader = {
  read(items: readonly PlanItem[], signal?: AbortSignal): AsyncGenerator<ReadItem>
  close(): Promise<void>
}

/** Something that reads a few items at a time: this thread, or another one. */
type Lane = { readonly most: number; read(items: readonly PlanItem[]): Promise<ReadItem[]> }

/**
 * A reader of `jobs` threads, this one among them; the others run the compiled worker beside this file. Each takes the next few items when it is
 * done with the last; another thread has two messages under way, so that it need not wait for this one.
 */
export function itemReader(jobs: number, adapter: Adapter, context: AdapterContext): ItemReader {
  const { raw, ...rest } = context
  const most = Math.max(1, Math.floor(adapter.filmsPerShard / 32))
  const workers = Array.from({ length: jobs - 1 }, () => startWorker({ ...rest, rawDir: raw.dir }, most))
  const lanes = [localLane(adapter, context, Math.ceil(most / 2)), ...workers.flatMap(({ lane }) => [lane, lane])]
  return {
    read: (items, signal) => inOrder(lanes, items, signal),
    close: async () => void await Promise.all(workers.map(({ worker }) => worker.terminate())),
  }
}

/** Items read ahead of the one that is awaited, for each lane, in messages. */
const AHEAD = 3

async function* inOrder(lanes: readonly Lane[], items: readonly PlanItem[], signal?: AbortSignal): AsyncGenerator<ReadItem> {
  const done: (ReadItem | undefined)[] = []
  const ahead = AHEAD * lanes.reduce((sum, { most }) => sum + most, 0)
  const state = { next: 0, taken: 0, isOver: false }
  let failure: { readonly error: unknown } | null = null
  let changed = wake()
  const change = (): void => {
    const before = changed
    changed = wake()
    before.resolve()
  }
  const running = lanes.map(async (lane) => {
    while (state.next < items.length && !state.isOver) {
      if (state.next >= state.taken + ahead) {
        await changed.promise
        continue
      }
      const start = state.next
      state.next = Math.min(items.length, start + lane.most)
      const read = await lane.read(items.slice(start, state.next))
      read.forEach((item, at) => { done[start + at] = item })
      change()
    }
  })
  const all = Promise.all(running).catch((error: unknown) => {
    failure = { error }
    change()
  })
  try {
    for (; state.taken < items.length; state.taken++) {
      while (done[state.taken] === undefined) {
        signal?.throwIfAborted()
        if (failure !== null) throw (failure as { error: unknown }).error
        await changed.promise
      }
      signal?.throwIfAborted()
      const item = done[state.taken]!
      done[state.taken] = undefined
      yield item
      change()
    }
  } finally {
    state.isOver = true
    change()
    await all
  }
}

function wake(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => { resolve = settle })
  return { promise, resolve }
}

/** A few items, then a turn of the event loop, in which DuckDB fetches its chunks and other threads their next items. */
function localLane(adapter: Adapter, context: AdapterContext, most: number): Lane {
  return {
    most,
    async read(items) {
      const done = []
      for (const item of items) done.push(await readItem(adapter, context, item))
      await setImmediate()
      return done
    },
  }
}

/** Answers come in the order of the questions, and so do failures; when the worker itself ends, every open question throws. */
function startWorker(reading: Reading, most: number): { worker: Worker; lane: Lane } {
  const worker = new Worker(new URL('./ingest-worker.js', import.meta.url), { workerData: reading, execArgv: [] })
  const waiting: { resolve: (read: ReadItem[]) => void; reject: (error: Error) => void }[] = []
  const fail = (error: Error): void => waiting.splice(0).forEach(({ reject }) => reject(error))
  worker.on('message', (answer: { read: ReadItem[] } | { failure: ThreadFailure }) => {
    const question = waiting.shift()!
    if ('read' in answer) question.resolve(answer.read)
    else question.reject(unpackFailure(answer.failure))
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`a reading thread ended with code ${code}`)))
  const read = (items: readonly PlanItem[]): Promise<ReadItem[]> => new Promise((resolve, reject) => {
    waiting.push({ resolve, reject })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(items)
  })
  return { worker, lane: { most, read } }
}
