/**
 * JPEG frames 480 x 270 to 224 x 224, pictures a second: ours with 1 and 2 threads, `sharp` where it is installed, and where PYTHON has them torch's DataLoader over Pillow and over
 * torchvision with 0 and 2 workers (bench/peers/frames_peers.py). Two products: bytes [224, 224, 3], and floats [3, 224, 224] normalised. `cpuMs` is CPU time for a picture, all threads and processes of that library: what holds on a busy machine. No figure is printed for pictures that are not
 * those that numpy makes by the same rule of what Pillow decodes (mean and greatest difference within what is stated), nor for threads that give other bytes than one alone.
 * bench/peers/setup.sh DIR && npm run build && PYTHON=DIR/bin/python node --input-type=module -e "await (await import('vite')).runnerImport('./bench/frames.ts')"
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { sha256 } from '../src/hash.ts'
import { encodeJpeg } from '../src/loader/frames/jpeg-codec.ts'
import type { PictureSpec } from '../src/loader/frames/picture-spec.ts'
import { randomAt } from '../src/random.ts'

const [width, height, side, distinct, batch] = [480, 270, 224, 256, 32]
const seconds = Number(process.env['SECONDS'] ?? 4)
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const
const plain: PictureSpec = { width: side, height: side, layout: 'nhwc', dtype: 'uint8', region: 'frame', frames: 'every', antialias: false }
const products: Readonly<Record<string, PictureSpec>> = {
  'bytes, bilinear': plain,
  'bytes, antialias': { ...plain, antialias: true },
  'floats, bilinear': { ...plain, layout: 'nchw', dtype: 'float32', ...imagenet },
  'floats, antialias': { ...plain, layout: 'nchw', dtype: 'float32', ...imagenet, antialias: true },
}
/** The fast cosine transform of the decoder and weights of 11 bits, in grey levels: nobody else's resizing comes that near. */
const [meanTolerance, greatestTolerance] = [1.2, 6]

const folder = mkdtempSync(join(tmpdir(), 'posetta-frames-'))
try {
  writePictures()
  const reference = referencePictures()
  for (const [name, spec] of Object.entries(products)) {
    const hashes = new Set<string>()
    for (const threads of [1, 2]) {
      const { first, rate, cpuMs, hash } = await ours(spec, threads)
      hashes.add(hash)
      if (hashes.size > 1) throw new Error(`${name}: ${threads} threads give other pictures than 1`)
      const off = reference === null ? null : differenceOf(first, reference[spec.antialias === true ? 'antialias' : 'bilinear'], spec)
      if (off !== null && (off.mean > meanTolerance || off.greatest > greatestTolerance)) throw new Error(`${name}: not the reference's pictures: ${JSON.stringify(off)}`)
      print({ library: 'posetta', product: name, workers: threads, picturesPerSecond: rate, cpuMs, off, hash: hash.slice(0, 16) })
    }
  }
  await measureSharp()
  const python = process.env['PYTHON']
  if (python !== undefined) spawnSync(python, ['bench/peers/frames_peers.py', folder, String(seconds)], { stdio: 'inherit' })
} finally {
  rmSync(folder, { recursive: true })
}

/** Soft shapes under grain, about 15 kB each. */
function writePictures(): void {
  const random = randomAt({ seed: 1 })
  const grain = Float32Array.from({ length: 2 ** 17 }, () => 3.5 * random.normal())
  const files = Array.from({ length: distinct }, () => {
    const waves = Array.from({ length: 9 }, () => [random.between(0.005, 0.06), random.between(0.005, 0.06), random.between(0, 6.28)] as const)
    const shift = random.integer(2 ** 17)
    const pixels = new Uint8Array(width * height * 3)
    for (let at = 0; at < pixels.length; at++) {
      const [x, y, colour] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3]
      const light = waves.slice(3 * colour, 3 * colour + 3).reduce((sum, [a, b, c]) => sum + Math.sin(a * x + b * y + c), 0)
      pixels[at] = Math.max(0, Math.min(255, 128 + 38 * light + grain[(Math.floor(at / 3) + shift) % 2 ** 17]!))
    }
    return encodeJpeg(pixels, { width, height, quality: 80 })
  })
  let start = 0
  const offsets = [0, ...files.map(({ length }) => (start += length))]
  writeFileSync(join(folder, 'pack.bin'), Buffer.concat(files))
  writeFileSync(join(folder, 'pack.json'), JSON.stringify({ offsets, side, batch, ...imagenet }))
  print({ pictures: distinct, bytesEach: Math.round(start / distinct), load: loadavg()[0] })
}

type Reference = Readonly<Record<'bilinear' | 'antialias', Float32Array>>

/** [16, side, side, 3] grey levels as float32, as numpy makes them of what Pillow decodes; null without Python. */
function referencePictures(): Reference | null {
  const python = process.env['PYTHON']
  if (python === undefined) return null
  const { status } = spawnSync(python, ['bench/peers/frames_peers.py', folder, 'reference'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('no reference')
  const read = (name: string): Float32Array => {
    const bytes = readFileSync(join(folder, name))
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  }
  return { bilinear: read('reference.f32'), antialias: read('reference-antialias.f32') }
}

/** In grey levels, whatever the product. */
function differenceOf(first: Uint8Array | Float32Array, reference: Float32Array, spec: PictureSpec): { mean: number; greatest: number } {
  let [sum, greatest] = [0, 0]
  const plane = side * side
  for (let at = 0; at < reference.length; at++) {
    const [picture, pixel, colour] = [Math.floor(at / 3 / plane), Math.floor(at / 3) % plane, at % 3]
    const value = first[spec.layout === 'nhwc' ? at : (picture * 3 + colour) * plane + pixel]!
    const off = Math.abs((spec.dtype === 'uint8' ? value : 255 * (value * imagenet.std[colour]! + imagenet.mean[colour]!)) - reference[at]!)
    sum += off
    greatest = Math.max(greatest, off)
  }
  return { mean: sum / reference.length, greatest }
}

type Outcome = { readonly first: Uint8Array | Float32Array; readonly rate: number; readonly cpuMs: number; readonly hash: string }

/** Threads that draw batches into one shared memory, as the loader's do; each its own share of the pictures. */
async function ours(spec: PictureSpec, threads: number): Promise<Outcome> {
  const perBatch = batch * side * side * 3 * (spec.dtype === 'uint8' ? 1 : 4)
  const workers = Array.from({ length: threads }, () => new Worker(`
    void (async () => {
      const { parentPort, workerData: { root, folder, spec, side, width, height, batch, perBatch, seconds, distinct } } = await import('node:worker_threads')
      const { readFileSync } = await import('node:fs')
      const { createPictures } = await import(root + 'dist/loader/frames/pictures.js')
      const { createMemory } = await import(root + 'dist/wasm.js')
      const pack = readFileSync(folder + '/pack.bin')
      const { offsets } = JSON.parse(readFileSync(folder + '/pack.json', 'utf8'))
      const source = { jpeg: (row, frame) => pack.subarray(offsets[frame % distinct], offsets[frame % distinct + 1]) }
      const memory = createMemory(perBatch + 2 ** 23)
      const pictures = createPictures(spec, { scratch: { memory, start: perBatch, end: perBatch + 2 ** 23 } })
      const out = spec.dtype === 'uint8' ? new Uint8Array(memory.buffer, 0, perBatch) : new Float32Array(memory.buffer, 0, perBatch / 4)
      const draw = (from) => pictures.draw({ row: 0, recorded: { width, height }, clip: { id: 'bench', unit: 'px', width, height, frames: batch, time: Float32Array.from({ length: batch }, (_, i) => (from + i) % distinct) } }, source, out)
      const { createHash } = await import('node:crypto')
      const hash = createHash('sha256')
      for (let from = 0; from < distinct; from += batch) { draw(from); hash.update(Buffer.from(memory.buffer, 0, perBatch)) }
      draw(0)
      parentPort.postMessage({ first: out.slice(), hash: hash.digest('hex') })
      parentPort.once('message', () => {
        const start = performance.now()
        let count = 0
        for (; performance.now() - start < 1000 * seconds; count += batch) draw(count)
        parentPort.postMessage({ count, rate: count / (performance.now() - start) * 1000 })
      })
    })()`, { eval: true, workerData: { root: new URL('../', import.meta.url).href, folder, spec, side, width, height, batch, perBatch, seconds, distinct } }))
  const said = (worker: Worker): Promise<Partial<Outcome & { count: number }>> => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  const ready = await Promise.all(workers.map(said))
  const answers = workers.map(said)
  const cpu = process.cpuUsage()
  for (const worker of workers) worker.postMessage('go')
  const made = await Promise.all(answers)
  const cpuMs = cpuSince(cpu) / made.reduce((sum, { count }) => sum + count!, 0)
  const rate = made.reduce((sum, { rate }) => sum + rate!, 0)
  await Promise.all(workers.map((worker) => worker.terminate()))
  const hash = new Set(ready.map(({ hash }) => hash!))
  return { first: ready[0]!.first!, rate: Math.round(rate), cpuMs: rounded(cpuMs), hash: [...hash].join(' and ') }
}

type Sharp = (file: Uint8Array) => { resize(width: number, height: number, options: { fit: string; kernel: string }): { removeAlpha(): { raw(): { toBuffer(): Promise<Uint8Array> } } } }

/** npm install --no-save sharp@0.35.5 */
async function measureSharp(): Promise<void> {
  let sharp: Sharp & { concurrency(threads: number): void }
  try {
    sharp = createRequire(import.meta.url)('sharp') as typeof sharp
  } catch {
    print({ library: 'sharp', skipped: 'not installed' })
    return
  }
  sharp.concurrency(1)
  const pack = readFileSync(join(folder, 'pack.bin'))
  const { offsets } = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8')) as { offsets: number[] }
  const draw = (at: number): Promise<Uint8Array> => sharp(pack.subarray(offsets[at % distinct], offsets[(at % distinct) + 1])).resize(side, side, { fit: 'fill', kernel: 'linear' }).removeAlpha().raw().toBuffer()
  for (const streams of [1, 2]) {
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    let count = 0
    await Promise.all(Array.from({ length: streams }, async () => {
      while (performance.now() - start < 1000 * seconds) await draw(count++)
    }))
    const rate = Math.round((count / (performance.now() - start)) * 1000)
    print({ library: 'sharp 0.35.5', product: 'bytes, antialias', workers: streams, picturesPerSecond: rate, cpuMs: rounded(cpuSince(cpu) / count), hash: sha256(await draw(0)).slice(0, 16) })
  }
}

/** ms of CPU of this process, all threads. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function rounded(value: number): number {
  return Math.round(1000 * value) / 1000
}

function print(line: object): void {
  console.log(JSON.stringify(line))
}
