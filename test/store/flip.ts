import { open } from 'node:fs/promises'

/** Turns one bit of a file, in place; the same again turns it back. */
export async function flipBit(path: string, at: number, bit = 0): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
    await file.write(Buffer.of(buffer[0]! ^ (1 << bit)), 0, 1, at)
  } finally {
    await file.close()
  }
}
