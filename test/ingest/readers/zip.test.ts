import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readNpy } from '../../../src/ingest/readers/npy.ts'
import { readZip } from '../../../src/ingest/readers/zip.ts'

/** By numpy: bench/peers/npz_fixtures.py. */
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/npz/${name}.npz`, import.meta.url)))

test.each(['counter-f4', 'counter-f8'])('unpacks what numpy stored or deflated: %s', (name) => {
  const entries = readZip(fixture(name))
  expect(entries.map((entry) => entry.name)).toEqual([1006, 1007, 1008, 1009].map((id) => `penn-action/${id}.npy`))
  const { shape, values } = readNpy(entries[1]!.read())
  expect([shape, Array.from(values.slice(-2))]).toEqual([[31, 2], [name === 'counter-f4' ? Math.fround(30 / 31) : 30 / 31, 30]])
})

test('finds the directory of a zip64 archive', () => {
  const plain = Buffer.from(fixture('counter-f4'))
  const end = plain.length - 22
  const [wide, locator] = [Buffer.alloc(56), Buffer.alloc(20)]
  wide.writeUInt32LE(0x06064b50, 0)
  wide.writeBigUInt64LE(4n, 32)
  wide.writeBigUInt64LE(BigInt(plain.readUInt32LE(end + 16)), 48)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(end), 8)
  plain.writeUInt16LE(0xffff, end + 10)
  plain.writeUInt32LE(0xffffffff, end + 16)
  expect(readZip(Buffer.concat([plain.subarray(0, end), wide, locator, plain.subarray(end)])).map(({ bytes }) => bytes)).toEqual([368, 376, 384, 392])
})

test('refuses what is no archive, is cut short or was changed', () => {
  const good = fixture('counter-f4')
  expect(() => readZip(good.subarray(0, 200))).toThrow('not a zip archive: it has no end of a directory')
  const changed = good.slice()
  changed[200]! ^= 1
  expect(() => readZip(changed)[0]!.read()).toThrow('"penn-action/1006.npy" of the zip archive is damaged: its length or CRC-32 is another')
})
