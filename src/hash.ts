import { createHash } from 'node:crypto'

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
  const digest = createHash('sha256').update(text).digest()
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)]
}
