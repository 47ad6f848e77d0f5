import { int32s, type Page, pageHeader, type RowGroup } from './image-layout.ts'

export type FrameImage = { readonly frame: number; readonly image: Uint8Array }
/** Where an image lies in its file: these bytes are the image, as it came. */
export type ImagePlace = { readonly offset: number; readonly bytes: number }

const PAGE_BYTES = 1 << 16

/** Rows of one film from byte `offset` of a file on: what to write there, one buffer after the other (images as they came, not copied), and where it lies. */
export function rowGroup(film: string, rows: readonly FrameImage[], offset: number): { buffers: Uint8Array[]; group: RowGroup; places: ImagePlace[] } {
  const buffers: Uint8Array[] = []
  let at = offset
  const addPage = (row: number, values: number, parts: readonly Uint8Array[]): Page & { readonly start: number } => {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0)
    const header = pageHeader(values, bytes)
    const page = { offset: at, bytes: header.length + bytes, row, start: at + header.length }
    buffers.push(header, ...parts)
    at += page.bytes
    return page
  }
  const name = Buffer.from(film)
  const nameLength = int32s([name.length])
  const films = addPage(0, rows.length, [Buffer.concat(rows.flatMap(() => [nameLength, name]))])
  const frames = addPage(0, rows.length, [int32s(rows.map(({ frame }) => frame))])
  const ordered = rows.map(({ frame }) => frame).sort((a, b) => a - b)
  const lengths = int32s(rows.map(({ image }) => image.length))
  const places: ImagePlace[] = []
  const pages = pagesOf(rows).map(({ first, images }) => {
    const page = addPage(first, images.length, images.flatMap((image, i) => [lengths.subarray(4 * (first + i), 4 * (first + i + 1)), image]))
    let { start } = page
    for (const { length } of images) {
      places.push({ offset: start + 4, bytes: length })
      start += 4 + length
    }
    return page
  })
  const chunks: RowGroup['chunks'] = [
    { pages: [films], range: [name, name] },
    { pages: [frames], range: [int32s([ordered[0]!]), int32s([ordered.at(-1)!])] },
    { pages, range: null },
  ]
  return { buffers, group: { rows: rows.length, chunks }, places }
}

/** Images of at most 64 KiB together, or one; `first` = the row of the first. */
function pagesOf(rows: readonly FrameImage[]): { first: number; images: Uint8Array[] }[] {
  const pages: { first: number; images: Uint8Array[] }[] = []
  let bytes = Infinity
  for (const [row, { image }] of rows.entries()) {
    bytes += image.length
    if (bytes > PAGE_BYTES) {
      pages.push({ first: row, images: [] })
      bytes = image.length
    }
    pages.at(-1)!.images.push(image)
  }
  return pages
}
