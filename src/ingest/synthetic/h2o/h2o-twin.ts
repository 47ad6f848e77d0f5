import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { H2oCamera } from './h2o-camera.ts'
import { h2oFiles } from './h2o-files.ts'
import { h2oLists } from './h2o-lists.ts'
import { drawHandsJpeg } from './h2o-picture.ts'
import type { H2oSequence, H2oTruth } from './h2o-truth.ts'
import { viewH2o } from './h2o-view.ts'

export { h2oTruth } from './h2o-truth.ts'

type H2oTwinOptions = {
  /** `rgb256` of cam4. */
  readonly frames: boolean
  readonly signal?: AbortSignal
  /** Sequences. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Writes what is true into `dir` as H2O's archives unpack: lists, one text file per frame, camera and kind, and pictures of cam4 if asked for. */
export async function writeH2oTwin(dir: string, truth: H2oTruth, { frames, signal, onProgress }: H2oTwinOptions): Promise<{ files: number; bytes: number }> {
  const written = { files: 0, bytes: 0 }
  const folders = new Set<string>()
  const write = (path: string, contents: string | Uint8Array): void => {
    const file = join(dir, path)
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true })
    folders.add(dirname(file))
    writeFileSync(file, contents)
    written.files += 1
    written.bytes += contents.length
  }
  for (const [path, text] of h2oLists(truth)) write(path, text)
  for (const [done, sequence] of truth.sequences.entries()) {
    for (const camera of truth.cameras) {
      await setImmediate()
      signal?.throwIfAborted()
      for (const [path, contents] of filesOf(sequence, { camera, frames })) write(path, contents)
    }
    onProgress?.(done + 1, truth.sequences.length)
  }
  return written
}

type Choice = { readonly camera: H2oCamera; readonly frames: boolean }

function* filesOf(sequence: H2oSequence, { camera, frames }: Choice): Generator<readonly [string, string | Uint8Array]> {
  const view = viewH2o(sequence, camera)
  yield* h2oFiles(sequence, view)
  if (!frames || camera !== 4) return
  for (let frame = 0; frame < sequence.frames; frame++) {
    yield [`${sequence.quirks.folder}/cam4/rgb256/${String(frame).padStart(6, '0')}.jpg`, drawHandsJpeg(sequence, view, frame)]
  }
}
