/**
 * Image files (src/store/image-file.ts) beside a raw pack of the same images and beside hyparquet-writer: 20,000 images of 15.4 kB in films of 70, from memory
 * to the page cache, then 2,000 random images read again. One process, interleaved; medians and range. Claim: at least 1 GB/s besides the sha256.
 * RUNS=7 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/image-file.ts')"
 */
import { execFileSync } from 'node:child_process'
import { createHash, type Hash, randomFillSync } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { openImageFile, openImages } from '../src/store/image-file.ts'
import type { ImagePlace } from '../src/store/image-row-group.ts'

const [images, filmImages, mean, reads] = [20_000, 70, 15_375, 2000]
const runs = Number(process.env['RUNS'] ?? 7)
const folder = mkdtempSync(join(process.env['FOLDER'] ?? tmpdir(), 'posetta-bench-'))

// sizes from 60 % to 140 % of the mean by a linear congruential generator
let state = 1
const draw = (end: number): number => Math.floor((state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31 * end)
const sizes = Array.from({ length: images }, () => Math.floor(mean * 0.6) + draw(Math.floor(mean * 0.8)))
const total = sizes.reduce((a, b) => a + b)
const all = new Uint8Array(total)
for (let at = 0; at < total; at += 1 << 20) randomFillSync(all, at, Math.min(1 << 20, total - at))
let end = 0
const pictures = sizes.map((bytes) => all.subarray(end, end += bytes))
const films = Array.from({ length: Math.ceil(images / filmImages) }, (_, i) => ({
  name: `bench/${String(i).padStart(4, '0')}`, rows: pictures.slice(i * filmImages, (i + 1) * filmImages).map((image, frame) => ({ frame, image })) }))

/** Writes to a file that is not there yet and answers where the images lie. */
const writers: Record<string, (path: string) => Promise<ImagePlace[]>> = {
  'image file, with sha256': async (path) => {
    const file = await openImageFile(path, { metadata: { posetta: 'bench' } })
    const places = []
    for (const { name, rows } of films) places.push(...await file.add(name, rows))
    await file.close()
    return places
  },
  'raw pack, with sha256': (path) => pack(path, createHash('sha256')),
  'raw pack': (path) => pack(path, null),
  'hyparquet-writer, sha256': async (path) => { writeHyparquet(path); return [] },
}

async function pack(path: string, hash: Hash | null): Promise<ImagePlace[]> {
  const handle = await open(path, 'w')
  let at = 0
  for (const { rows } of films) {
    const buffers = rows.map(({ image }) => image)
    const written = handle.writev(buffers, at)
    if (hash !== null) for (const buffer of buffers) hash.update(buffer)
    at += (await written).bytesWritten
  }
  hash?.digest()
  await handle.close()
  let offset = 0
  return sizes.map((bytes) => ({ offset: (offset += bytes) - bytes, bytes }))
}

/** The same row groups and pages, without a word of where an image lies. */
function writeHyparquet(path: string): void {
  const fd = openSync(path, 'w')
  const hash = createHash('sha256')
  const writer = Object.assign(new ByteWriter(), {
    flush() { writeSync(fd, writer.getBytes()); hash.update(writer.getBytes()); writer.index = 0 },
    finish() { writer.flush(); closeSync(fd); hash.digest() },
  })
  const field = (name: string, type: 'BYTE_ARRAY' | 'INT32') => ({ name, type, repetition_type: 'REQUIRED' as const })
  const film = { ...field('film', 'BYTE_ARRAY'), converted_type: 'UTF8' as const }
  const schema = [{ name: 'images', num_children: 3 }, film, field('frame', 'INT32'), field('image', 'BYTE_ARRAY')]
  const file = new ParquetWriter({ writer, schema, codec: 'UNCOMPRESSED', statistics: false })
  for (const { name, rows } of films) {
    file.write({ rowGroupSize: rows.length, pageSize: 1 << 16, columnData: [
      { name: 'film', data: rows.map(() => name), encoding: 'PLAIN' },
      { name: 'frame', data: rows.map(({ frame }) => frame), encoding: 'PLAIN' },
      { name: 'image', data: rows.map(({ image }) => image), encoding: 'PLAIN' },
    ] })
  }
  file.finish()
}

/** Microseconds of each read, one after the other; every image is compared. */
const readers: Record<string, (path: string, places: readonly ImagePlace[]) => Promise<number[]>> = {
  'image file': async (path, places) => {
    const file = await openImages(path)
    const times = await timed((i) => file.read(places[i]!))
    await file.close()
    return times
  },
  'raw pack': async (path, places) => {
    const handle = await open(path, 'r')
    const times = await timed(async (i) => {
      const image = new Uint8Array(places[i]!.bytes)
      await handle.read(image, 0, image.length, places[i]!.offset)
      return image
    })
    await handle.close()
    return times
  },
}

async function timed(read: (image: number) => Promise<Uint8Array>): Promise<number[]> {
  const times = []
  for (let n = 0; n < reads; n++) {
    const i = draw(images)
    const start = performance.now()
    const image = await read(i)
    times.push((performance.now() - start) * 1000)
    if (Buffer.compare(image, pictures[i]!) !== 0) throw new Error(`image ${i} is another`)
  }
  return times.sort((a, b) => a - b)
}

const written: Record<string, { readonly rate: number; readonly cpu: number }[]> = {}
const read: Record<string, { readonly p50: number; readonly p98: number }[]> = {}
const before = process.resourceUsage().maxRSS
let grown = 0
for (let run = 0; run <= runs; run++) for (const [name, write] of Object.entries(writers)) {
  const path = join(folder, 'images')
  const [start, used] = [performance.now(), process.cpuUsage()]
  const places = await write(path)
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(used)
  if (grown === 0) grown = (process.resourceUsage().maxRSS - before) / 1024
  if (run > 0) (written[name] ??= []).push({ rate: total / wall / 1000, cpu: (user + system) / 1000 }) // the first one compiles
  const reader = name.startsWith('raw') ? 'raw pack' : 'image file'
  const times = places.length === 0 ? null : await readers[reader]!(path, places)
  if (run > 0 && times !== null) (read[reader] ??= []).push({ p50: times[reads * 0.5]!, p98: times[reads * 0.98]! })
  rmSync(path)
}
rmSync(folder, { recursive: true })

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
for (const [name, times] of Object.entries(written)) console.log(`write ${name.padEnd(24)} ${spread(times, 'rate')} MB/s   cpu ${spread(times, 'cpu')} ms`)
for (const [name, times] of Object.entries(read)) console.log(`read  ${name.padEnd(24)} p50 ${spread(times, 'p50')} us   p98 ${spread(times, 'p98')} us`)
console.log(`the first image file raised the peak of memory by ${grown.toFixed(0)} MB`)

function spread<K extends string>(measured: readonly Readonly<Record<K, number>>[], what: K): string {
  const values = measured.map((run) => run[what]).sort((a, b) => a - b)
  return `${values[Math.floor(values.length / 2)]!.toFixed(0)} (${values[0]!.toFixed(0)}-${values.at(-1)!.toFixed(0)})`
}
