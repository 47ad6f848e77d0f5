import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Batch, LoaderState } from '../batch.ts'
import type { BadClip } from '../loader/index.ts'
import { writeStream } from '../loader/stream/write-stream.ts'
import type { LoaderRequest } from './loader-request.ts'
import { openLoader } from './open-loader.ts'

/** What was streamed. */
export type StreamResult = {
  /** Taken by the reader or the file, whole. */
  readonly batches: number
  /** In these batches, which are this rank's part. */
  readonly samples: number
  /** In these batches and those of the other ranks, when they have got as far. */
  readonly samplesOfAllRanks: number
  readonly rank: number
  /** How many ranks there are. */
  readonly world: number
  readonly ended: 'done' | 'closed'
  readonly bad: readonly (BadClip & { readonly clip: string })[]
  readonly output: string | null
}

type StreamEffects = {
  readonly output: string | null
  readonly stdout: Writable
  /** Hears where the loader stands after each batch that `stdout` has taken. */
  readonly onTaken?: (state: LoaderState) => void
}

/** Writes the batches of a loader as an Arrow stream, to a file or to `stdout`; docs/streaming.md. Throws what `openLoader` and the batches throw. */
export async function streamJob(request: LoaderRequest, { output, stdout, onTaken = () => {} }: StreamEffects): Promise<StreamResult> {
  const { loader, recipe, source, about, close } = await openLoader(request)
  const draft = output === null ? null : `${output}.partial`
  const sink = draft === null ? stdout : createWriteStream(draft)
  const before = loader.state().next
  let [samples, next] = [0, before]
  const count = ({ ids, state }: Batch): void => {
    samples += ids.length
    next = state.next
    if (output === null) onTaken(state)
  }
  try {
    const layout = recipe.layout(Math.ceil(request.batch / request.world.size))
    const { batches, ended } = await writeStream({ batches: untilTaken(loader, count), layout, about: { ...about, steps: loader.steps }, sink })
    // Ctrl-C ends the reader of a pipe too, and its end may be heard first
    if (ended === 'closed') request.signal?.throwIfAborted()
    if (output !== null && draft !== null) {
      await finished(sink.end())
      await rename(draft, output)
    }
    const { rank, size: world } = request.world
    return { batches, ended, samples, samplesOfAllRanks: next - before, rank, world, bad: loader.bad.map((bad) => ({ ...bad, clip: source.clips.id(bad.row) })), output }
  } catch (error) {
    if (draft !== null) await rm(draft, { force: true })
    throw error
  } finally {
    await close()
  }
}

/** The batches, each told of when the next is asked for: whoever writes them asks when one was taken whole. */
async function* untilTaken(batches: AsyncIterable<Batch>, onTaken: (batch: Batch) => void): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    yield batch
    onTaken(batch)
  }
}
