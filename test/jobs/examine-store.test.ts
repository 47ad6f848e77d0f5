import { cp, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/jobs/check.ts'
import { examine } from '../../src/jobs/examine.ts'
import { examineStore } from '../../src/jobs/examine-store.ts'
import { hashSides } from '../../src/split.ts'
import { readManifest } from '../../src/store/index.ts'
import { writeManifest } from '../../src/store/manifest.ts'
import { removeClips } from '../../src/store/remove-clips.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons } from '../store/clips.ts'
import { flipBit } from '../store/flip.ts'
import { temporaryFolder } from '../store/folder.ts'
import { fileIn } from '../store/twin-store.ts'

async function tinyStore(): Promise<{ storeDir: string; folder: string; ok: Check }> {
  const storeDir = await temporaryFolder()
  const { root } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
  await writeSplit(storeDir, { name: 'official', dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
  return { storeDir, folder: join(storeDir, 'tiny'), ok: { name: 'tiny', state: 'ok', detail: `3 clips, root ${root.slice(0, 12)}, 1 version`, fix: null } }
}

const ingestOf = (storeDir: string) => `posetta ingest tiny RAW_DIR --store ${storeDir}`

describe('the store', () => {
  test('in order is one line', async () => {
    const { storeDir, ok } = await tinyStore()
    expect(await examineStore(storeDir)).toEqual([ok])
  })

  test('without anything in it names the first step', async () => {
    expect(await examineStore('no store')).toEqual([{ name: 'store', state: 'warn', detail: 'nothing ingested in "no store"', fix: "posetta ingest penn-action RAW_DIR --store 'no store'" }])
  })

  test('names files that are missing or of another size, and the ingest that mends them', async () => {
    const { storeDir, folder, ok } = await tinyStore()
    const [clips, files] = [await fileIn(join(folder, 'shards'))('clips'), await fileIn(join(folder, 'shards'))('files')]
    await rm(clips)
    await truncate(files, 10)
    expect(await examineStore(storeDir)).toEqual([
      ok,
      { name: 'tiny', state: 'fail', detail: `files missing: 1 (${clips.split('/').at(-1)})`, fix: ingestOf(storeDir) },
      { name: 'tiny', state: 'fail', detail: `files of another size than they were written with: 1 (${files.split('/').at(-1)})`, fix: ingestOf(storeDir) },
    ])
  })

  test('names a damaged or lost manifest, and the version that takes its place: then all is well', async () => {
    const { storeDir, folder, ok } = await tinyStore()
    const { commit } = await readManifest(storeDir, 'tiny')
    const manifest = join(folder, 'manifest.json')
    const fix = `cp ${join(folder, `commits/${commit}.json`)} ${manifest}`
    await flipBit(manifest, 30)
    expect(await examineStore(storeDir)).toEqual([{ name: 'tiny', state: 'fail', detail: `"${manifest}" was changed after it was written: its sha256 does not fit`, fix }])
    await rm(manifest)
    expect(await examineStore(storeDir)).toEqual([{ name: 'tiny', state: 'fail', detail: `"${folder}" has lost its manifest.json`, fix }])
    await cp(join(folder, `commits/${commit}.json`), manifest)
    expect(await examineStore(storeDir)).toEqual([ok])
  })

  test('names a damaged manifest with nothing beside it', async () => {
    const { storeDir, folder } = await tinyStore()
    await flipBit(join(folder, 'manifest.json'), 30)
    await rm(join(folder, 'commits'), { recursive: true })
    expect(await examineStore(storeDir)).toMatchObject([{ state: 'fail', fix: `mv ${folder} ${folder}.damaged && ${ingestOf(storeDir)}` }])
  })

  test('names what an interrupted ingest has left, and the command to go on with', async () => {
    const { storeDir, folder, ok } = await tinyStore()
    await mkdir(join(folder, '.staging'))
    await writeFile(join(folder, 'shards/clips-1-0123456789abcdef.parquet'), 'PAR1')
    expect(await examineStore(storeDir)).toEqual([
      ok, { name: 'tiny', state: 'warn', detail: 'an ingest was interrupted: files that no version names: 1 (clips-1-0123456789abcdef.parquet); drafts in .staging', fix: `${ingestOf(storeDir)} # goes on with them` }])
    await rm(join(folder, 'manifest.json'))
    await rename(join(folder, 'commits'), join(storeDir, 'elsewhere'))
    expect(await examineStore(storeDir)).toMatchObject([{ state: 'warn', detail: expect.stringContaining('an ingest was interrupted: '), fix: `${ingestOf(storeDir)} # goes on with them` }])
  })

  test('tells a writer at work from one that is no more and one on another machine', async () => {
    const { storeDir, folder, ok } = await tinyStore()
    await mkdir(join(folder, '.lock'))
    const start = (await readFile('/proc/self/stat', 'utf8').catch(() => ')')).split(') ').at(-1)!.split(' ')[19] ?? '0'
    const lock = (host: string, pid: number): string => join(folder, '.lock', `${host}~${pid}~${start}~0~all`)
    for (const file of [lock(hostname(), 2 ** 22 + 1), lock(hostname(), process.pid), lock('elsewhere', 7)]) await writeFile(file, '')
    const found = await examineStore(storeDir)
    expect(found).toHaveLength(4)
    expect(found).toEqual(expect.arrayContaining([
      ok,
      { name: 'tiny', state: 'ok', detail: `is being written by process ${process.pid}`, fix: null },
      { name: 'tiny', state: 'warn', detail: 'process 4194305 ended without letting go of it; the next writer tidies up', fix: `rm '${lock(hostname(), 2 ** 22 + 1)}'` },
      { name: 'tiny', state: 'warn', detail: 'is held by process 7 on elsewhere; nobody can write while that is so', fix: `rm '${lock('elsewhere', 7)}' # if it is no longer at it` },
    ]))
  })

  test('names versions that are gone, and a damaged split', async () => {
    const { storeDir, folder } = await tinyStore()
    const { commit } = await readManifest(storeDir, 'tiny')
    await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(4) })
    await rm(join(folder, `commits/${commit}.json`))
    await flipBit(join(folder, 'splits/official.parquet'), 20)
    const [, lost, split] = await examineStore(storeDir)
    const backup = `cp BACKUP/commits/${commit}.json ${join(folder, `commits/${commit}.json`)} # from a backup`
    expect(lost).toEqual({
      name: 'tiny', state: 'warn', detail: `versions that the newest one leads back to and whose own files under commits/ are gone: 1 (${commit.slice(0, 12)})`,
      fix: `${backup}; without one, posetta gc tiny --store ${storeDir} says what goes with them` })
    const files = ['json', 'parquet'].map((kind) => join(folder, `splits/official.${kind}`)).join(' ')
    expect(split).toEqual({ name: 'tiny', state: 'fail', detail: 'split "official" is not as it was written',
      fix: `rm -f ${files} && posetta split tiny --protocol official --store ${storeDir} # or --query and the file it was made from` })
  })

  test('names a version whose own file is damaged, and does not take its shards for those of an interrupted ingest', async () => {
    const { storeDir, folder, ok } = await tinyStore()
    const { commit } = await readManifest(storeDir, 'tiny')
    await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(4) })
    const newest = (await readManifest(storeDir, 'tiny')).commit
    await cp(join(folder, `commits/${newest}.json`), join(folder, `commits/${commit}.json`))
    expect((await examineStore(storeDir)).slice(1)).toEqual([{
      name: ok.name, state: 'fail', detail: `versions whose own files under commits/ are not as they were written: 1 (${commit.slice(0, 12)})`,
      fix: `cp BACKUP/commits/${commit}.json ${join(folder, `commits/${commit}.json`)} # from a backup` }])
  })

  test('asks for no ingest after a removal', async () => {
    const { storeDir } = await tinyStore()
    await removeClips({ storeDir, dataset: 'tiny', ids: ['tiny/0001'], purge: false })
    const [tiny] = await examineStore(storeDir)
    expect(tiny).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^2 clips, .*; clips were taken out of it$/), fix: null })
  })

  test('says that a part of a download is one', async () => {
    const { storeDir } = await tinyStore()
    const manifest = await readManifest(storeDir, 'tiny')
    await writeManifest(storeDir, { ...manifest, complete: false })
    expect(await examineStore(storeDir)).toMatchObject([{ state: 'warn', detail: expect.stringContaining('; a part of the download'), fix: `${ingestOf(storeDir)} # with the whole download` }])
  })
})

test('the machine: every tool that is not on PATH says how to come by it', async () => {
  const checks = await examine({ storeDir: await temporaryFolder(), environment: { PATH: '/nowhere' } })
  const named = checks.map(({ name }) => name).filter((name) => !name.startsWith('device '))
  expect(named).toEqual(['Node', 'DuckDB', 'ONNX Runtime', 'JPEG decoder', 'disk', 'ffmpeg', 'chromium', 'python3', 'store'])
  expect(checks.filter(({ state }) => state !== 'ok').every(({ fix }) => fix !== null)).toBe(true)
  expect(checks.find(({ name }) => name === 'ffmpeg')).toMatchObject({ state: 'warn', fix: expect.stringContaining('install ffmpeg') })
})
