import { crc32, inflateRawSync } from 'node:zlib'
import { FormatError } from './format-error.ts'

/** A file of a zip archive; `read` unpacks it. */
export type ZipEntry = { readonly name: string; readonly bytes: number; readonly read: () => Uint8Array }

const [LOCAL, CENTRAL, END, END_64, LOCATOR_64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50] as const
const MAX_32 = 0xffffffff

/**
 * The files of a zip archive (PKWARE APPNOTE 6.3, zip64 too), stored or deflated, in the order of its directory. Reading one throws FormatError unless its
 * length and CRC-32 are those of the directory.
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { entries, start } = directoryOf(view)
  const found: ZipEntry[] = []
  let at = start
  for (let entry = 0; entry < entries; entry++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw new FormatError('E_ZIP', `no entry of the directory of a zip archive at byte ${at}`, at)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [number, number, number]
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString('utf8')
    const [size, packed, offset] = widened(view, { from: at + 46 + nameLength, length: extraLength }, [24, 20, 42].map((field) => view.getUint32(at + field, true)))
    const about = { name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), size: size!, packed: packed!, offset: offset! }
    found.push({ name, bytes: about.size, read: () => unpacked(bytes, view, about) })
    at += 46 + nameLength + extraLength + commentLength
  }
  return found
}

function directoryOf(view: DataView): { entries: number; start: number } {
  const last = view.byteLength - 22
  for (let at = last; at >= Math.max(0, last - 65535); at--) {
    if (view.getUint32(at, true) !== END) continue
    const [entries, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)]
    if (entries !== 0xffff && start !== MAX_32) return { entries, start }
    const wide = at >= 20 && view.getUint32(at - 20, true) === LOCATOR_64 ? Number(view.getBigUint64(at - 12, true)) : -1
    if (wide < 0 || wide + 56 > view.byteLength || view.getUint32(wide, true) !== END_64) throw new FormatError('E_ZIP', `no zip64 end of the directory for byte ${at}`, at)
    return { entries: Number(view.getBigUint64(wide + 32, true)), start: Number(view.getBigUint64(wide + 48, true)) }
  }
  throw new FormatError('E_ZIP', 'not a zip archive: it has no end of a directory', Math.max(0, last))
}

/** Numbers too large for 32 bits stand in the extra field 1, in order. */
function widened(view: DataView, { from, length }: { from: number; length: number }, fields: readonly number[]): number[] {
  if (!fields.includes(MAX_32)) return [...fields]
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let place = at + 4
    return fields.map((value) => {
      if (value !== MAX_32) return value
      place += 8
      return Number(view.getBigUint64(place - 8, true))
    })
  }
  return [...fields]
}

type About = { readonly name: string; readonly method: number; readonly crc: number; readonly size: number; readonly packed: number; readonly offset: number }

function unpacked(bytes: Uint8Array, view: DataView, { name, method, crc, size, packed, offset }: About): Uint8Array {
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL) throw new FormatError('E_ZIP', `"${name}" of the zip archive is not at byte ${offset}`, offset)
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  const cells = bytes.subarray(start, start + packed)
  if (cells.length !== packed) throw new FormatError('E_ZIP', `"${name}" of the zip archive is cut short: ${cells.length} of ${packed} bytes`, start)
  const whole = method === 0 ? cells : method === 8 ? inflated(cells, { name, size, start }) : null
  if (whole === null) throw new FormatError('E_ZIP', `"${name}" of the zip archive is packed by method ${method}; stored (0) and deflated (8) are read`, offset)
  if (whole.length !== size || crc32(whole) !== crc) throw new FormatError('E_ZIP', `"${name}" of the zip archive is damaged: its length or CRC-32 is another`, start)
  return whole
}

function inflated(cells: Uint8Array, { name, size, start }: { name: string; size: number; start: number }): Uint8Array {
  try {
    return inflateRawSync(cells, { maxOutputLength: Math.max(1, size) })
  } catch (cause) {
    throw new FormatError('E_ZIP', `"${name}" of the zip archive cannot be inflated: ${(cause as Error).message}`, start)
  }
}
