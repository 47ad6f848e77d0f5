import { expect, test } from 'vitest'
import { cacheText } from '../../src/cli/cache-text.ts'
import { openTiny, tinyStore } from '../loader/shards/shards.ts'
import { type Answer, posettaHere, posettaIn } from './posetta.ts'
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
  expect([small.status, small.json]).toEqual([0, { ok: true, dir: `${storeDir}/.cache/training`, entries: [], evicted: [kept], kept: [] }])
  expect((await posettaHere(root, 'cache', '--evict', 'abcd', '--store', storeDir, '--json')).json).toMatchObject({ ok: false, error: { code: 'E_CACHE_KEY' } })
})

test('cache says where it looked, and what a key alone lacks', async () => {
  expect((await posettaHere(root, 'cache', '--dir', '/nowhere')).stdout).toBe('no training shards in /nowhere; a training or a stream makes them at its first use\n')
  expect((await posettaHere(root, 'cache', 'abcd', '--json')).json).toEqual({
    ok: false, error: { code: 'E_USAGE', message: 'abcd: a key says what to let go of, without --evict it says nothing', hint: 'posetta cache --evict abcd' } })
})

test('what is in use is kept with the way out, and what is damaged is called so', () => {
  const entry = { key: 'a'.repeat(64), dataset: 'tiny', name: 'all', clips: 3, bytes: 10, lastUsed: '2026-01-01T00:00:00.000Z', inUse: true }
  const damaged = { ...entry, key: 'b'.repeat(64), dataset: null, name: null, clips: null, inUse: false }
  expect(cacheText({ dir: 'cache', entries: [entry, damaged], evicted: [], inUse: [entry] }).split('\n')).toEqual([
    'kept aaaaaaaaaaaa: a process is using it; run this again when it is done',
    expect.stringMatching(/^key +dataset +clips of +clips +bytes +last used/), expect.stringMatching(/^-/),
    expect.stringMatching(/^a{12} +tiny +all +3 +10 +2026-01-01T00:00:00.000Z +in use$/), expect.stringMatching(/^b{12} .* damaged: the next use makes it anew$/), '20 bytes in cache'])
})
