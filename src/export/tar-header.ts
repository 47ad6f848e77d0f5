const BLOCK = 512

/**
 * The header of a regular file in a tar archive, which says nothing of who made it, when and where. POSIX.1-2001, ustar; a path over 100 bytes is a pax record
 * before it.
 */
export function tarHeader(path: string, bytes: number): Uint8Array {
  if (Buffer.byteLength(path) <= 100) return header(path, bytes, '0')
  const record = paxRecord('path', path)
  const short = Buffer.from(path).subarray(0, 100).toString('latin1')
  return Buffer.concat([header('pax', record.length, 'x'), record, tarPadding(record.length), header(short, bytes, '0')])
}

/** Zeros after a file's bytes, up to a whole block. */
export function tarPadding(bytes: number): Uint8Array {
  return new Uint8Array((BLOCK - (bytes % BLOCK)) % BLOCK)
}

/** How an archive ends: two blocks of zeros. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK)

function header(path: string, bytes: number, kind: '0' | 'x'): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
  const fields: readonly (readonly [at: number, text: string])[] = [
    [0, path], [100, '0000644'], [108, '0000000'], [116, '0000000'], [124, octal(bytes, 11)], [136, octal(0, 11)], [148, '        '], [156, kind],
    [257, 'ustar'], [263, '00'], [329, '0000000'], [337, '0000000']]
  for (const [at, text] of fields) block.write(text, at, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1')
  return block
}

/** `length key=value LF`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (rest.length + String(length).length !== length) length = rest.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), rest])
}
