import { ToolkitError } from '../errors.ts'

/** Memory for batches. Throws E_LOADER_MEMORY where the machine, or the process, has no such piece of it. */
export function allocated<Memory>(bytes: number, allocate: (bytes: number) => Memory): Memory {
  try {
    return allocate(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ToolkitError('E_LOADER_MEMORY', `${bytes} bytes for batches cannot be had: ${error.message}`, { exit: 4, cause: error, hint: 'choose a smaller batch, fewer frames, or less --memory' })
  }
}
