import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/hash.ts'
import { randomAt } from '../../src/random.ts'
import { hashSides } from '../../src/split.ts'
import { withDuck } from '../../src/store/duckdb.ts'
import { readManifest, writeManifest } from '../../src/store/manifest.ts'
import { writeSplit } from '../../src/store/splits.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons } from './clips.ts'
import { hashTree, temporaryFolder } from './folder.ts'

async function tinyStore(): Promise<{ storeDir: string; folder: string }> {
  const storeDir = await temporaryFolder()
  const bad = { source: 'x.mat', code: 'E_MAT', message: 'no', offset: null, sha256: null, readmit: 'mend it' }
  const { root } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(5), quarantined: [bad] })
  const sides = { train: ['tiny/0001'], test: ['tiny/0002'] }
  await writeSplit(storeDir, { name: 'halves', dataset: 'tiny', query: 'select 1', groupKey: 'group_id', seed: 0, salt: '0', hash: hashSides(sides), sides }, root)
  return { storeDir, folder: join(storeDir, 'tiny') }
}

test('finds nothing wrong with what was just written, deep or not', async () => {
  const { storeDir } = await tinyStore()
  const { root, counts } = await readManifest(storeDir, 'tiny')
  expect(await verify(storeDir, 'tiny')).toEqual({ checked: 8, bytes: counts.bytes, problems: [], root })
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('finds any one byte changed in any file of the store', async () => {
  const { storeDir, folder } = await tinyStore()
  const random = randomAt({ seed: 1 })
  for (const name of Object.keys(await hashTree(folder))) {
    const original = await readFile(join(folder, name))
    for (const at of [0, original.length - 1, random.integer(original.length), random.integer(original.length)]) {
      const changed = Uint8Array.from(original)
      changed[at]! ^= 1 << random.integer(8)
      await writeFile(join(folder, name), changed)
      const { problems } = await verify(storeDir, 'tiny')
      expect.soft(problems.map(({ file }) => file.replace(/\..*/, '')), `${name}, byte ${at}`).toEqual([name.replace(/\..*/, '')])
    }
    await writeFile(join(folder, name), original)
  }
})

test('names a file that is missing, one that is cut and one too many', async () => {
  const { storeDir, folder } = await tinyStore()
  const [clips, files, frames] = (await readdir(join(folder, 'shards'))).sort()
  await rm(join(folder, 'shards', clips!))
  await writeFile(join(folder, 'shards', files!), 'PAR1')
  await writeFile(join(folder, 'shards/mine.parquet'), 'PAR1')
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toMatchObject([
    { file: `shards/${clips}`, code: 'E_FILE_MISSING', message: 'the manifest names it, the folder lacks it' },
    { file: `shards/${files}`, code: 'E_FILE_CHANGED', message: expect.stringMatching(/^4 bytes, written with \d+$/) },
    { file: 'shards/mine.parquet', code: 'E_FILE_EXTRA', message: expect.stringContaining('the manifest does not name it') },
  ])
  expect(frames).toContain('frames-')
})

test('deep: says which clips another program changed, even when it wrote a manifest to match', async () => {
  const { storeDir, folder } = await tinyStore()
  const manifest = await readManifest(storeDir, 'tiny')
  const ref = manifest.shards[0]!.files.find(({ table }) => table === 'frames')!
  const file = join(folder, 'shards', ref.file)
  await withDuck((duck) => duck.run(`COPY (SELECT * REPLACE (CASE WHEN clip_id = 'tiny/0003' AND frame = 1 THEN head_x + 1 ELSE head_x END AS head_x)
    FROM '${file}') TO '${file}' (FORMAT parquet)`))
  const bytes = await readFile(file)
  const files = manifest.shards[0]!.files.map((other) => (other === ref ? { ...ref, bytes: bytes.length, sha256: sha256(bytes) } : other))
  await writeManifest(storeDir, { ...manifest, shards: [{ ...manifest.shards[0]!, files }] })
  expect((await verify(storeDir, 'tiny')).problems).toEqual([])
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([
    { file: `shards/${ref.file}`, code: 'E_CLIP_CHANGED', message: '1 of 5 clips do not have the values they were written with', clips: ['tiny/0003'] }])
})

test('deep: a manifest with another root or parent is found out', async () => {
  const { storeDir } = await tinyStore()
  const manifest = await readManifest(storeDir, 'tiny')
  await writeManifest(storeDir, { ...manifest, parent: 'a'.repeat(64) })
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([
    { file: 'manifest.json', code: 'E_ROOT', message: 'clips and quarantine do not make its root and commit' }])
})
