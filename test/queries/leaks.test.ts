import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip, ClipLabels, SourceRef } from '../../src/clip.ts'
import type { Image } from '../../src/film.ts'
import { sha256 } from '../../src/hash.ts'
import { makeSplit, type MadeSplit } from '../../src/queries/index.ts'
import { leakGates } from '../../src/queries/leaks.ts'
import { openStoreWriter } from '../../src/store/index.ts'
import { packClip } from '../../src/store/pack-clip.ts'
import { packFilm } from '../../src/store/pack-film.ts'
import type { Side } from '../../src/split.ts'
import { textOf } from '../sources.ts'
import { makeClip, skeletons } from '../store/clips.ts'

const source = (path: string, content: string, change: Partial<SourceRef> = {}): SourceRef =>
  ({ path, bytes: content.length, sha256: sha256(content), role: 'keypoints', frame: null, place: null, ...change })
const frames = (clip: string, contents: readonly string[], role: SourceRef['role'] = 'keypoints'): SourceRef[] =>
  contents.map((content, frame) => source(`${clip}/${frame}.txt`, content, { role, frame }))
const pictures = (folder: string, contents: readonly string[], first = 0): Image[] => contents.map((content, frame) => (
  { frame, path: `${folder}${String(first + frame).padStart(6, '0')}.jpg`, width: 480, height: 270, pts: null, hash: `sha256:${sha256(content)}`, bytes: content.length, data: null }))

type Made = { readonly side: Side; readonly images?: readonly Image[]; readonly labels?: Partial<ClipLabels> } & Partial<Omit<Clip, 'labels'>>

/** A clip of a data set called h2o, alone in its recording and made of a file of its own, but for what is said. */
const clip = (name: string, { side, images = [], labels = {}, ...change }: Made): { clip: Clip; images: readonly Image[] } => {
  const made = makeClip(`h2o/${name}`, { files: [source(`${name}.txt`, name)], ...change })
  return { clip: { ...made, labels: { ...made.labels, officialSplit: side, ...labels } }, images }
}

async function splitOf(films: readonly ReturnType<typeof clip>[], allowLeaks: readonly string[] = []): Promise<MadeSplit> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-leaks-'))
  const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  const writer = await openStoreWriter({ storeDir: place.storeDir, dataset: 'h2o' })
  try {
    const shard = writer.openShard('all')
    for (const { clip, images } of films) await shard.add(packFilm(clip.id, [packClip(clip, skeletons[0]!.joints)], images.length === 0 ? { images: null, proxy: null } : { images, proxy: null }))
    await shard.finish(films.map(({ clip: { id } }) => ({ id, fingerprint: null, quarantined: [] })), null)
    await writer.commit({ shardBits: 0, quarantined: [], complete: false, entry: sha256('') })
  } finally {
    await writer.close()
  }
  return makeSplit({ ...place, entry: entryOf(await readCatalog(), 'h2o'), from: { protocol: 'official' }, seed: 0, allowLeaks })
}

const everyCode = leakGates.map(({ code }) => code)
const leaksOf = async (...films: readonly ReturnType<typeof clip>[]): Promise<Record<string, readonly string[]>> =>
  Object.fromEntries((await splitOf(films, everyCode)).leaks.map(({ code, examples }) => [code, examples]))

test('a split that leaks is refused, unless the leak is accepted by its code', async () => {
  const films = [clip('a', { side: 'train', group: 'h2o/one', labels: { camera: 'left' } }), clip('b', { side: 'test', group: 'h2o/one', labels: { camera: 'right' } })]
  await expect(splitOf(films)).rejects.toMatchObject({
    code: 'E_SPLIT_LEAK', message: 'split "official" leaks: group-on-two-sides, 1 times, such as h2o/one is on test and train', hint: 'mend the query, or accept it with --allow-leaks group-on-two-sides' })
  expect((await splitOf(films, ['group-on-two-sides'])).leaks).toEqual([{
    code: 'group-on-two-sides', meaning: 'a group (a recording, unless the split says otherwise) is divided', count: 1, examples: ['h2o/one is on test and train'], allowed: true }])
})

test('a leak that no gate finds cannot be accepted', async () => {
  await expect(splitOf([clip('a', { side: 'train' }), clip('b', { side: 'test' })], ['near-duplicates'])).rejects.toMatchObject({
    code: 'E_LEAK_UNKNOWN', message: 'no leak "near-duplicates"', hint: `did you mean "near-duplicate"? There are: ${everyCode.join(', ')}` })
})

test('every leak is named at once', async () => {
  const files = [source('same.txt', 'same')]
  const films = [clip('a', { side: 'train', group: 'h2o/one', files, labels: { camera: 'left' } }), clip('b', { side: 'test', group: 'h2o/one', files, labels: { camera: 'right' } })]
  await expect(splitOf(films)).rejects.toMatchObject({
    message: 'split "official" leaks: group-on-two-sides, 1 times, such as h2o/one is on test and train; file-on-two-sides, 1 times, such as same.txt on test and train',
    hint: 'mend the query, or accept it with --allow-leaks group-on-two-sides --allow-leaks file-on-two-sides' })
})

test('clips that share nothing leak nothing', async () => {
  expect(await leaksOf(
    clip('a', { side: 'train', images: pictures('a/', ['1', '2']), labels: { subject: 'anna' } }),
    clip('b', { side: 'test', images: pictures('b/', ['3', '4']), labels: { subject: 'ben' } }))).toEqual({})
})

test('a person on two sides; nobody in particular is no person', async () => {
  expect(await leaksOf(clip('a', { side: 'train', labels: { subject: 'anna' } }), clip('b', { side: 'test', labels: { subject: 'anna' } })))
    .toEqual({ 'subject-on-two-sides': ['subject anna is on test and train'] })
  expect(await leaksOf(clip('a', { side: 'train' }), clip('b', { side: 'test' }))).toEqual({})
})

describe('bytes on two sides', () => {
  test('files of single frames may be alike: a label, a hand that is not there, a list that names both', async () => {
    const list = source('list.txt', 'a b', { role: 'annotations', place: 'row 1' })
    const files = (name: string, content: string): SourceRef[] => [...frames(name, ['0', content]), ...frames(`${name}/label`, ['0', '0'], 'label'), list]
    expect(await leaksOf(clip('a', { side: 'train', files: files('a', '1 2 3') }), clip('b', { side: 'test', files: files('b', '4 5 6') }))).toEqual({})
  })

  test('a file of a whole clip, or all of its frames, may not', async () => {
    expect(await leaksOf(clip('a', { side: 'train', files: [source('a.mat', 'x', { role: 'label' })] }), clip('b', { side: 'test', files: [source('b.mat', 'x', { role: 'label' })] })))
      .toEqual({ 'file-on-two-sides': ['a.mat = b.mat on test and train'] })
    expect(await leaksOf(clip('a', { side: 'train', files: frames('a', ['0', '1 2 3']) }), clip('b', { side: 'test', files: frames('b', ['0', '1 2 3']) })))
      .toEqual({ 'file-on-two-sides': ['a/0.txt = b/0.txt on test and train'] })
  })
})

test('pictures on two sides, counted by pairs of films', async () => {
  expect(await leaksOf(clip('a', { side: 'train', images: pictures('a/', ['1', '2', '3']) }), clip('b', { side: 'test', images: pictures('b/', ['2', '3', '4']) })))
    .toEqual({ 'picture-on-two-sides': ['2 pictures of h2o/b (test) are in h2o/a (train)'] })
})

describe('neighbouring frames', () => {
  const cut = (first: number, name: string) => pictures('walk_', ['1', '2', '3'].map((content) => name + content), first)

  test('of one series of pictures, less than 30 frames apart', async () => {
    expect(await leaksOf(clip('a', { side: 'train', images: cut(100, 'a') }), clip('b', { side: 'test', images: cut(131, 'b') })))
      .toEqual({ 'neighbouring-frames': ['h2o/a (train, frames 100 to 102) and h2o/b (test, frames 131 to 133)'] })
    expect(await leaksOf(clip('a', { side: 'train', images: cut(100, 'a') }), clip('b', { side: 'test', images: cut(132, 'b') }))).toEqual({})
  })

  test('of one series of pose files', async () => {
    const files = (name: string, first: number): SourceRef[] => [0, 1, 2].map((frame) => source(`walk/${String(first + frame).padStart(6, '0')}_keypoints.json`, `${name}${frame}`, { frame }))
    expect(await leaksOf(clip('a', { side: 'train', files: files('a', 0) }), clip('b', { side: 'test', files: files('b', 3) })))
      .toEqual({ 'neighbouring-frames': ['h2o/a (train, frames 0 to 2) and h2o/b (test, frames 3 to 5)'] })
  })

  test('of one recording and camera; another camera is another film, though the recording is divided', async () => {
    const labels = { camera: 'left' }
    expect(await leaksOf(clip('a', { side: 'train', group: 'h2o/one', labels }), clip('b', { side: 'test', group: 'h2o/one', labels })))
      .toMatchObject({ 'neighbouring-frames': ['h2o/a (train, frames 0 to 2) and h2o/b (test, frames 0 to 2)'] })
    expect(Object.keys(await leaksOf(clip('a', { side: 'train', group: 'h2o/one', labels }), clip('b', { side: 'test', group: 'h2o/one', labels: { camera: 'right' } }))))
      .toEqual(['group-on-two-sides'])
  })
})

test('a side without the labels of another', async () => {
  const segments = [{ track: 'verb', start: 0, end: 2, label: 'grab', number: null }]
  const phases = [{ start: 0, end: 3, label: 'start' }]
  expect(await leaksOf(clip('a', { side: 'train', labels: { segments, phases } }), clip('b', { side: 'validation', labels: { segments } }), clip('c', { side: 'test', labels: { action: null, phases } })))
    .toEqual({ 'unlabelled-side': ['test has no action, train and validation has', 'test has no segments of the track verb, train and validation has', 'validation has no phases, test and train has'] })
})

test('every gate has a row in docs/leaks.md, and every query a gate', () => {
  for (const code of everyCode) expect(textOf('docs/leaks.md')).toMatch(new RegExp(`\\| \`${code}\` \\|`))
})
