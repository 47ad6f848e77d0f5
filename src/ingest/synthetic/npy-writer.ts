/** A one-dimensional array of int64 as numpy.save writes it: version 1, header padded to 64 bytes. */
export function writeNpy(values: ArrayLike<number>): Buffer {
  const dict = `{'descr': '<i8', 'fortran_order': False, 'shape': (${values.length},), }`
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${dict.padEnd(length - 1)}\n`, 'latin1')
  head.writeUInt16LE(length, 8)
  return Buffer.concat([head, Buffer.from(BigInt64Array.from(Array.from(values, BigInt)).buffer)])
}
