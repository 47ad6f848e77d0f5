/**
 * An array as numpy.save writes it: version 1, header padded to 64 bytes. `descr` is the dtype as numpy writes it (`<f4`, `|u1`), `cells` the bytes in row order.
 * numpy.lib.format.
 */
export function npyBytes(descr: string, shape: readonly number[], cells: ArrayBufferView): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${dict.padEnd(length - 1)}\n`, 'latin1')
  head.writeUInt16LE(length, 8)
  return Buffer.concat([head, new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)])
}
