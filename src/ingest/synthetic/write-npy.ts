/** A vector of whole numbers as numpy.save writes it: version 1.0, little-endian int64. */
export function writeNpy(values: readonly number[]): Buffer {
  const dict = `{'descr': '<i8', 'fortran_order': False, 'shape': (${values.length},), }`
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10
  const head = Buffer.alloc(10)
  head.write('\x93NUMPY\x01\x00', 'latin1')
  head.writeUInt16LE(length, 8)
  return Buffer.concat([head, Buffer.from(`${dict.padEnd(length - 1)}\n`, 'latin1'), Buffer.from(BigInt64Array.from(values, BigInt).buffer)])
}
