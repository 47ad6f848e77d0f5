import { int32s, type Page, pageHeader, type RowGroup } from './image-layout.ts'

export type FrameImage = { readonly frame: number; readonly image: Uint8Array }

/** Rows of one film from byte `offset` of a file on: what to write there, one buffer after the other (images as they came, not copied), and where it lies. */
export function rowGroup(film: string, rows: readonly FrameImage[], offset: number): { buffers: Uint8Array[]; group: RowGroup } {
  const buffers: Uint8Array[] = []
  let at = offset
  const addPage = (row: number, values: number, [first, ...others]: readonly [Uint8Array, ...Uint8Array[]]): Page => {
    const rest = others.reduce((sum, { length }) => sum + length, 0)
    const head = Buffer.concat([pageHeader(values, first.length + rest), first]) // each buffer more costs a microsecond to write and to hash
    const page = { offset: at, bytes: head.length + rest, row }
    buffers.push(head, ...others)
    at += page.bytes
    return page
  }
  const name = Buffer.from(film)
  const frames = int32s(rows.map(({ frame }) => frame))
  const ordered = rows.map(({ frame }) => frame).sort((a, b) => a - b)
  const chunks: RowGroup['chunks'] = [
    { pages: [addPage(0, rows.length, [Buffer.concat(rows.flatMap(() => plain(name)))])], range: [name, name] },
    { pages: [addPage(0, rows.length, [frames])], range: [int32s([ordered[0]!]), int32s([ordered.at(-1)!])] },
    { pages: rows.map(({ image }, row) => addPage(row, 1, plain(image))), range: null },
  ]
  return { buffers, group: { rows: rows.length, chunks } }
}

/** A PLAIN byte array: its length, itself. */
const plain = (value: Uint8Array): [Uint8Array, Uint8Array] => [int32s([value.length]), value]
