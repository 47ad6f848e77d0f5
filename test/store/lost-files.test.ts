import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeJob } from '../../src/jobs/remove.ts'
import { runQuery } from '../../src/queries/index.ts'
import { collectGarbage, findGarbage } from '../../src/store/garbage.ts'
import { listDatasets, readManifest } from '../../src/store/manifest.ts'
import { listVersions, readVersion } from '../../src/store/read-version.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { removeClips } from '../../src/store/remove-clips.ts'
import { restoreClips } from '../../src/store/restore-clips.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { removeTag, tagVersion } from '../../src/store/tags.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { openStoreWriter } from '../../src/store/write-store.ts'
import { hashSides } from '../../src/split.ts'
import { makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

type Tiny = { readonly storeDir: string; readonly folder: string; readonly commits: readonly string[]; readonly files: () => Promise<string[]>; readonly fileOf: (commit: string) => string }

/** Versions of 3 and 4 clips, the first one tagged. */
async function twoVersions(): Promise<Tiny> {
  const storeDir = await temporaryFolder()
  const folder = join(storeDir, 'tiny')
  const commits = []
  for (const count of [3, 4]) commits.push((await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(count) })).commit)
  await tagVersion(storeDir, 'tiny', 'paper', commits[0])
  return { storeDir, folder, commits, files: async () => (await readdir(join(folder, 'shards'))).sort(), fileOf: (commit) => join(folder, `commits/${commit}.json`) }
}

test('while the file of a version is gone no writer takes its shards away, and gc refuses what a tag leads to', async () => {
  const { storeDir, commits, files, fileOf } = await twoVersions()
  const before = await files()
  await rename(fileOf(commits[0]!), `${storeDir}/aside`)
  await expect(removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/nope'], purge: false })).rejects.toMatchObject({ code: 'E_CLIP_UNKNOWN' })
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(5) })
  expect(await files()).toEqual(expect.arrayContaining(before))
  await expect(readVersion(storeDir, 'tiny', 'paper')).rejects.toMatchObject({
    code: 'E_VERSION_GONE', message: `version "paper" of tiny (${commits[0]!.slice(0, 12)}) is gone: commits/${commits[0]}.json is missing` })
  for (const collect of [findGarbage, collectGarbage]) {
    await expect(collect(storeDir, 'tiny', [])).rejects.toMatchObject({
      code: 'E_VERSION_GONE', message: `the files of versions of tiny are gone (commits/${commits[0]}.json), and tag paper may lead there` })
  }
  await rename(`${storeDir}/aside`, fileOf(commits[0]!))
  expect(await readClips(storeDir, 'tiny', undefined, { version: 'paper', raw: true })).toEqual(makeClips(3))
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('what only a version whose file is gone had is shown first, and counted as it is freed', async () => {
  const { storeDir, commits, files, fileOf } = await twoVersions()
  await removeTag(storeDir, 'tiny', 'paper')
  const only = new Set((await readVersion(storeDir, 'tiny', commits[0])).shards.flatMap((shard) => shard.files).map(({ file }) => file))
  await rm(fileOf(commits[0]!))
  await expect(findGarbage(storeDir, 'tiny', [{ name: 'run r', root: '0'.repeat(64) }])).rejects.toMatchObject({ code: 'E_VERSION_GONE', message: expect.stringContaining('and run r may lead there') })
  const garbage = await findGarbage(storeDir, 'tiny', [])
  expect(garbage).toMatchObject({ dropped: [], lost: [commits[0]], files: only.size })
  expect(await collectGarbage(storeDir, 'tiny', [])).toEqual(garbage)
  expect((await files()).filter((file) => only.has(file))).toEqual([])
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('without its manifest a data set is neither read as empty nor written anew', async () => {
  const { storeDir, folder, commits, files, fileOf } = await twoVersions()
  await removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/0001'], purge: false })
  const { commit } = await readManifest(storeDir, 'tiny')
  const before = await files()
  await rm(join(folder, 'manifest.json'))
  const lost = { code: 'E_MANIFEST_LOST', message: `"${folder}" has lost its manifest.json`, hint: `posetta doctor --store ${storeDir} prints the command that brings it back` }
  expect(await listDatasets(storeDir)).toEqual(['tiny'])
  await expect(runQuery({ storeDir, runsDir: join(storeDir, 'runs') }, 'select count(*) from clips')).rejects.toMatchObject(lost)
  await expect(listVersions(storeDir, 'tiny')).rejects.toMatchObject(lost)
  await expect(openStoreWriter({ storeDir, dataset: 'tiny' })).rejects.toMatchObject(lost)
  expect(await files()).toEqual(before)
  await copyFile(fileOf(commit), join(folder, 'manifest.json'))
  expect(await readManifest(storeDir, 'tiny')).toMatchObject({ tags: { paper: commits[0] }, withdrawn: ['tiny/0001'] })
})

test('a first commit that a killed ingest has left without its manifest stops nobody', async () => {
  const storeDir = await temporaryFolder()
  const { commit } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  await rm(join(storeDir, 'tiny/manifest.json'))
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({ code: 'E_MANIFEST_LOST' })
  expect((await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })).commit).toBe(commit)
})

test('the spare of the manifest has the tags, the list of what was taken out, and what gc has left', async () => {
  const { storeDir, folder, fileOf } = await twoVersions()
  const isSame = async (): Promise<boolean> => {
    const { commit } = await readManifest(storeDir, 'tiny')
    return await readFile(fileOf(commit), 'utf8') === await readFile(join(folder, 'manifest.json'), 'utf8')
  }
  expect(await isSame()).toBe(true)
  await removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/0001'], purge: false })
  await restoreClips(storeDir, 'tiny', ['tiny/0001'])
  expect(await isSame()).toBe(true)
  await collectGarbage(storeDir, 'tiny', [])
  expect(await isSame()).toBe(true)
})

test('after the last clip of a shard is removed, gc frees its files', async () => {
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  await removeClips({ storeDir, dataset: 'tiny', ids: null, purge: false })
  const { files, bytes } = await collectGarbage(storeDir, 'tiny', [])
  expect([files > 0, bytes > 0]).toEqual([true, true])
  const shards = join(storeDir, 'tiny/shards')
  expect(existsSync(shards) ? await readdir(shards) : []).toEqual([])
})

test('a purge by condition finds what only earlier versions hold, also after a plain removal', async () => {
  const storeDir = await temporaryFolder()
  const clips = makeClips(4)
  await writeClips({ storeDir, dataset: 'tiny', skeletons, clips })
  const job = { storeDir, runsDir: join(storeDir, 'runs'), catalogFiles: [], dataset: 'tiny', ids: [], where: `id = '${clips[2]!.id}'` }
  expect(await removeJob({ ...job, purge: false })).toMatchObject({ removed: [clips[2]!.id], purged: [] })
  await expect(removeJob({ ...job, purge: false })).rejects.toMatchObject({ code: 'E_NOTHING_TO_REMOVE' })
  expect((await removeJob({ ...job, purge: true })).purged).toHaveLength(1)
  expect((await readClips(storeDir, 'tiny', undefined, { version: 'newest~1' })).map(({ id }) => id)).toEqual(clips.map(({ id }) => id).filter((id) => id !== clips[2]!.id))
})

test('a removal is told of in full beside a split that is damaged, and names the splits of what went before', async () => {
  const { storeDir, folder } = await twoVersions()
  const { root } = await readManifest(storeDir, 'tiny')
  const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
  for (const name of ['mine', 'torn']) {
    await writeSplit(storeDir, { name, dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
  }
  await writeFile(join(folder, 'splits/torn.parquet'), 'x')
  await mkdir(join(storeDir, 'runs'))
  const job = { storeDir, runsDir: join(storeDir, 'runs'), catalogFiles: [], dataset: 'tiny', ids: ['tiny/0001'], where: null }
  expect(await removeJob({ ...job, purge: false })).toMatchObject({ removed: ['tiny/0001'], splits: ['mine'], unread: ['split torn'] })
  expect(await removeJob({ ...job, purge: true })).toMatchObject({ removed: [], splits: ['mine'], unread: ['split torn'] })
})
