import { type Chunk, type Page, pageHeader, type RowGroup } from './image-layout.ts'

export type FrameImage = { readonly frame: number; readonly image: Uint8Array }

/** Rows of one film as they lie in the file from `offset` on: the bytes to write there, one buffer after the other (an image is its own), and where they are. */
export function rowGroup(film: string, images: readonly FrameImage[], offset: number): { buffers: Uint8Array[]; group: RowGroup } {
  const name = Buffer.from(film)
  const films = column(Buffer.concat(images.map(() => [lengthOf(name), name]).flat()), images.length, offset)
  const frames = column(int32s(images.map(({ frame }) => frame)), images.length, films.end)
  const buffers = [...films.buffers, ...frames.buffers]
  const pages: Page[] = []
  let at = frames.end
  for (const [row, { image }] of images.entries()) {
    const head = Buffer.concat([pageHeader(1, image.length + 4), lengthOf(image)])
    buffers.push(head, image)
    pages.push({ offset: at, bytes: head.length + image.length, row })
    at += head.length + image.length
  }
  const numbers = images.map(({ frame }) => frame)
  const frameRange: Chunk['range'] = [int32s([numbers.reduce((a, b) => Math.min(a, b))]), int32s([numbers.reduce((a, b) => Math.max(a, b))])]
  const chunks: Chunk[] = [{ pages: [films.page], range: [name, name] }, { pages: [frames.page], range: frameRange }, { pages, range: null }]
  return { buffers, group: { rows: images.length, chunks } }
}

/** A chunk of one page. */
function column(values: Uint8Array, rows: number, offset: number): { buffers: Uint8Array[]; page: Page; end: number } {
  const head = pageHeader(rows, values.length)
  const bytes = head.length + values.length
  return { buffers: [head, values], page: { offset, bytes, row: 0 }, end: offset + bytes }
}

const lengthOf = ({ length }: Uint8Array): Uint8Array => int32s([length])

function int32s(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeInt32LE(value, i * 4))
  return bytes
}
