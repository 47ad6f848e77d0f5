import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { liesWithin } from '../src/lies-within.ts'
import { temporaryFolder } from './store/folder.ts'

test('a place lies within a folder whatever links lead there, and whether or not it is there yet', async () => {
  const at = await temporaryFolder()
  mkdirSync(join(at, 'store/data'), { recursive: true })
  mkdirSync(join(at, 'store-other'))
  symlinkSync('store', join(at, 'link'))
  symlinkSync('store/data', join(at, 'deep'))
  symlinkSync('store/data/new.csv', join(at, 'dangling.csv'))
  symlinkSync('round', join(at, 'round'))
  const within = ['store', 'store/', 'store/x', 'store/a/b/c', 'link', 'link/x', 'link/a/b', 'dangling.csv', 'deep/../x', 'store-other/../store/x']
  const outside = ['x', 'store-other/x', 'storex', '.', 'link/../x', 'round', 'round/x']
  for (const folder of ['store', 'link', 'link/../store/']) {
    expect(within.filter((path) => !liesWithin(`${at}/${path}`, `${at}/${folder}`))).toEqual([])
    expect(outside.filter((path) => liesWithin(`${at}/${path}`, `${at}/${folder}`))).toEqual([])
  }
  expect(liesWithin(join(at, 'none/x'), join(at, 'none'))).toBe(true)
})
