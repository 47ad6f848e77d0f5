import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runQuery } from '../../src/queries/index.ts'
import { collectGarbage, findGarbage } from '../../src/store/garbage.ts'
import { readManifest } from '../../src/store/manifest.ts'
import { merkleRoot } from '../../src/store/merkle.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { listVersions } from '../../src/store/read-version.ts'
import { removeClips } from '../../src/store/remove-clips.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { tagVersion } from '../../src/store/tags.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { hashSides } from '../../src/split.ts'
import { makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

const clips = makeClips(300)
const ids = clips.map(({ id }) => id)

/** Two commits: 299 clips, then 300. */
async function setUp(): Promise<{ storeDir: string; first: string; second: string }> {
  const storeDir = await temporaryFolder()
  const commit = async (count: number): Promise<string> => (await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: clips.slice(0, count) })).commit
  return { storeDir, first: await commit(299), second: await commit(300) }
}

const idsOf = async (storeDir: string, version?: string): Promise<string[]> => (await readClips(storeDir, 'tiny', undefined, { version })).map(({ id }) => id)

test('a clip that is removed is gone from the newest version, and stays in those before', async () => {
  const { storeDir, second } = await setUp()
  const removal = await removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/0007'], purge: false })
  expect(removal).toMatchObject({ dataset: 'tiny', removed: ['tiny/0007'], purged: [] })
  expect(await idsOf(storeDir)).toEqual(ids.filter((id) => id !== 'tiny/0007'))
  expect(await idsOf(storeDir, second)).toEqual(ids)
  const fresh = await temporaryFolder()
  expect((await writeClips({ storeDir: fresh, dataset: 'tiny', skeletons, clips: clips.filter(({ id }) => id !== 'tiny/0007') })).root).toBe(removal.root)
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
  await expect(removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/007'], purge: false })).rejects.toMatchObject({
    code: 'E_CLIP_UNKNOWN', message: 'no clip "tiny/007" in the store', hint: expect.stringContaining('posetta sql') })
})

test('a purged clip is in no version and no file; what is left behind still makes the root of each', async () => {
  const { storeDir, first, second } = await setUp()
  const before = await listVersions(storeDir, 'tiny')
  const hashes = new Map((await clipsWithHash(storeDir)).map(({ id, hash }) => [id, hash]))
  const { purged } = await removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/0007'], purge: true })
  expect(purged).toEqual([second, first])
  for (const version of [undefined, second, first]) expect(await idsOf(storeDir, version)).not.toContain('tiny/0007')
  expect(await idsOf(storeDir, first)).toHaveLength(298)
  const versions = await listVersions(storeDir, 'tiny')
  expect(versions.slice(1).map(({ root, commit }) => [root, commit])).toEqual(before.map(({ root, commit }) => [root, commit]))
  expect(versions[1]!.purged).toEqual([{ kind: 'clip', id: 'tiny/0007', hash: hashes.get('tiny/0007') }])
  expect(merkleRoot(ids.map((id) => hashes.get(id)!))).toBe(versions[1]!.root)
  const shards = join(storeDir, 'tiny/shards')
  const holds = await Promise.all((await readdir(shards)).map(async (file) => (await readFile(join(shards, file))).includes('labels/tiny/0007.mat')))
  expect(holds.some((one) => one)).toBe(false)
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

async function clipsWithHash(storeDir: string): Promise<{ id: string; hash: string }[]> {
  const { rows } = await runQuery({ storeDir, runsDir: join(storeDir, 'none') }, 'select id, hash from clips order by id')
  return rows.map(([id, hash]) => ({ id: String(id), hash: String(hash) }))
}

test('everything can be removed, and purged', async () => {
  const { storeDir, first } = await setUp()
  expect((await removeClips({ storeDir, dataset: 'tiny', ids: null, purge: true })).removed).toEqual(ids)
  expect([await idsOf(storeDir), await idsOf(storeDir, first)]).toEqual([[], []])
  expect(await readdir(join(storeDir, 'tiny'))).toEqual(['commits', 'manifest.json'])
  expect((await readManifest(storeDir, 'tiny')).withdrawn).toEqual(['*'])
})

test('gc lets go of the versions that nothing needs, after it has shown them', async () => {
  const { storeDir, first, second } = await setUp()
  const third = (await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: clips.slice(0, 298) })).commit
  const kept = [{ commit: third, because: ['newest'] }]
  const garbage = await findGarbage(storeDir, 'tiny', [])
  expect(garbage).toMatchObject({ kept, dropped: [{ commit: second, clips: 300 }, { commit: first, clips: 299 }] })
  expect(await listVersions(storeDir, 'tiny')).toHaveLength(3)
  const shards = join(storeDir, 'tiny/shards')
  const count = async (): Promise<number> => (await readdir(shards)).length
  const files = await count()
  expect(await collectGarbage(storeDir, 'tiny', [])).toEqual(garbage)
  expect(files - await count()).toBe(garbage.files)
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
  expect(await findGarbage(storeDir, 'tiny', [])).toMatchObject({ kept, dropped: [], files: 0, bytes: 0 })
})

test('gc never lets go of what a tag, a split or a run leads to', async () => {
  const { storeDir, first, second } = await setUp()
  const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
  const [, oldest] = await listVersions(storeDir, 'tiny')
  await writeSplit(storeDir, { name: 'mine', dataset: 'tiny', query: 'select', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, oldest!.root)
  await tagVersion(storeDir, 'tiny', 'paper', second)
  const third = (await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: clips.slice(0, 298) })).commit
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: clips.slice(0, 297) })
  const { root } = (await listVersions(storeDir, 'tiny')).find(({ commit }) => commit === third)!
  expect(await collectGarbage(storeDir, 'tiny', [{ name: 'run r', root }])).toMatchObject({
    kept: [{ because: ['newest'] }, { commit: third, because: ['run r'] }, { commit: second, because: ['tag paper'] }, { commit: first, because: ['split mine'] }], dropped: [] })
})
