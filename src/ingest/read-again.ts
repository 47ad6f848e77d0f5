import type { ReadItem } from './read-item.ts'
import { readItem } from './read-item.ts'
import { type IngestOptions, planIngest } from './plan-ingest.ts'

/** Reads films of a raw folder as an ingest with these options would, and writes nothing. Throws what `planIngest` throws. */
export async function* readAgain(options: Omit<IngestOptions, 'jobs'> & { readonly films: ReadonlySet<string> }): AsyncGenerator<ReadItem> {
  const { adapter, context, items } = await planIngest({ ...options, jobs: 1 })
  for (const item of items) yield await readItem(adapter, { ...context, scratch: null }, item)
}
