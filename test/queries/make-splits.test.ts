import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { type Maker, makeSplit, makeSplits, runQuery } from '../../src/queries/index.ts'
import { listSplits, readSplit, writeClips } from '../../src/store/index.ts'
import { makeClip, skeletons } from '../store/clips.ts'

const folder = mkdtempSync(join(tmpdir(), 'posetta-make-splits-'))
const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
const entry = entryOf(await readCatalog(), 'h2o')
/** Twelve recordings of four persons by two cameras; the last has no person. */
const clips = Array.from({ length: 24 }, (_, i) => {
  const [recording, camera] = [i >> 1, i & 1]
  const clip = makeClip(`h2o/r${recording}/cam${camera}`, { frames: 3 + (i % 4) })
  const subject = recording === 11 ? null : `subject${recording % 4}`
  return { ...clip, group: `h2o/r${recording}`, files: [], labels: { ...clip.labels, action: recording % 3 === 0 ? 'pour' : 'grab', officialSplit: recording < 8 ? 'train' : 'test', subject } } as const
})
// persons and movements of these are no concern here
const allowLeaks = ['subject-on-two-sides', 'near-duplicate']
const make = (maker: Maker, more: { salt?: string; groupKey?: 'subject'; name?: string } = {}) => makeSplits({ ...place, entry, seed: 0, allowLeaks, maker, ...more })

beforeAll(async () => {
  await writeClips({ storeDir: place.storeDir, dataset: 'h2o', skeletons, clips, complete: false })
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a made split is kept with its group key and salt, and its query answers the same by itself', async () => {
  const { splits: [made], stable } = await make({ kind: 'hash', shares: { train: 1, validation: 0, test: 1, total: 2 } }, { salt: "it's" })
  const { name, hash, query, groupKey, salt, sides } = await readSplit(place.storeDir, 'h2o', 'hash-1-1')
  expect({ name, hash, groupKey, salt, stable }).toEqual({ name: made!.split.name, hash: made!.split.hash, groupKey: 'group_id', salt: "it's", stable: true })
  expect((await runQuery(place, query)).rows.filter(([side]) => side === 'test').map(([, id]) => id)).toEqual(sides.test)
})

// Python 3: int.from_bytes(sha256(b'1:0h2o/r%d').digest()[:8], 'big') % 100 of r0 to r11 is never 50, which would validate
test('a validation side that came to no clip is named', async () => {
  const shares = { train: 50, validation: 1, test: 49, total: 100 }
  const { empty, splits: [made] } = await make({ kind: 'hash', shares }, { name: 'few' })
  expect([empty, Object.keys(made!.split.sides).sort()]).toEqual([['validation'], ['test', 'train']])
  expect((await make({ kind: 'stratified', by: 'action', shares: { ...shares, validation: 25, test: 25 } }, { name: 'some' })).empty).toEqual([])
})

test('a query of one\'s own has $salt, and buckets by it', async () => {
  const sql = "select case when bucket($salt, group_id) % 2 = 0 then 'train' else 'test' end as side, id as clip_id from clips where dataset = $dataset order by clip_id"
  const { split } = await makeSplit({ ...place, entry, from: { name: 'mine', sql }, seed: 7, salt: "it's", allowLeaks })
  expect(split.hash).toBe((await readSplit(place.storeDir, 'h2o', 'hash-1-1')).hash)
})

test('folds are kept all or none', async () => {
  expect((await make({ kind: 'kfold', k: 3 })).splits.map(({ split }) => split.name)).toEqual(['kfold-3-1', 'kfold-3-2', 'kfold-3-3'])
  await makeSplit({ ...place, entry, from: { protocol: 'official' }, seed: 0, allowLeaks })
  await expect(makeSplits({ ...place, entry, seed: 0, allowLeaks: [], maker: { kind: 'kfold', k: 2 } })).rejects.toMatchObject({ code: 'E_SPLIT_LEAK' })
  expect((await listSplits(place.storeDir, 'h2o')).filter((name) => name.startsWith('kfold-2'))).toEqual([])
})

test('a protocol\'s known leaks are acknowledged under another name too', async () => {
  const { leaks } = await makeSplit({ ...place, entry, from: { protocol: 'official', name: 'again' }, seed: 0, allowLeaks: ['near-duplicate'] })
  expect(leaks).toContainEqual(expect.objectContaining({ code: 'subject-on-two-sides', allowed: true }))
})

describe('the group key', () => {
  test('a clip without one is refused by name', async () => {
    await expect(make({ kind: 'leave-one-group-out' }, { groupKey: 'subject' })).rejects.toMatchObject({
      code: 'E_SPLIT_GROUP', message: 'split "leave-one-subject-out-subject0": 2 of its clips have no subject, such as h2o/r11/cam0',
      hint: 'group by what every clip has, such as group_id, or leave these clips out by a query of your own' })
  })

  test('a group on two sides is a leak, whatever the key', async () => {
    const sql = "select case when subject = 'subject1' then 'test' else 'train' end as side, id as clip_id from clips where subject is not null order by clip_id"
    const from = { name: 'by-subject', sql }
    expect((await makeSplit({ ...place, entry, from, groupKey: 'subject', seed: 0, allowLeaks: ['near-duplicate'] })).split.groupKey).toBe('subject')
    await expect(makeSplit({ ...place, entry, from: { ...from, name: 'by-camera', sql: sql.replace("subject = 'subject1'", "id like '%/cam1'") }, groupKey: 'subject', seed: 0, allowLeaks }))
      .rejects.toThrow('group-on-two-sides, 4 times')
  })

  test('a split of a split keeps together what that one does', async () => {
    const { splits: [made] } = await make({ kind: 'fraction', of: 'by-subject', share: '0.5' })
    expect(made!.split).toMatchObject({ name: 'by-subject-0.5', groupKey: 'subject' })
  })
})

test('the balance counts clips, recordings and frames by side and action', async () => {
  const { balance } = await makeSplit({ ...place, entry, from: { protocol: 'official' }, seed: 0, allowLeaks })
  // recordings 0 to 7 train (16 clips of 3, 4, 5, 6 frames in turn), 8 to 11 test; 0, 3, 6 and 9 pour
  expect(balance.sides).toEqual([{ side: 'train', clips: 16, recordings: 8, frames: 72 }, { side: 'test', clips: 8, recordings: 4, frames: 36 }])
  expect(balance.actions).toEqual([{ action: 'grab', recordings: { train: 5, test: 3 } }, { action: 'pour', recordings: { train: 3, test: 1 } }])
  // scipy 1.17.1, scipy.stats.chi2_contingency([[5, 3], [3, 1]], correction=False)
  expect(balance.chiSquare!.p).toBeCloseTo(0.6650055421020291, 12)
})
