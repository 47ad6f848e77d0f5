import { workerData } from 'node:worker_threads'
import { packFailure, type ThreadFailure } from '../../thread-failure.ts'
import { createResizer, type Pixels, type Resizing } from '../frames/index.ts'

// The entry of a thread that makes pictures smaller: an image file or a decoded frame in, a JPEG out, or what is wrong with the file.
const resize = createResizer(workerData as Resizing)

export default function makeSmaller(file: Uint8Array | Pixels): Uint8Array | ThreadFailure {
  try {
    return resize(file)
  } catch (error) {
    return packFailure(error)
  }
}
