import { expect, test } from 'vitest'
import { kernelMemory, takePiece } from '../../src/loader/kernel-memory.ts'

test('pieces of the room lie behind the joints and beside one another, until it is full', () => {
  const kept = kernelMemory(1000, 200)
  // 1000 bytes end in the line of 64 that ends at 1024; the line after it counts
  expect(takePiece(kept, 100)).toBe(1024 + 64)
  expect(takePiece(kept, 65)).toBe(1024 + 64 + 128)
  expect(takePiece(kept, 64)).toBe(null)
})
