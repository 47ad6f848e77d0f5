import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { BadClip } from '../loader/index.ts'
import { writeStream } from '../loader/stream/write-stream.ts'
import type { LoaderRequest } from './loader-request.ts'
import { openLoader } from './open-loader.ts'

/** What was streamed. */
export type StreamResult = { readonly batches: number; readonly samples: number; readonly ended: 'done' | 'closed'; readonly bad: readonly (BadClip & { readonly clip: string })[]; readonly output: string | null }

/** Writes the batches of a loader as an Arrow stream, to a file or to `stdout`; docs/streaming.md. Throws what `openLoader` and the batches throw. */
export async function streamJob(request: LoaderRequest, { output, stdout }: { output: string | null; stdout: Writable }): Promise<StreamResult> {
  const { loader, recipe, source, about, close } = await openLoader(request)
  const draft = output === null ? null : `${output}.partial`
  const sink = draft === null ? stdout : createWriteStream(draft)
  const before = loader.state().next
  try {
    const layout = recipe.layout(Math.ceil(request.batch / request.world.size))
    const { batches, ended } = await writeStream({ batches: loader, layout, about: { ...about, steps: loader.steps }, sink })
    if (output !== null && draft !== null) {
      await finished(sink.end())
      await rename(draft, output)
    }
    return { batches, ended, samples: loader.state().next - before, bad: loader.bad.map((bad) => ({ ...bad, clip: source.clips.id(bad.row) })), output }
  } catch (error) {
    if (draft !== null) await rm(draft, { force: true })
    throw error
  } finally {
    await close()
  }
}
