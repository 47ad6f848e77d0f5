import { createHash, hash as digestOf } from 'node:crypto'

/** A sha256 as 64 lower-case hex digits. */
export type Hash = string

/** sha256 of the parts, one after the other; strings as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Hash {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** The first 8 bytes of sha256(text) as two 32-bit words, big-endian: where names become numbers. */
export function hashWords(text: string): readonly [high: number, low: number] {
  // as hex in one call: much quicker than a hash object and its buffer, and every draw of a loader begins here
  const digest = digestOf('sha256', text, 'hex')
  return [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)]
}
