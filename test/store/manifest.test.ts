import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetFolder, listDatasets, readManifest, tableFiles } from '../../src/store/manifest.ts'
import { leafHash, merkleRoot } from '../../src/store/merkle.ts'
import { readVersion } from '../../src/store/read-version.ts'
import { groupByShard, shardBits, shardOf } from '../../src/store/shards.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons } from './clips.ts'
import { temporaryFolder } from './folder.ts'

const write = (storeDir: string, dataset: string) => writeClips({ storeDir, dataset, skeletons, clips: makeClips(2) })

test('lists data sets by name, and files by table', async () => {
  const storeDir = await temporaryFolder()
  await write(storeDir, 'tiny')
  const manifest = await write(storeDir, 'also')
  expect(await listDatasets(storeDir)).toEqual(['also', 'tiny'])
  expect(await listDatasets(join(storeDir, 'none'))).toEqual([])
  expect(tableFiles(storeDir, manifest, 'frames', 'two-2d')).toEqual([expect.stringMatching(/also\/shards\/frames-two-2d-all-[0-9a-f]{16}\.parquet$/)])
  expect(tableFiles(storeDir, manifest, 'phases')).toEqual([])
})

test('a data set that is not there is answered with those that are', async () => {
  const storeDir = await temporaryFolder()
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({
    code: 'E_NOT_INGESTED', message: `no data set "tiny" in store "${storeDir}": the store is empty`,
    hint: `posetta ingest tiny RAW_DIR --store ${storeDir}` })
  await write(storeDir, 'tiny')
  await expect(readManifest(storeDir, 'tinny')).rejects.toMatchObject({
    message: `no data set in store "${storeDir}" named "tinny"`, hint: 'did you mean "tiny"? There is: tiny' })
})

test('a manifest that was cut or changed is refused', async () => {
  const storeDir = await temporaryFolder()
  await write(storeDir, 'tiny')
  const file = join(storeDir, 'tiny/manifest.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.slice(0, 300))
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({
    code: 'E_MANIFEST', message: `"${file}" does not end in its sha256: it is cut short, or was written by something else` })
  await writeFile(file, text.replace('"clips": 2', '"clips": 3'))
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({
    code: 'E_MANIFEST', message: `"${file}" was changed after it was written: its sha256 does not fit` })
})

test('a manifest in the place of another one is refused: of a data set, of a version', async () => {
  const storeDir = await temporaryFolder()
  const { commit } = await write(storeDir, 'tiny')
  const { commit: next } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  await copyFile(join(storeDir, `tiny/commits/${next}.json`), join(storeDir, `tiny/commits/${commit}.json`))
  await expect(readVersion(storeDir, 'tiny', 'newest~1')).rejects.toMatchObject({
    code: 'E_MANIFEST', message: `"${join(storeDir, `tiny/commits/${commit}.json`)}" is that of the commit ${next.slice(0, 12)}` })
  await write(storeDir, 'also')
  await copyFile(join(storeDir, 'also/manifest.json'), join(storeDir, 'tiny/manifest.json'))
  await expect(readManifest(storeDir, 'tiny')).rejects.toMatchObject({ code: 'E_MANIFEST', message: `"${join(storeDir, 'tiny/manifest.json')}" is that of the data set also` })
})

test('a name cannot lead out of the store', () => {
  expect(() => datasetFolder('store', '../secrets')).toThrow('"../secrets" cannot be a name in the store')
})

// the leaves and roots of Certificate Transparency's own tests
test('the Merkle root is that of RFC 6962', async () => {
  const contents = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const leaves = contents.map((hex) => leafHash(Buffer.from(hex, 'hex')))
  const roots = [0, 1, 2, 3, 5, 8].map((count) => merkleRoot(leaves.slice(0, count)).slice(0, 16))
  expect(roots).toEqual(['e3b0c44298fc1c14', '6e340b9cffb37a98', 'fac54203e7cc696c', 'aeb6bcfe274b70a1', '4e3bbb1f7b478dcf', '5dc9da79a70659a9'])
})

test('a shard is the first bits of sha256(id); one more bit whenever 256 films a shard are passed; clips of one film share it', () => {
  expect([0, 1, 256, 257, 512, 513, 2326].map((films) => shardBits(films))).toEqual([0, 0, 0, 1, 1, 2, 4])
  // printf penn-action/0001 | sha256sum
  expect([shardOf('penn-action/0001', 0), shardOf('penn-action/0001', 4)]).toEqual(['all', '0001'])
  expect(shardOf('penn-action/0001#openpose', 4)).toBe('0001')
  expect([...groupByShard([{ id: 'penn-action/0001' }], 4).keys()]).toEqual(['0001'])
})
