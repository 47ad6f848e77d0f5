import type { Clip } from '../../clip.ts'
import { filmOf } from '../../film.ts'
import { type Hash, sha256 } from '../../hash.ts'
import { hashKeypoints, hashSource } from '../source-hash.ts'
import type { Section } from './entry.ts'
import { codedNames, codedText, HAS, LISTS, type NumericSection, numericSections } from './index-layout.ts'
import type { WrittenPictures } from './picture-writer.ts'
import type { BatchPlace } from './shard-file.ts'

/** Sections begin at multiples of this, so that any typed array may lie there. */
const ALIGNMENT = 64

const perClip = ['frames', 'width', 'height', 'persons', 'joints', 'dims', 'has', 'fps', 'batch', 'place'] as const satisfies readonly NumericSection[]

/** Gathers what the index says of clips and batches as they are written, whatever their order. */
export type IndexWriter = {
  addClip(clip: Clip, batch: number, place: number): void
  addBatch(shard: number, batch: BatchPlace, clips: number): void
  /** The bytes of the index file and its sections; the hash of the source; the number of clips. */
  finish(pictures?: WrittenPictures | null): { readonly parts: readonly Uint8Array[]; readonly sections: readonly Section[]; readonly hash: Hash; readonly clips: number; readonly batches: number }
}

export function createIndexWriter(): IndexWriter {
  const clips: { id: string; hash: Hash }[] = []
  const numbers = Object.fromEntries(perClip.map((name) => [name, []])) as unknown as Record<(typeof perClip)[number], number[]>
  const coded = codedNames.map((name) => ({ name, codes: [] as number[], known: new Map<string, number>() }))
  const places: (BatchPlace & { shard: number; first: number })[] = []
  let first = 0
  return {
    addClip(clip, batch, place) {
      clips.push({ id: clip.id, hash: hashKeypoints(clip.keypoints) })
      const has = (clip.keypoints === null ? 0 : HAS.keypoints) | (clip.boxes === null ? 0 : HAS.boxes) | (clip.signals === null ? 0 : HAS.signals) | (clip.fps === null ? 0 : HAS.fps)
      const facts = { ...clip, fps: clip.fps ?? 0, has, batch, place }
      for (const name of perClip) numbers[name].push(facts[name])
      for (const { name, codes, known } of coded) {
        const text = codedText(clip, name)
        if (text !== null && !known.has(text)) known.set(text, known.size)
        codes.push(text === null ? -1 : known.get(text)!)
      }
    },
    addBatch(shard, batch, clips) {
      places.push({ ...batch, shard, first })
      first += clips
    },
    finish(pictures = null) {
      const order = clips.map((_, at) => at).sort((a, b) => (clips[a]!.id < clips[b]!.id ? -1 : 1))
      const sorted = order.map((at) => clips[at]!)
      const named = [
        ...texts('id', sorted.map(({ id }) => id)),
        ...perClip.map((name) => ({ name, data: numericSections[name].from(order.map((at) => numbers[name][at]!)) })),
        ...coded.flatMap((column) => codedSections(column, order)),
        ...(pictures === null ? [] : pictureSections(pictures, sorted.map(({ id }) => filmOf(id)))),
        { name: 'batch.shard', data: Uint32Array.from(places, ({ shard }) => shard) },
        { name: 'batch.start', data: Float64Array.from(places, ({ start }) => start) },
        { name: 'batch.bytes', data: Uint32Array.from(places, ({ bytes }) => bytes) },
        { name: 'batch.first', data: Uint32Array.from(places, ({ first }) => first) },
        { name: 'batch.sha256', data: new Uint8Array(Buffer.from(places.map(({ sha256 }) => sha256).join(''), 'hex')) },
        { name: 'batch.buffers', data: Uint32Array.from(places.flatMap(({ buffers }) => buffers)) },
      ]
      if (places.some(({ buffers }) => buffers.length !== 2 * LISTS.length)) throw new Error('a batch lacks buffers')
      return { ...laidOut(named), hash: hashSource(sorted), clips: clips.length, batches: places.length }
    },
  }
}

type Named = { readonly name: string; readonly data: ArrayBufferView & { readonly length: number } }

/** Texts as their UTF-8 one after the other, and where each begins and the last ends. */
function texts(name: string, values: readonly string[]): Named[] {
  const bytes = Buffer.from(values.join(''))
  const offsets = new Uint32Array(values.length + 1)
  values.forEach((value, at) => { offsets[at + 1] = offsets[at]! + Buffer.byteLength(value) })
  return [{ name: `${name}.offsets`, data: offsets }, { name: `${name}.text`, data: bytes }]
}

function codedSections({ name, codes, known }: { name: string; codes: readonly number[]; known: ReadonlyMap<string, number> }, order: readonly number[]): Named[] {
  const names = [...known.keys()].sort()
  const rank = new Int32Array(names.length)
  names.forEach((text, at) => { rank[known.get(text)!] = at })
  return [{ name: `${name}.codes`, data: Int32Array.from(order, (at) => (codes[at] === -1 ? -1 : rank[codes[at]!]!)) }, ...texts(name, names)]
}

/** `films` = that of each clip. */
function pictureSections({ places, films: known }: WrittenPictures, films: readonly string[]): Named[] {
  return [
    { name: 'pictures.start', data: Uint32Array.from(films, (film) => known.get(film)?.start ?? 0) },
    { name: 'pictures.end', data: Uint32Array.from(films, (film) => known.get(film)?.end ?? 0) },
    { name: 'picture.frame', data: Int32Array.from(places, ({ frame }) => frame) },
    { name: 'picture.shard', data: Uint32Array.from(places, ({ shard }) => shard) },
    { name: 'picture.start', data: Float64Array.from(places, ({ start }) => start) },
    { name: 'picture.bytes', data: Uint32Array.from(places, ({ bytes }) => bytes) },
    { name: 'picture.sha256', data: new Uint8Array(Buffer.from(places.map(({ sha256 }) => sha256).join(''), 'hex')) },
  ]
}

function laidOut(named: readonly Named[]): { parts: Uint8Array[]; sections: Section[] } {
  const [parts, sections]: [Uint8Array[], Section[]] = [[], []]
  let start = 0
  for (const { name, data } of named) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    // the padding belongs to the section: every byte of the file is in one
    const padded = new Uint8Array(Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT)
    padded.set(bytes)
    parts.push(padded)
    sections.push({ name, start, bytes: padded.length, count: data.length, sha256: sha256(padded) })
    start += padded.length
  }
  return { parts, sections }
}
