import type { FrameSource } from './frame-source.ts'
import { faultOf } from './image-fault.ts'
import { createResizer, resizedSize, type Resizing } from './resized-jpeg.ts'
import { storedFilms, type StoredPlace } from './stored-frames.ts'

/** The pictures of any clip of a store, for who draws clips one by one: `row` is what `source` knows a clip by. */
export type FilmPictures = { readonly row: (clip: { readonly dataset: string; readonly id: string }) => number; readonly source: FrameSource }

/** Bytes of pictures made small that are kept. */
const mostKept = 2 ** 28

/** Opens the pictures of a store; with `resizing` they are made small as those of training shards are, to the same bytes, and kept. Throws what `storedFrames` throws. */
export function filmPictures(place: StoredPlace, resizing: Resizing | null): FilmPictures {
  const clips: { readonly dataset: string; readonly id: string }[] = []
  const rows = new Map<string, number>()
  const stored = storedFilms(place, (row) => clips[row]!)
  return {
    row: ({ dataset, id }) => {
      const key = `${dataset} ${id}`
      if (!rows.has(key)) rows.set(key, clips.push({ dataset, id }) - 1)
      return rows.get(key)!
    },
    source: resizing === null ? stored : madeSmall(stored, resizing),
  }
}

function madeSmall(source: FrameSource, resizing: Resizing): FrameSource {
  const resize = createResizer(resizing)
  const kept = new Map<number, Map<number, Uint8Array>>()
  let bytes = 0
  const keep = (row: number, pictures: ReadonlyMap<number, Uint8Array>): void => {
    const all = new Map([...kept.get(row) ?? [], ...pictures])
    kept.delete(row)
    kept.set(row, all)
    bytes += sum(pictures)
    for (const [oldest, its] of kept) {
      if (bytes <= mostKept || oldest === row) break
      kept.delete(oldest)
      bytes -= sum(its)
    }
  }
  return {
    jpeg: () => { throw new Error('pictures of a store are prepared before they are drawn') },
    async prepare(wanted) {
      const at = new Map<number, ReadonlyMap<number, Uint8Array>>()
      for (const { row, frames } of wanted) {
        const lacking = frames.filter((frame) => !kept.get(row)?.has(frame))
        const ready = lacking.length === 0 ? null : await source.prepare!([{ row, frames: lacking }])
        keep(row, new Map([...new Set(lacking)].map((frame) => [frame, smaller(ready!.jpeg(row, frame) ?? ready!.picture!(row, frame)!)])))
        at.set(row, kept.get(row)!)
      }
      return { size: (_, recorded) => resizedSize(recorded, resizing.short), jpeg: (row, frame) => at.get(row)?.get(frame) ?? null }
    },
  }

  /** A file that cannot be decoded stays as it is: who draws it says so. */
  function smaller(picture: Parameters<typeof resize>[0]): Uint8Array {
    try {
      return resize(picture)
    } catch (error) {
      faultOf(error)
      return picture as Uint8Array
    }
  }
}

function sum(pictures: ReadonlyMap<number, Uint8Array>): number {
  return [...pictures.values()].reduce((total, { length }) => total + length, 0)
}
