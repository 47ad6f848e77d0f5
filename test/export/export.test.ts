import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exportExit, exportKindOf } from '../../src/export/index.ts'
import { restOf } from '../../src/export/rest-store.ts'
import { exportedClip } from '../../src/ingest/adapters/posetta-export/exported-clip.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { sha256 } from '../../src/hash.ts'
import { hashSides } from '../../src/split.ts'
import { exportKinds } from '../../src/store/export-files.ts'
import { parseExportManifest } from '../../src/store/export-manifest.ts'
import { readManifest, writeClips, writeSplit } from '../../src/store/index.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { makeClip, makeClips, spatial } from '../store/clips.ts'
import { hashTree, temporaryFolder } from '../store/folder.ts'
import { exported, tinyEntry, tinyStore } from './tiny.ts'

const storeWith = (names: readonly string[]): Promise<string> => tinyStore(names.map((name) => makeClip(`tiny/${name}`)))

describe('an export', () => {
  test('says what it is made of, and the sha256 of every file', async () => {
    const sides = { train: ['tiny/b'], test: ['tiny/a'] }
    const storeDir = await tinyStore([makeClip('tiny/a'), makeClip('tiny/b'), makeClip('tiny/c')], sides)
    const { outputDir } = await exported({ storeDir, kind: 'pyskl', split: 'half' })
    const file = join(outputDir, 'posetta-export.json')
    const { files, writer, root, clipsRoot, ...manifest } = parseExportManifest(readFileSync(file, 'utf8'), file)
    expect(manifest).toEqual({
      format: 1, kind: 'pyskl', dataset: 'tiny', title: 'A tiny data set', licence: 'for tests', redistribution: { annotations: false, frames: false },
      homepage: 'https://tiny.example/', citation: null, split: { name: 'half', hash: hashSides(sides), sides: { train: 1, test: 1 } }, pictures: false, labels: ['squat'],
      clips: 2, frames: 6, leftOut: [],
    })
    expect([root, writer]).toEqual([(await readManifest(storeDir, 'tiny')).root, expect.stringMatching(/^posetta 0\.0\.0, DuckDB v/)])
    const hashes = Object.fromEntries(files.map(({ file, sha256 }) => [file, sha256]))
    expect({ ...hashes, 'posetta-export.json': sha256(readFileSync(file)) }).toEqual(await hashTree(outputDir))
    expect(clipsRoot).not.toBe(root)
  })

  test.each(exportKinds)('as %s is the same bytes from any store of the same data', async (kind) => {
    const clips = [...makeClips(40), spatial('tiny/3d')]
    const [one, other] = [await tinyStore(clips), await tinyStore(clips.slice(5))]
    await writeClips({ storeDir: other, dataset: 'tiny', skeletons: (await tinyEntry()).skeletons, clips: clips.toReversed() })
    const [first, second] = [await exported({ storeDir: one, kind }), await exported({ storeDir: other, kind })]
    expect(await hashTree(second.outputDir)).toEqual(await hashTree(first.outputDir))
  })

  test('of clips that the format cannot hold ends in 3', async () => {
    const some = await exported({ storeDir: await tinyStore([makeClip('tiny/a'), spatial('tiny/b')]), kind: 'coco' })
    expect([exportExit(some), exportExit(await exported({ storeDir: await storeWith(['a']), kind: 'coco' }))]).toEqual([3, 0])
  })

  test('of nothing is refused', async () => {
    await expect(exported({ storeDir: await tinyStore([spatial('tiny/b')]), kind: 'coco' })).rejects.toMatchObject({
      code: 'E_EXPORT_EMPTY', message: "coco can hold none of the clips of tiny: COCO's keypoints are px of a picture" })
  })

  test('of a split whose clips are not all there is refused', async () => {
    const storeDir = await storeWith(['a', 'b'])
    const sides = { train: ['tiny/a'], test: ['tiny/gone'] }
    await writeSplit(storeDir, { name: 'old', dataset: 'tiny', query: '', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, (await readManifest(storeDir, 'tiny')).root)
    await expect(exported({ storeDir, kind: 'hf', split: 'old' })).rejects.toMatchObject({
      code: 'E_EXPORT_SPLIT', message: 'the split "old" names 2 clips, and the store has 1 of them', hint: 'it was made on other data; make a split of the newest version under another name' })
    await expect(exported({ storeDir, kind: 'hf', split: 'odl' })).rejects.toMatchObject({ code: 'E_SPLIT_UNKNOWN', hint: 'did you mean "old"? There is: old' })
  })

  test('to a format nobody knows is answered with the nearest', () => {
    expect(() => exportKindOf('pyksl')).toThrow(expect.objectContaining({
      code: 'E_FORMAT_UNKNOWN', message: 'no format "pyksl"', hint: 'did you mean "pyskl"? There are: pyskl, coco, webdataset, hf' }))
  })
})

describe('the folder', () => {
  const hint = 'give a new or empty folder with --output'

  test('again holds the same export: nothing is written', async () => {
    const storeDir = await storeWith(['a'])
    const { outputDir, isUnchanged, ...first } = await exported({ storeDir, kind: 'pyskl' })
    expect([isUnchanged, await exported({ storeDir, kind: 'pyskl', outputDir })]).toEqual([false, { ...first, outputDir, isUnchanged: true }])
  })

  test('that holds another export is refused, and says what differs', async () => {
    const { outputDir } = await exported({ storeDir: await storeWith(['a']), kind: 'pyskl' })
    const before = await hashTree(outputDir)
    await expect(exported({ storeDir: await storeWith(['a']), kind: 'coco', outputDir })).rejects.toMatchObject({
      code: 'E_EXPORT_DIR', message: `"${outputDir}" holds another export: its kind is "pyskl", not "coco"`, hint: 'give a new folder, or remove this one' })
    await expect(exported({ storeDir: await storeWith(['b']), kind: 'pyskl', outputDir })).rejects.toMatchObject({ code: 'E_EXPORT_DIR', message: expect.stringContaining('its root is') })
    expect(await hashTree(outputDir)).toEqual(before)
  })

  test('whose export was changed since is refused', async () => {
    const storeDir = await storeWith(['a'])
    const { outputDir } = await exported({ storeDir, kind: 'pyskl' })
    appendFileSync(join(outputDir, 'label_map.txt'), 'bowl\n')
    await expect(exported({ storeDir, kind: 'pyskl', outputDir })).rejects.toMatchObject({
      code: 'E_EXPORT_DIR', message: `"${outputDir}" holds this export, and label_map.txt was changed after it was written` })
    rmSync(join(outputDir, 'label_map.txt'))
    await expect(exported({ storeDir, kind: 'pyskl', outputDir })).rejects.toMatchObject({ message: `"${outputDir}" holds this export, and label_map.txt is missing` })
  })

  test('that holds something else, is a file or lies in the store is refused', async () => {
    const storeDir = await storeWith(['a'])
    const folder = await temporaryFolder()
    writeFileSync(join(folder, 'thesis.txt'), '')
    await expect(exported({ storeDir, kind: 'hf', outputDir: folder })).rejects.toMatchObject({ code: 'E_EXPORT_DIR', message: `"${folder}" holds something else`, hint })
    const file = join(folder, 'thesis.txt')
    await expect(exported({ storeDir, kind: 'hf', outputDir: file })).rejects.toMatchObject({ code: 'E_EXPORT_DIR', message: `"${file}" is a file`, hint })
    const inside = join(storeDir, 'tiny', 'out')
    const linked = join(folder, 'link', 'out')
    symlinkSync(storeDir, dirname(linked))
    for (const outputDir of [inside, linked, dirname(linked)]) {
      await expect(exported({ storeDir, kind: 'hf', outputDir })).rejects.toMatchObject({ code: 'E_EXPORT_DIR', message: `"${outputDir}" lies in the store` })
    }
  })

  test('is not there after an interruption; what a killed export left goes with the next one', async () => {
    const storeDir = await storeWith(['a', 'b', 'c'])
    const outputDir = join(await temporaryFolder(), 'out')
    const stop = new AbortController()
    const interrupted = exported({ storeDir, kind: 'webdataset', outputDir, signal: stop.signal, onProgress: ({ done }) => { if (done === 1) stop.abort(new Error('stopped')) } })
    await expect(interrupted).rejects.toThrow('stopped')
    expect(readdirSync(dirname(outputDir))).toEqual([])
    mkdirSync(join(dirname(outputDir), '.out.posetta', 'data'), { recursive: true })
    writeFileSync(join(dirname(outputDir), '.out.posetta', 'data', 'half'), 'half')
    const { files } = await exported({ storeDir, kind: 'webdataset', outputDir })
    expect([readdirSync(dirname(outputDir)), files.filter(({ file }) => file.startsWith('data'))]).toEqual([['out'], []])
  })

  test('may be there already when it is empty', async () => {
    const outputDir = await temporaryFolder()
    expect(await exported({ storeDir: await storeWith(['a']), kind: 'hf', outputDir })).toMatchObject({ clips: 1, isUnchanged: false })
  })
})

describe('on the way back', () => {
  const hint = 'export the data set again; what was changed on purpose is read as a data set of its own, without posetta-export.json'

  test.each([['pyskl', 'two-2d.pkl'], ['coco', 'annotations/clips/a.json'], ['webdataset', 'clips-000000.tar'], ['hf', 'data/clips-00000-of-00001.parquet']] as const)(
    'a changed file of %s is set aside', async (kind, file) => {
      const { outputDir } = await exported({ storeDir: await storeWith(['a']), kind })
      appendFileSync(join(outputDir, file), '\n')
      await expect(ingest({ entry: await tinyEntry(), rawDir: outputDir, storeDir: await temporaryFolder(), jobs: 1 })).rejects.toMatchObject({
        code: 'E_NOTHING_READ', message: expect.stringContaining(`${file}#tiny/a: ${file} was changed after it was exported: its sha256 is another one`) })
    })

  test('joints that are not those that were exported are refused, clip by clip', () => {
    const clip = makeClip('tiny/a', { frames: 1, states: Uint8Array.of(0, 2), keypoints: Float32Array.of(10.5, 20, 0.5, NaN, NaN, 0), raw: Float32Array.of(10.5, 20, 1, 1) })
    const joints = ['head', 'left_hand']
    const place = { id: 'tiny/a', hash: packClip(clip, joints).hash, file: 'a.pkl', place: '0' }
    const points = Float32Array.of(10.5, 20, 7, 7)
    expect(exportedClip(restOf(clip, true), { points, confidence: Float32Array.of(0.5, 7) }, joints, place)).toEqual(clip)
    expect(() => exportedClip(restOf(clip, true), { points: points.map((value) => value + 1), confidence: Float32Array.of(0.5, 7) }, joints, place)).toThrow(expect.objectContaining({
      code: 'E_EXPORT_CHANGED', hint, message: 'tiny/a in a.pkl is not the clip that was exported: its hash is another one' }))
  })

  test('an index or labels of another export are refused', async () => {
    const [one, other] = [await exported({ storeDir: await storeWith(['a', 'b']), kind: 'coco' }), await exported({ storeDir: await storeWith(['a']), kind: 'coco' })]
    for (const file of ['posetta/index.parquet', 'posetta/tiny/manifest.json']) {
      const before = readFileSync(join(one.outputDir, file))
      writeFileSync(join(one.outputDir, file), readFileSync(join(other.outputDir, file)))
      await expect(ingest({ entry: await tinyEntry(), rawDir: one.outputDir, storeDir: await temporaryFolder(), jobs: 1 })).rejects.toMatchObject({
        code: 'E_EXPORT_CHANGED', message: `${file} was changed after it was exported: its sha256 is another one`, hint })
      writeFileSync(join(one.outputDir, file), before)
    }
  })

  test('an export of another data set, or whose manifest was changed, is refused', async () => {
    const { outputDir } = await exported({ storeDir: await storeWith(['a']), kind: 'coco' })
    const storeDir = await temporaryFolder()
    await expect(ingest({ entry: await tinyEntry({ name: 'other' }), rawDir: outputDir, storeDir, jobs: 1 })).rejects.toMatchObject({
      code: 'E_EXPORT_DATASET', message: `${outputDir} is an export of tiny, not of other`, hint: `posetta ingest tiny ${outputDir}` })
    const file = join(outputDir, 'posetta-export.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('for tests', 'for sale!'))
    await expect(ingest({ entry: await tinyEntry(), rawDir: outputDir, storeDir, jobs: 1 })).rejects.toMatchObject({
      code: 'E_EXPORT_MANIFEST', message: `"${file}" was changed after it was written: its sha256 does not fit` })
  })
})
