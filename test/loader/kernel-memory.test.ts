import { expect, test } from 'vitest'
import { kernelMemory, takePiece } from '../../src/loader/kernel-memory.ts'

test('pieces of the room lie behind the joints and beside one another, until it is full', () => {
  const kept = kernelMemory(1000, 200)
  // 1000 bytes end in the line of 64 that ends at 1024; the line after it counts
  expect(takePiece(kept, 100)).toBe(1024 + 64)
  expect(takePiece(kept, 65)).toBe(1024 + 64 + 128)
  expect(takePiece(kept, 64)).toBe(null)
})

test('whoever finds no room takes none: what is too large leaves room for what is not, however often it is asked for', () => {
  const kept = kernelMemory(0, 256)
  // together they would be 2^32 bytes, as many as a counter of 32 bits counts before it begins again
  for (let time = 0; time < 64; time++) expect(takePiece(kept, 2 ** 26)).toBe(null)
  expect([takePiece(kept, 128), takePiece(kept, 128), takePiece(kept, 1)]).toEqual([64, 192, null])
})
