import { expect, test } from 'vitest'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashSides, type Split } from '../../src/split.ts'
import { sealJson } from '../../src/store/sealed-json.ts'
import { listSplits, readSplit, writeSplit } from '../../src/store/splits.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClips, skeletons } from './clips.ts'
import { hashTree, temporaryFolder } from './folder.ts'

const sides = { train: ['tiny/0001', 'tiny/0003'], validation: [], test: ['tiny/0002'] }
const split: Split = { name: 'official', dataset: 'tiny', query: 'SELECT side, id FROM clips', groupKey: 'group_id', seed: 7, salt: '7', hash: hashSides(sides), sides }

const message = (what: string) => ({ code: 'E_SPLIT_DAMAGED', message: `split "official" of tiny: its ${what}` })

async function storeWithSplit(): Promise<{ storeDir: string; root: string }> {
  const storeDir = await temporaryFolder()
  const { root } = await writeClips({ storeDir, dataset: 'tiny', skeletons, clips: makeClips(3) })
  await writeSplit(storeDir, split, root)
  return { storeDir, root }
}

test('comes back as it was written, with the root of its data', async () => {
  const { storeDir, root } = await storeWithSplit()
  expect(await readSplit(storeDir, 'tiny', 'official')).toEqual({ ...split, root })
  expect(await listSplits(storeDir, 'tiny')).toEqual(['official'])
})

test('a split of format 1 keeps recordings together and is salted with its seed', async () => {
  const { storeDir, root } = await storeWithSplit()
  const json = join(storeDir, 'tiny/splits/official.json')
  const { sealed: _, groupKey: _key, salt: _salt, ...header } = JSON.parse(await readFile(json, 'utf8')) as Record<string, unknown>
  await writeFile(json, sealJson({ ...header, format: 1 }))
  expect(await readSplit(storeDir, 'tiny', 'official')).toEqual({ ...split, groupKey: 'group_id', salt: '7', root })
})

test('the same split again changes no byte; another one under its name is refused', async () => {
  const { storeDir, root } = await storeWithSplit()
  const tree = await hashTree(storeDir)
  await writeSplit(storeDir, split, 'f'.repeat(64))
  expect(await hashTree(storeDir)).toEqual(tree)
  const other = { train: ['tiny/0001'], test: ['tiny/0002'] }
  await expect(writeSplit(storeDir, { ...split, hash: hashSides(other), sides: other }, root)).rejects.toMatchObject({
    code: 'E_SPLIT_EXISTS', message: `a split "official" of tiny exists, with other members (hash ${split.hash.slice(0, 12)})`,
    hint: 'the name of a split is never given twice: choose another one by --name' })
  await expect(writeSplit(storeDir, { ...split, seed: 8 }, root)).rejects.toThrow('with other origins')
  await expect(writeSplit(storeDir, { ...split, salt: '8' }, root)).rejects.toThrow('with other origins')
  await expect(writeSplit(storeDir, { ...split, groupKey: 'subject' }, root)).rejects.toThrow('with other origins')
})

test('a name that is not there is answered with the nearest', async () => {
  const { storeDir } = await storeWithSplit()
  await expect(readSplit(storeDir, 'tiny', 'offical')).rejects.toMatchObject({
    code: 'E_SPLIT_UNKNOWN', message: 'no split of tiny named "offical"', hint: 'did you mean "official"? There is: official' })
})

test('a file of it that was changed is refused', async () => {
  const { storeDir } = await storeWithSplit()
  const [json, parquet] = ['json', 'parquet'].map((kind) => join(storeDir, `tiny/splits/official.${kind}`))
  const [text, members] = [await readFile(json!, 'utf8'), await readFile(parquet!)]
  await writeFile(json!, text.replace('"seed": 7', '"seed": 8'))
  await expect(readSplit(storeDir, 'tiny', 'official')).rejects.toMatchObject(message('json file was changed after it was written: its sha256 does not fit'))
  await writeFile(json!, text)
  await copyFile(json!, join(storeDir, 'tiny/splits/other.json'))
  await expect(readSplit(storeDir, 'tiny', 'other')).rejects.toThrow('split "other" of tiny: its json file is that of split "official" of tiny')
  await writeFile(parquet!, members.subarray(1))
  await expect(readSplit(storeDir, 'tiny', 'official')).rejects.toMatchObject(message('parquet file was changed after it was written'))
})
