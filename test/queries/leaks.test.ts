import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip, SourceRef } from '../../src/clip.ts'
import { sha256 } from '../../src/hash.ts'
import { makeSplit } from '../../src/queries/index.ts'
import { writeClips } from '../../src/store/index.ts'
import { makeClip, skeletons } from '../store/clips.ts'

const source = (path: string, content: string, change: Partial<SourceRef>): SourceRef =>
  ({ path, bytes: content.length, sha256: sha256(content), role: 'keypoints', frame: null, place: null, ...change })

/** Splits two recordings of a data set called h2o, one to train and one to test, with the given raw files. */
async function splitOf(train: readonly SourceRef[], test: readonly SourceRef[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-leaks-'))
  const place = { storeDir: join(folder, 'store'), runsDir: join(folder, 'runs') }
  const clip = (id: string, side: 'train' | 'test', files: readonly SourceRef[]): Clip => ({ ...makeClip(id), files, labels: { ...makeClip(id).labels, officialSplit: side } })
  await writeClips({ storeDir: place.storeDir, dataset: 'h2o', skeletons, clips: [clip('h2o/a', 'train', train), clip('h2o/b', 'test', test)] })
  return makeSplit({ ...place, entry: entryOf(await readCatalog(), 'h2o'), from: { protocol: 'official' }, seed: 0, allowLeaks: [] })
}

const frames = (clip: string, contents: readonly string[], role: SourceRef['role'] = 'keypoints'): SourceRef[] =>
  contents.map((content, frame) => source(`${clip}/${frame}.txt`, content, { role, frame }))

test('files of single frames may be alike on two sides: a label, a hand that is not there, a list that names both', async () => {
  const list = source('list.txt', 'a b', { role: 'annotations', place: 'row 1' })
  await expect(splitOf([...frames('a', ['0', '1 2 3']), ...frames('a/label', ['0', '0'], 'label'), list], [...frames('b', ['0', '4 5 6']), ...frames('b/label', ['0', '0'], 'label'), list]))
    .resolves.toMatchObject({ leaks: [] })
})

test('a file of a whole clip, or all of its frames, may not', async () => {
  const leak = { code: 'E_SPLIT_LEAK', message: expect.stringContaining('file-on-two-sides, 1 times, such as') }
  await expect(splitOf([source('a.mat', 'x', { role: 'label' })], [source('b.mat', 'x', { role: 'label' })])).rejects.toMatchObject(leak)
  await expect(splitOf(frames('a', ['0', '1 2 3']), frames('b', ['0', '1 2 3']))).rejects.toMatchObject(leak)
})
