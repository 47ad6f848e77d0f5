import { expect, test } from 'vitest'
import { crc32c, maskedCrc32c } from '../../../src/ingest/readers/crc32c.ts'

test.each([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c],
])('is what RFC 3720, appendix B.4, says of %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc)
})

test('is the check value of CRC-32C for nine digits, which are not a multiple of eight bytes', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
})

test('is 0 of nothing', () => {
  expect(crc32c(new Uint8Array(0))).toBe(0)
})

test('masked, is turned right by 15 bits and moved on by a constant', () => {
  // 0x18f5397b over the length 162: bit by bit in Python, and in the samples of TCC's layout
  expect(maskedCrc32c(Uint8Array.of(0xa2, 0, 0, 0, 0, 0, 0, 0))).toBe(0x18f5397b)
})
