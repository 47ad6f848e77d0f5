/** Polynomial of CRC-32C (Castagnoli), bits reversed. */
const POLYNOMIAL = 0x82f63b78

/** [8, 256]: row k = what a byte does to the checksum k bytes later. */
const tables = makeTables()

/** CRC-32C of the bytes, 0 .. 2^32 - 1, eight bytes a step. RFC 3720, appendix B.4. */
export function crc32c(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 8)
  let crc = 0xffffffff
  let at = 0
  for (; at < whole; at += 8) {
    crc = tables[1792 + ((crc ^ bytes[at]!) & 255)]! ^ tables[1536 + (((crc >>> 8) ^ bytes[at + 1]!) & 255)]!
      ^ tables[1280 + (((crc >>> 16) ^ bytes[at + 2]!) & 255)]! ^ tables[1024 + ((crc >>> 24) ^ bytes[at + 3]!)]!
      ^ tables[768 + bytes[at + 4]!]! ^ tables[512 + bytes[at + 5]!]! ^ tables[256 + bytes[at + 6]!]! ^ tables[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = tables[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** The form in which a TFRecord keeps a CRC-32C: turned right by 15 bits, plus a constant, so that the checksum of data with checksums in it stays good. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0)
    made[byte] = crc
  }
  for (let at = 256; at < made.length; at++) made[at] = (made[at - 256]! >>> 8) ^ made[made[at - 256]! & 255]!
  return made
}
