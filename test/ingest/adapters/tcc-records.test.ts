import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/hash.ts'
import { listTccRecords, readFrameLabels } from '../../../src/ingest/adapters/penn-action/tcc-records.ts'
import { openRawFolder, type RawFolder } from '../../../src/ingest/raw-folder.ts'
import { shared } from '../../shared.ts'
import { rawFolder } from './penn-folder.ts'
import { field, sealed, tccRecord } from './tcc-record.ts'

const one = tccRecord({ name: '0001_baseball_pitch', len: 3, pictures: ['one', 'two', 'three'], labels: [0, 0, 1] })
const two = tccRecord({ name: '0002_baseball_pitch', len: 2, labels: [0, 300] })
/** An empty context of two bytes, and 100 kB. */
const pictures = payload(tccRecord({ pictures: ['x'.repeat(1e5)] }))

test.skipIf(shared === null)('reads the sample of CARL\'s layout', () => {
  const raw = openRawFolder(`${shared}/data/tiny-raw/tcc/penn_action_tfrecords`)
  const { records, quarantined } = listTccRecords(raw, 'penn_action_train-0.tfrecord')
  const name = '0001_baseball_pitch'
  expect(records).toEqual([0, 178].map((offset, number) => ({ path: 'penn_action_train-0.tfrecord', number, offset, bytes: 178, name })))
  expect([quarantined, readFrameLabels(raw, records[1]!)]).toEqual([[], [0, 1, 1]])
})

test('lists records by the start of each, and reads one of them', () => {
  const raw = shard(one, two)
  const { records } = listTccRecords(raw, 'a.tfrecord')
  expect(records.map(({ name, offset }) => [name, offset])).toEqual([['0001_baseball_pitch', 0], ['0002_baseball_pitch', one.length]])
  expect(records.map((record) => readFrameLabels(raw, record))).toEqual([[0, 0, 1], [0, 300]])
})

test.each([
  ['in a second context, behind 100 kB', sealed(Buffer.concat([pictures, payload(tccRecord({ name: '0007_squats' }))])), '0007_squats'],
  ['in a context that comes last', sealed(Buffer.concat([pictures.subarray(2), payload(tccRecord({ name: '0007_squats' }))])), '0007_squats'],
  ['in a context of 10 kB', tccRecord({ name: 'x'.repeat(10000) }), 'x'.repeat(10000)],
  ['nowhere', tccRecord({ labels: [1] }), ''],
  ['in nothing at all', sealed(Buffer.alloc(0)), ''],
])('finds the name %s', (_, record, name) => {
  const { records, quarantined } = listTccRecords(shard(record), 'a.tfrecord')
  expect([records.map((found) => found.name), quarantined]).toEqual([[name], []])
})

test('has no labels where a record labels no frames', () => {
  const raw = shard(tccRecord({ name: '0001_squats', len: 2 }))
  expect(readFrameLabels(raw, listTccRecords(raw, 'a.tfrecord').records[0]!)).toBeNull()
})

describe('quarantines', () => {
  test.each([
    ['a file cut in a record', [one, two.subarray(0, -1)], 'E_TFRECORD_CUT',
      `the record at byte ${one.length} takes ${two.length} bytes, ${two.length - 1} are left`],
    ['a file cut in a head', [one, two.subarray(0, 5)], 'E_TFRECORD_CUT', `the record at byte ${one.length} takes at least 16 bytes, 5 are left`],
    ['a length that is not what it was', [one, changed(two, 0)], 'E_TFRECORD_CRC',
      `the length of the record at byte ${one.length} has another checksum than it says; what follows cannot be found`],
  ])('%s, and keeps the records before it', (_, parts, code, message) => {
    const { records, quarantined } = listTccRecords(shard(...parts), 'a.tfrecord')
    expect(records.map(({ name }) => name)).toEqual(['0001_baseball_pitch'])
    expect(quarantined).toMatchObject([{ source: 'a.tfrecord', code, message, offset: one.length, sha256: sha256(Buffer.concat(parts)) }])
  })

  test('a record whose context is broken, and keeps those around it', () => {
    const broken = sealed(field(1, Buffer.of(0)))
    const { records, quarantined } = listTccRecords(shard(one, broken, two), 'a.tfrecord')
    expect(records.map(({ number }) => number)).toEqual([0, 2])
    expect(quarantined).toMatchObject([{ source: `a.tfrecord#record 1 at byte ${one.length}`, code: 'E_PROTOBUF', offset: one.length + 14,
      message: `record 1 at byte ${one.length}: a field number of 0, at byte 2 of the record`, sha256: sha256(Buffer.concat([one, broken, two])) }])
  })

  test('a context longer than its record', () => {
    expect(listTccRecords(shard(sealed(Buffer.of(10, 200, 1))), 'a.tfrecord').quarantined).toMatchObject([{ code: 'E_PROTOBUF', offset: 15,
      message: 'record 0 at byte 0: a context of 200 bytes where 0 are left, at byte 3 of the record' }])
  })

  test('a file that is not there', () => {
    expect(listTccRecords(shard(), 'b.tfrecord').quarantined).toMatchObject([{
      source: 'b.tfrecord', code: 'E_RAW_READ', message: 'cannot read b.tfrecord: ENOENT', sha256: null }])
  })
})

describe('refuses labels', () => {
  test.each([
    ['of a payload with another checksum', changed(one, 60), 'E_TFRECORD_CRC',
      expect.stringMatching(/^record 0 at byte 0: the \d+ bytes at byte 12 should have the checksum/), 12],
    ['of another number than the frames', tccRecord({ name: 'a', len: 3, labels: [0, 1] }), 'E_TCC_RECORD', 'the record says 3 frames and labels 2', undefined],
    ['that are texts', sealed(field(2, field(1, field(1, Buffer.from('frame_labels')), field(2, field(1, field(1, field(1, Buffer.from('up')))))))),
      'E_TCC_RECORD', '1 values of kind bytes label frame 0; one integer does', undefined],
  ])('%s', (_, record, code, message, offset) => {
    const raw = shard(record)
    const read = (): unknown => readFrameLabels(raw, listTccRecords(raw, 'a.tfrecord').records[0]!)
    expect(read).toThrow(expect.objectContaining({ code, message, ...(offset === undefined ? {} : { offset }) }))
  })

  test('of a file that has become shorter', () => {
    const [raw, record] = [shard(one), listTccRecords(shard(one, two), 'a.tfrecord').records[1]!]
    expect(() => readFrameLabels(raw, record)).toThrow(expect.objectContaining({
      code: 'E_TFRECORD_CUT', message: `record 1 at byte ${one.length}: the file ends before it` }))
  })
})

function shard(...records: readonly Uint8Array[]): RawFolder {
  return openRawFolder(rawFolder({ 'a.tfrecord': Buffer.concat(records) }))
}

/** A record without its frame of length and checksums. */
function payload(record: Buffer): Buffer {
  return record.subarray(12, -4)
}

function changed(record: Buffer, at: number): Buffer {
  const other = Buffer.from(record)
  other[at] = other[at]! ^ 1
  return other
}
