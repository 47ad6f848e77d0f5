import { expect, test } from 'vitest'
import { files, healAt } from './heal-at.ts'

test.each(files)('damage to %s at every 1/64 of it is healed', async (file) => {
  expect(await healAt(file, 64)).toEqual([])
})
