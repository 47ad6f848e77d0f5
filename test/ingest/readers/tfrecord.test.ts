import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readTfRecords, walkTfRecords } from '../../../src/ingest/readers/tfrecord.ts'
import { shared } from '../../shared.ts'

const sample = shared === null ? null : `${shared}/data/tiny-raw/tcc/penn_action_tfrecords/penn_action_train-0.tfrecord`
const folder = mkdtempSync(join(tmpdir(), 'posetta-tfrecord-'))

/** Checksums by the definition of CRC-32C, bit by bit, in Python. */
const EMPTY = '0000000000000000 29039807 d8ea82a2'
const DIGITS = '0900000000000000 37f97139 313233343536373839 e5b08ac7'
const ABC = '0300000000000000 b099490e 616263 6e57f121'

describe.each([
  ['bytes', readTfRecords],
  ['a file', (bytes: Uint8Array, options?: { maxBytes: number }) => walkTfRecords(written(bytes), options)],
] as const)('%s', (_, read) => {
  test('record by record, with where each begins', () => {
    const records = [...read(bytesOf(DIGITS, EMPTY, ABC))].map(({ offset, payload }) => [offset, Buffer.from(payload).toString()])
    expect(records).toEqual([[0, '123456789'], [25, ''], [41, 'abc']])
  })

  test('nothing in an empty file', () => {
    expect([...read(new Uint8Array(0))]).toEqual([])
  })

  test.skipIf(sample === null)('the samples of TCC', () => {
    const [one, two, ...others] = [...read(readFileSync(sample!))]
    expect([one?.offset, two?.offset, one?.payload.length, others.length]).toEqual([0, 178, 162, 0])
    expect(Buffer.from(two!.payload).equals(one!.payload)).toBe(true)
  })

  test.each([
    ['a length with another checksum', `${ABC} 0800000000000000 37f97139 313233343536373839 e5b08ac7`, 'E_TFRECORD_CRC',
      'the length at byte 19 should have the checksum 0x3971f937, not 0x0f2486ff', 19],
    ['a payload with another checksum', `${ABC} 0900000000000000 37f97139 313233343536373838 e5b08ac7`, 'E_TFRECORD_CRC',
      'the 9 bytes at byte 31 should have the checksum 0xc78ab0e5, not 0xc5830db2', 31],
    ['a head cut off', `${ABC} 0900`, 'E_TFRECORD_CUT', 'the record at byte 19 takes at least 16 bytes, 2 are left', 19],
    ['a payload cut off', `${ABC} ${DIGITS.slice(0, -2)}`, 'E_TFRECORD_CUT', 'the record at byte 19 takes 25 bytes, 24 are left', 19],
    ['a length of 2^63', '0000000000000080 950867b6', 'E_TFRECORD_CUT', 'the record at byte 0 takes 9223372036854776000 bytes, 12 are left', 0],
  ])('refuses %s', (_, hex, code, message, offset) => {
    expect(answer(() => [...read(bytesOf(hex))])).toMatchObject({ code, message, offset })
  })

  test('refuses a record above the limit', () => {
    expect(answer(() => [...read(bytesOf(DIGITS), { maxBytes: 8 })])).toMatchObject({ code: 'E_TFRECORD_LARGE',
      message: 'the record at byte 0 has 9 bytes, 8 are allowed', offset: 0 })
  })

  test('says of a gzipped file what to do', () => {
    expect(answer(() => [...read(gzipSync(bytesOf(ABC)))])).toMatchObject({ code: 'E_TFRECORD_CRC', hint: 'it looks gzipped: unpack it first, with gunzip' })
  })

  test('gives the records before a bad one', () => {
    const records = read(bytesOf(ABC, '00'))
    expect(records.next().value).toMatchObject({ offset: 0 })
    expect(answer(() => records.next())).toMatchObject({ code: 'E_TFRECORD_CUT' })
  })
})

test('a file that shrinks while it is read is a cut one', () => {
  const file = written(bytesOf(ABC, DIGITS))
  const records = walkTfRecords(file)
  records.next()
  truncateSync(file, 40)
  expect(answer(() => records.next())).toMatchObject({ message: 'the record at byte 19 takes 25 bytes, 21 are left' })
})

test('a file whose head is gone while it is read is a cut one', () => {
  const file = written(bytesOf(ABC, DIGITS))
  const records = walkTfRecords(file)
  records.next()
  truncateSync(file, 22)
  expect(answer(() => records.next())).toMatchObject({ message: 'the record at byte 19 takes at least 16 bytes, 3 are left' })
})

function written(bytes: Uint8Array): string {
  const file = join(mkdtempSync(join(folder, 'one-')), 'penn_action_train-0.tfrecord')
  writeFileSync(file, bytes)
  return file
}

function bytesOf(...hex: readonly string[]): Uint8Array {
  return Buffer.from(hex.join('').replaceAll(' ', ''), 'hex')
}

function answer(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}
