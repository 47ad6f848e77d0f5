import { expect, test } from 'vitest'
import { realPenn } from '../../shared.ts'
import { realThroughShards } from './real-penn.ts'

test.skipIf(realPenn === null)('clips of all real labels of Penn Action come out of shards as out of the store', async () => {
  const { found, expected } = await realThroughShards({ memoryBytes: [0, 2 ** 24, 2 ** 30] })
  expect(expected.length).toBe(2326)
  for (const clips of found) expect(clips).toEqual(expected)
})
