import { workerData } from 'node:worker_threads'
import { packFailure, type ThreadFailure } from '../../thread-failure.ts'
// file by file: `frames/index.ts` loads the store too, and most of a thread's start would be that
import { faultOf } from '../frames/image-fault.ts'
import { createResizer, type Resizing } from '../frames/resized-jpeg.ts'
import type { Pixels } from '../frames/warp.ts'

/** A JPEG, or what is wrong with the picture, or why this thread could not tell. */
export type MadeSmaller = Uint8Array | { readonly fault: string } | ThreadFailure

// The entry of a thread that makes pictures smaller: an image file or a decoded frame in.
const resize = createResizer(workerData as Resizing)

export default function makeSmaller(file: Uint8Array | Pixels): MadeSmaller {
  try {
    return resize(file)
  } catch (error) {
    return faultIn(error)
  }
}

function faultIn(error: unknown): MadeSmaller {
  try {
    return { fault: faultOf(error) }
  } catch (failure) {
    return packFailure(failure)
  }
}
