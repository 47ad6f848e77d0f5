import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSequenceExample, type SequenceExample } from '../../../src/ingest/readers/sequence-example.ts'
import { readTfRecords } from '../../../src/ingest/readers/tfrecord.ts'
import { shared } from '../../shared.ts'
import { fuzzTfRecord } from '../../soak/tfrecord-fuzz.ts'

const sample = shared === null ? null : `${shared}/data/tiny-raw/tcc/penn_action_tfrecords/penn_action_train-0.tfrecord`

/** A field of a message, number and data: the tag says 2, a length and as many bytes. */
function field(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts)
  if (data.length > 127) throw new Error('lengths of one byte are enough here')
  return Buffer.concat([Buffer.of(number * 8 + 2, data.length), data])
}
const entry = (key: string, ...value: readonly Uint8Array[]): Buffer => field(1, field(1, Buffer.from(key)), field(2, ...value))
/** A record whose context is one feature `x` of these bytes. */
const withX = (...feature: readonly Uint8Array[]): Buffer => field(1, entry('x', ...feature))
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('reads', () => {
  test.skipIf(sample === null)('a record of TCC', () => {
    const [record] = [...readTfRecords(readFileSync(sample!))]
    const { context, lists } = readSequenceExample(record!.payload)
    expect(context).toEqual(new Map([
      ['name', { kind: 'bytes', values: [bytes('0001_baseball_pitch')] }],
      ['len', { kind: 'int64', values: [3] }],
      ['label', { kind: 'int64', values: [-1] }],
    ]))
    expect(lists.get('frame_labels')).toEqual([0, 1, 1].map((label) => ({ kind: 'int64', values: [label] })))
    expect(lists.get('video')?.map(({ values }) => Buffer.from(values[0] as Uint8Array).toString('latin1'))).toEqual(['ÿØjpg0', 'ÿØjpg1', 'ÿØjpg2'])
  })

  test('nothing', () => {
    expect(readSequenceExample(new Uint8Array(0))).toEqual({ context: new Map(), lists: new Map() })
  })

  test.each([
    ['packed', field(3, field(1, hex('00 01 7f 8001 ac02')))],
    ['one by one', field(3, hex('0800 0801 087f 088001 08ac02'))],
    ['packed and not, in two pieces', Buffer.concat([field(3, field(1, hex('00 01'))), field(3, hex('087f 088001'), field(1, hex('ac02')))])],
  ])('integers %s', (_, feature) => {
    expect(x(feature)).toEqual({ kind: 'int64', values: [0, 1, 127, 128, 300] })
  })

  test('integers of 10 bytes as the negative numbers they are, up to 2^53', () => {
    // two's complement in groups of 7 bits, the lowest first
    const numbers = 'ffffffffffffffffff01 ffffffffffffff0f feffffffffffffffff01 81808080808080f0ff01'
    expect(x(field(3, field(1, hex(numbers))))).toEqual({ kind: 'int64', values: [-1, 2 ** 53 - 1, -2, -(2 ** 53) + 1] })
  })

  test.each([
    ['packed', field(2, field(1, hex('0000c03f 0000807f 000020c0')))],
    ['one by one', field(2, hex('0d0000c03f 0d0000807f 0d000020c0'))],
  ])('floats %s', (_, feature) => {
    expect(x(feature)).toEqual({ kind: 'float', values: [1.5, Infinity, -2.5] })
  })

  test('several byte strings, an empty one among them', () => {
    expect(x(field(1, field(1, bytes('ab')), field(1), field(1, bytes('c'))))).toEqual({ kind: 'bytes', values: [bytes('ab'), bytes(''), bytes('c')] })
  })

  test('lists without values, and a feature without a list', () => {
    const features = [x(field(1)), x(field(2)), x(field(3)), x()]
    expect(features).toEqual([{ kind: 'bytes', values: [] }, { kind: 'float', values: [] }, { kind: 'int64', values: [] }, { kind: 'none', values: [] }])
  })

  test('an entry without key and value as the empty ones', () => {
    expect(readSequenceExample(Buffer.concat([field(1, field(1)), field(2, field(1))]))).toEqual({
      context: new Map([['', { kind: 'none', values: [] }]]), lists: new Map([['', []]]),
    })
  })

  test('a context and lists in several pieces', () => {
    const record = Buffer.concat([withX(field(3, field(1, hex('05')))), field(2, entry('a', field(1))), field(1, entry('y')), field(2, entry('b'))])
    const { context, lists } = readSequenceExample(record)
    expect([[...context.keys()], [...lists.keys()]]).toEqual([['x', 'y'], ['a', 'b']])
  })

  test('past fields it does not know, of every wire type, at every level', () => {
    // fields 9 to 13: a varint, 8 bytes, text, 4 bytes, a group with a group and a varint in it
    const unknown = hex('48 9601 51 0102030405060708 5a 03616263 65 01020304 6b 73 0801 74 6c')
    const list = field(3, unknown, hex('0807'))
    const feature = Buffer.concat([unknown, list])
    const record = Buffer.concat([unknown, field(1, unknown), field(2, unknown, field(1, field(1, bytes('l')), field(2, field(1, feature), unknown)))])
    expect(readSequenceExample(record).lists).toEqual(new Map([['l', [{ kind: 'int64', values: [7] }]]]))
    const context = field(1, field(1, field(1, bytes('x')), field(2, feature), unknown))
    expect(readSequenceExample(context).context).toEqual(new Map([['x', { kind: 'int64', values: [7] }]]))
  })

  test('keys beyond ASCII', () => {
    expect([...readSequenceExample(field(1, entry('Übung'))).context.keys()]).toEqual(['Übung'])
  })
})

describe('refuses', () => {
  test.each([
    ['a tag that does not end', hex('80'), 'an integer that does not end, at byte 0 of the record', 0],
    ['a varint that ends with the record', hex('48 ffff'), 'an integer that does not end, at byte 1 of the record', 1],
    ['a varint of 11 bytes', hex('48 ffffffffffffffffffff01'), 'an integer of more than 64 bits, at byte 1 of the record', 1],
    ['a varint of 65 bits', hex('48 ffffffffffffffffff02'), 'an integer of more than 64 bits, at byte 1 of the record', 1],
    ['field 0', hex('02 00'), 'a field number of 0, at byte 0 of the record', 0],
    ['a field number of 2^29', hex('80 80 80 80 10 00'), 'a field number of 536870912, at byte 0 of the record', 0],
    ['wire type 6', hex('4e 00'), 'a field of wire type 6, at byte 1 of the record', 1],
    ['wire type 7', hex('4f 00'), 'a field of wire type 7, at byte 1 of the record', 1],
    ['a length beyond the record', hex('0a 05 0a'), 'a field of 5 bytes where 1 are left, at byte 2 of the record', 2],
    ['a length below 0', hex('0a ffffffffffffffffff01'), 'a field of -1 bytes where 0 are left, at byte 11 of the record', 11],
    ['a length beyond its message', field(1, hex('0a 09'), field(1)), 'a field of 9 bytes where 2 are left, at byte 4 of the record', 4],
    ['8 bytes that are 7', hex('51 01020304050607'), 'a field of 8 bytes where 7 are left, at byte 1 of the record', 1],
    ['4 bytes that are 3', hex('55 010203'), 'a field of 4 bytes where 3 are left, at byte 1 of the record', 1],
    ['a group that does not end', hex('4b 53 54'), 'a group 9 that does not end, at byte 3 of the record', 3],
    ['a group that did not begin', hex('4c'), 'the end of a group 9 that did not begin, at byte 0 of the record', 0],
    ['a group that another ends', hex('4b 54'), 'the end of a group 10 that did not begin, at byte 1 of the record', 1],
    ['groups without bottom', Buffer.alloc(200, 0x4b), 'groups more than 100 deep, at byte 100 of the record', 100],
    ['a context that is a number', hex('08 01'), 'the context of wire type 0, at byte 0 of the record', 0],
    ['feature lists that are 4 bytes', hex('15 01020304'), 'the feature lists of wire type 5, at byte 0 of the record', 0],
    ['an entry that is a number', field(1, hex('0801')), 'an entry of wire type 0, at byte 2 of the record', 2],
    ['a key that is a number', field(1, field(1, hex('0801'))), 'a key of wire type 0, at byte 4 of the record', 4],
    ['a value that is a number', field(1, field(1, hex('1001'))), 'a value of wire type 0, at byte 4 of the record', 4],
    ['two values of a key', field(1, field(1, field(2), field(2))), 'a second value of an entry, at byte 6 of the record', 6],
    ['a feature that is a number', field(2, entry('', hex('0801'))), 'a feature of wire type 0, at byte 8 of the record', 8],
    ['a key that is no text', field(1, field(1, field(1, hex('ff')))), 'a key that is no UTF-8 text, at byte 6 of the record', 6],
    ['a key twice', field(1, entry('x'), entry('x')), 'a second feature "x", at byte 9 of the record', 9],
    ['a feature of two kinds', withX(field(1), field(3)), 'a feature of bytes and of int64, at byte 11 of the record', 11],
    ['a list that is a number', withX(hex('1801')), 'a list of int64 of wire type 0, at byte 9 of the record', 9],
    ['a byte string that is a number', withX(field(1, hex('0801'))), 'a byte string of wire type 0, at byte 11 of the record', 11],
    ['a float that is a varint', withX(field(2, hex('0801'))), 'a float of wire type 0, at byte 11 of the record', 11],
    ['an integer of 4 bytes', withX(field(3, hex('0d01020304'))), 'an int64 of wire type 5, at byte 11 of the record', 11],
    ['half a float', withX(field(2, field(1, hex('0102')))), 'floats of 4 bytes in 2 bytes, at byte 13 of the record', 13],
    ['an integer cut by its list', withX(field(3, field(1, hex('ff')))), 'an integer that does not end, at byte 13 of the record', 13],
    ['2^53', withX(field(3, field(1, hex('8080808080808010')))), 'an integer beyond 2^53, at byte 13 of the record', 13],
    ['-2^53', withX(field(3, field(1, hex('808080808080 80f0ff01')))), 'an integer beyond 2^53, at byte 13 of the record', 13],
  ])('%s', (_, record, message, offset) => {
    expect(answer(() => readSequenceExample(record))).toMatchObject({ code: 'E_PROTOBUF', message, offset })
  })

  test('more values than fit in the memory allowed', () => {
    const record = withX(field(1, ...Array.from({ length: 50 }, () => field(1))))
    expect(answer(() => readSequenceExample(record, { maxBytes: 1000 }))).toMatchObject({ code: 'E_PROTOBUF_LARGE',
      message: 'the values up to byte 17 of the record take more memory than is allowed', offset: 17 })
  })
})

test('2,000 mutated files with nothing but errors for people', () => {
  const { read, refused } = fuzzTfRecord({ iterations: 2000, seed: 1 })
  expect(read + refused).toBe(2000)
  expect(Math.min(read, refused)).toBeGreaterThan(50)
})

function x(...feature: readonly Uint8Array[]) {
  return readSequenceExample(withX(...feature)).context.get('x')!
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text)
}

function answer(read: () => SequenceExample): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}
