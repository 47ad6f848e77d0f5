import { sha256 } from '../hash.ts'

/** Bytes of one folder's or file's name, before an ending of up to 55: what every file system and a tar header take. */
const MOST = 200
/** Windows keeps these for devices, whatever the ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * A name as a relative path: parts parted by `/`, of letters, digits, `_` and `-`; every other byte as `%` and two hex digits. So it leads nowhere else, has no
 * ending, and no two names share one. A part over 200 bytes ends in `~` and 16 digits of its sha256.
 */
export function safeName(name: string): string {
  return name.split('/').map(safePart).join('/')
}

function safePart(part: string): string {
  const escaped = [...Buffer.from(part)].map((byte) => (/[\w-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : percent(byte))).join('')
  if (escaped === '') return '%'
  if (DEVICE.test(escaped)) return `${percent(part.charCodeAt(0))}${escaped.slice(1)}`
  return escaped.length <= MOST ? escaped : `${escaped.slice(0, MOST - 17)}~${sha256(part).slice(0, 16)}`
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
