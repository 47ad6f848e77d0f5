import { expect, test } from 'vitest'
import { openTiny, tinyStore } from '../loader/shards/shards.ts'
import { type Answer, posettaIn } from './posetta.ts'
import { root } from '../sources.ts'

const posetta = (...args: string[]): Answer => posettaIn(root, ...args)

test('cache lists training shards, keeps those in use and lets go of the others', async () => {
  const storeDir = await tinyStore()
  const used = await openTiny(storeDir, { name: 'split official, train' })
  const unused = await openTiny(storeDir, { ids: ['tiny/0001'] })
  await unused.close()
  const [kept, gone] = [used.opened.entry.key, unused.opened.entry.key]
  expect(posetta('cache', '--store', storeDir).stdout).toMatch(new RegExp(`^${kept.slice(0, 12)}  tiny +split official, train +64 +\\d+  .* in use$`, 'm'))
  const evicted = posetta('cache', '--evict', '--store', storeDir, '--json')
  expect([evicted.status, evicted.json]).toMatchObject([1, { ok: true, evicted: [gone], kept: [kept], entries: [{ key: kept, dataset: 'tiny', clips: 64, inUse: true }] }])
  await used.close()
  const small = posetta('cache', '--keep-bytes', '1kB', '--store', storeDir, '--json')
  expect([small.status, small.json]).toEqual([0, { ok: true, entries: [], evicted: [kept], kept: [] }])
  expect(posetta('cache', '--evict', 'abcd', '--store', storeDir, '--json').json).toMatchObject({ ok: false, error: { code: 'E_CACHE_KEY' } })
})
