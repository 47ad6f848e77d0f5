import type { OpenFile } from '../large-file.ts'
import { FormatError } from './format-error.ts'

/** A regular file in a tar archive: its bytes lie at [start, start + bytes) of it. */
export type TarMember = { readonly path: string; readonly start: number; readonly bytes: number }

const BLOCK = 512
/** Longer records of paths are no paths. */
const MAX_RECORD = 2 ** 16

/** The regular files of an archive from a header on, one after the other: ustar, with pax records of paths. Throws FormatError: E_TAR_SHORT, E_TAR_HEADER. */
export function* tarMembers(file: OpenFile, from: number): Generator<TarMember> {
  let long: string | null = null
  for (let at = from; at < file.bytes;) {
    const block = file.read(at, BLOCK)
    if (block.length < BLOCK) throw new FormatError('E_TAR_SHORT', `the archive ends within the header at byte ${at}`, at)
    if (block.every((byte) => byte === 0)) return
    checkSum(block, at)
    const [start, bytes, kind] = [at + BLOCK, sizeIn(block, at), String.fromCharCode(block[156]!)]
    if (start + bytes > file.bytes) throw new FormatError('E_TAR_SHORT', `the archive ends within the file whose header is at byte ${at}`, at)
    if (kind === 'x' && bytes <= MAX_RECORD) long = pathIn(file.read(start, bytes).toString('utf8'))
    else if (kind === '0' || kind === '\0') {
      yield { path: long ?? textIn(block, 0, 100), start, bytes }
      long = null
    }
    at = start + Math.ceil(bytes / BLOCK) * BLOCK
  }
}

/** The sum of a header's bytes, its own eight as spaces. */
function checkSum(block: Buffer, at: number): void {
  const sum = block.reduce((total, byte, place) => total + (place >= 148 && place < 156 ? 32 : byte), 0)
  if (parseInt(textIn(block, 148, 8), 8) !== sum) throw new FormatError('E_TAR_HEADER', `no header of a tar archive at byte ${at}: its sum is another one`, at)
}

function sizeIn(block: Buffer, at: number): number {
  const bytes = parseInt(textIn(block, 124, 12), 8)
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes
  throw new FormatError('E_TAR_HEADER', `the header at byte ${at} has no size`, at)
}

function textIn(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? length : end).toString('utf8').trim()
}

/** `length path=value LF`, among other records. */
function pathIn(records: string): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records)?.[1] ?? null
}
