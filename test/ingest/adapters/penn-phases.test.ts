import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead, Plan } from '../../../src/ingest/adapter.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import type { PennFacts } from '../../../src/ingest/adapters/penn-action/penn-discover.ts'
import { contextOf } from '../read-film.ts'
import { labelFile, phaseFile, rawFolder } from './penn-folder.ts'
import { tccRecord } from './tcc-record.ts'

type Files = Parameters<typeof rawFolder>[0]

let entry: DatasetEntry
const label = { 'labels/0001.mat': labelFile() }
const [npy, shard] = ['penn_action_labels/val/pullups/0001.npy', 'penn_action_tfrecords/penn_action_val-0.tfrecord']
const record = (labels: readonly number[], name = '0001_pullups'): Buffer => tccRecord({ name, len: labels.length, pictures: labels.map(String), labels })
const other = record([0, 0, 0, 1, 1], '1200_pullups')

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
})

describe('phases out of TFRecords', () => {
  test('are found by the names in the records', async () => {
    const { items, missing, ignored } = await discover({ ...label, [shard]: Buffer.concat([other, record([0, 1])]), 'penn_action_tfrecords/notes.txt': '' })
    const records = [{ path: shard, number: 1, offset: other.length, bytes: record([0, 1]).length, name: '0001_pullups' }]
    expect(items[0]).toMatchObject({ facts: { phases: null, records }, inputs: ['labels/0001.mat', shard] })
    expect(missing).toEqual(['frames'])
    expect(ignored).toEqual(['penn_action_tfrecords/notes.txt', `${shard}: 1 of 2 records are of videos without a label file, the first "1200_pullups"`])
  })

  test('are a clip\'s, which leads to the record', async () => {
    const bytes = Buffer.concat([other, record([0, 0, 0, 1])])
    const { clips: [clip], quarantined } = await read({ ...label, [shard]: bytes })
    const phases = [{ start: 0, end: 3, label: 'start' }, { start: 3, end: 4, label: 'chin above bar' }]
    const place = `record 1 at byte ${other.length}`
    expect(clip).toMatchObject({ flags: [], labels: { sides: { tcc: 'test' }, phases } })
    expect(clip!.files[1]).toEqual({ path: shard, bytes: bytes.length, sha256: sha256(bytes), role: 'phases', frame: null, place })
    expect(quarantined).toEqual([])
  })

  test.each([
    ['TCC\'s files, a few to an action', 'penn_action_tfrecords/pullups_train-0-of-2.tfrecord', 'train', ['phases-on-other-side']],
    ['folders of their own', 'penn_action_tfrecords/val/penn_action_val-3.tfrecord', 'test', []],
    ['the folder around the download', '../penn_action_tfrecords/penn_action_val-0.tfrecord', 'test', []],
  ])('lie in %s', async (_, path, side, flags) => {
    const { clips } = await read({ 'Penn_Action/labels/0001.mat': labelFile(), [`Penn_Action/${path}`]: record([0, 0, 1, 1]) })
    expect(clips[0]).toMatchObject({ flags, labels: { sides: { tcc: side } } })
  })

  test('of another length are taken at their share of the clip, as CARL takes those of .npy', async () => {
    const { clips } = await read({ ...label, [shard]: record([0, 0, 0, 0, 0, 1, 1, 1]) })
    expect(clips[0]).toMatchObject({ flags: ['phases-resampled'], labels: { phases: [{ end: 3 }, { start: 3 }] } })
  })

  test('are none where a record has no labels of frames', async () => {
    const { clips, quarantined } = await read({ ...label, [shard]: tccRecord({ name: '0001_pullups', len: 4 }) })
    expect([clips[0]!.labels.phases, clips[0]!.flags, clips[0]!.files.length, quarantined]).toEqual([null, [], 1, []])
  })

  test('are refused on two sides', async () => {
    const train = 'penn_action_tfrecords/penn_action_train-0.tfrecord'
    await expect(discover({ ...label, [shard]: record([0, 1]), [train]: record([0, 1]) })).rejects.toMatchObject({
      code: 'E_PENN_PHASES', message: `phase labels of video 0001 twice: record 0 at byte 0 of ${train} and record 0 at byte 0 of ${shard}` })
  })
})

test('phases of a video without a label file are named', async () => {
  const { ignored } = await discover({ ...label, ...phaseFile([0], 'train/squats/1700.npy') })
  expect(ignored).toEqual(['penn_action_labels/train/squats/1700.npy: there is no label file of 1700'])
})

describe('phases in two places', () => {
  test('that agree are those of the .npy', async () => {
    const { clips, quarantined } = await read({ ...label, ...phaseFile([0, 0, 1, 1]), [shard]: record([0, 0, 1, 1]) })
    expect([clips[0]!.files.map(({ path }) => path), clips[0]!.flags, quarantined]).toEqual([['labels/0001.mat', npy], [], []])
  })

  test('that disagree are those of the .npy, and the first frame is named', async () => {
    const { clips, quarantined } = await read({ ...label, ...phaseFile([0, 0, 0, 1]), [shard]: record([0, 0, 1, 1]) })
    expect(clips[0]).toMatchObject({ flags: ['phases-disagree'], labels: { phases: [{ end: 3 }, { start: 3 }] } })
    expect(quarantined).toEqual([{
      source: `${shard}#record 0 at byte 0`, code: 'E_PENN_PHASES', offset: null, sha256: sha256(record([0, 0, 1, 1])),
      message: `${npy} and record 0 at byte 0 of ${shard} differ from frame 2 on: phase 0 and phase 1`,
      readmit: 'keep the one that is right and run the same ingest again' }])
  })

  test('on two sides', async () => {
    const train = 'penn_action_tfrecords/penn_action_train-0.tfrecord'
    const { clips, quarantined } = await read({ ...label, ...phaseFile([0, 0, 1, 1]), [train]: record([0, 0, 1, 1]) })
    expect(clips[0]).toMatchObject({ flags: ['phases-disagree'], labels: { sides: { tcc: 'test' } } })
    expect(quarantined).toMatchObject([{ message: `${npy} and record 0 at byte 0 of ${train} put the video on the test side and on the train side` }])
  })

  test('are those of the record when the .npy cannot be read', async () => {
    const { clips, quarantined } = await read({ ...label, [npy]: 'phases', [shard]: record([0, 0, 1, 1]) })
    expect(clips[0]).toMatchObject({ flags: ['phases-quarantined'], labels: { phases: [{ end: 2 }, { start: 2 }] } })
    expect(quarantined).toMatchObject([{ source: npy, code: 'E_NPY_NOT_NPY' }])
  })
})

describe('quarantines', () => {
  test('a record whose bytes are not those that were written', async () => {
    const bytes = record([0, 0, 1, 1])
    bytes[bytes.length - 5]! ^= 1
    const { clips, quarantined } = await read({ ...label, [shard]: bytes })
    expect([clips[0]!.labels.phases, clips[0]!.flags]).toEqual([null, ['phases-quarantined']])
    expect(quarantined).toMatchObject([{ source: `${shard}#record 0 at byte 0`, code: 'E_TFRECORD_CRC', offset: 12, sha256: sha256(bytes) }])
  })

  test('a record of another action', async () => {
    expect((await read({ ...label, [shard]: record([0, 0, 1, 1], '0001_squats') })).quarantined).toMatchObject([{ code: 'E_PENN_PHASES',
      message: 'phase labels of squats for a clip of pullup' }])
  })

  test('a shard that breaks off, and keeps what is before', async () => {
    const plan = await discover({ ...label, [shard]: Buffer.concat([record([0, 1]), other.subarray(0, 20)]) })
    expect(plan.items[0]!.facts.records).toHaveLength(1)
    expect(plan.quarantined).toMatchObject([{ source: shard, code: 'E_TFRECORD_CUT', offset: record([0, 1]).length }])
  })
})

async function discover(files: Files): Promise<Plan<PennFacts>> {
  return pennAction.discover(contextOf(entry, rawFolder(files)))
}

async function read(files: Files): Promise<FilmRead> {
  const context = contextOf(entry, rawFolder(files))
  return pennAction.read(context, (await pennAction.discover(context)).items[0]!)
}
