import { createHash } from 'node:crypto'
import type { Hash } from '../hash.ts'
import { type Disk, realDisk } from './disk.ts'

const CHUNK = 4 * 2 ** 20

/** sha256 of a file of any size, 4 MiB in memory at a time; null where there is none. */
export async function hashFile(path: string, disk: Disk = realDisk): Promise<Hash | null> {
  const handle = await disk.open(path, 'r').catch((error: NodeJS.ErrnoException) => error.code === 'ENOENT' ? null : Promise.reject(error))
  if (handle === null) return null
  try {
    const [hash, buffer] = [createHash('sha256'), Buffer.allocUnsafe(CHUNK)]
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
