import type { Writable } from 'node:stream'
import { RecordBatchStreamWriter, type Schema } from 'apache-arrow'
import type { Batch } from '../../batch.ts'
import type { TensorSpec } from '../recipe/recipe.ts'
import { recordBatchOf } from './record-batch-of.ts'
import { type StreamAbout, streamSchema } from './stream-schema.ts'

export type StreamOptions = {
  readonly batches: AsyncIterable<Batch>
  /** Of a batch: what `Recipe.layout` says. */
  readonly layout: Readonly<Record<string, TensorSpec>>
  readonly about?: StreamAbout
  /** Has ended when this is done, unless it is to be kept open. */
  readonly sink: Writable
}

/** `closed`: the reader went away before the end, which is how a reader says that it has enough. */
export type Streamed = { readonly batches: number; readonly ended: 'done' | 'closed' }

/**
 * Writes batches as an Arrow IPC stream, uncompressed; docs/streaming.md has its layout. The next batch is asked for when the bytes of the last have been taken: a slow reader holds the
 * loader back, and no batch is kept beyond its turn. Throws what the sink or the batches throw.
 */
export async function writeStream({ batches, layout, about = {}, sink }: StreamOptions): Promise<Streamed> {
  const schema = streamSchema(layout, about)
  const encoder = new Encoder(schema)
  let [written, failure]: [number, Error | null] = [0, null]
  const keep = (error: Error): void => { failure ??= error }
  sink.on('error', keep)
  try {
    await send(sink, encoder.taken())
    for await (const batch of batches) {
      if (failure !== null) throw failure
      encoder.write(recordBatchOf(batch, schema))
      await send(sink, encoder.taken())
      written++
    }
    encoder.finish()
    await send(sink, encoder.taken())
    return { batches: written, ended: 'done' }
  } catch (error) {
    if (!isClosed(error)) throw error
    return { batches: written, ended: 'closed' }
  } finally {
    // what fails after the last byte was taken concerns nobody
    sink.off('error', keep).on('error', () => {})
  }
}

/** Hands over the pieces of each message as they are, tensors in the loader's own memory: the library's queue would give no word of where a batch ends. */
class Encoder extends RecordBatchStreamWriter {
  #pieces: Uint8Array[] = []

  constructor(schema: Schema) {
    super({ autoDestroy: false })
    this.reset(undefined, schema)
  }

  taken(): Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (chunk.byteLength > 0) this.#pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    return this
  }
}

/** Done when the sink has taken every piece. */
function send(sink: Writable, pieces: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.cork()
    for (const [at, piece] of pieces.entries()) {
      if (at < pieces.length - 1) sink.write(piece)
      else sink.write(piece, (error) => (error === null || error === undefined ? resolve() : reject(error)))
    }
    sink.uncork()
  })
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE', 'EOF'].includes(String(error.code))
}
