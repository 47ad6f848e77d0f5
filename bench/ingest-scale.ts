/**
 * What `posetta ingest` does to much more than Penn Action, whole processes, interleaved with their rivals in the same run; medians and range.
 * 1. As many frames as Penn Action has (163,841 JPEG files of 15.4 kB; SHARE takes a part) embedded, beside `cp -r` of the same tree: at least 60 % of its
 *    speed, and memory flat while the tree grows tenfold.
 * 2. Labels alone, Penn Action x1, x10, x100 (232,600 clips): time grows in line with clips.
 * JPEG files are a drawn one each of 64, told apart by a comment inside, so that no two are equal. After `npm run build`:
 * RUNS=3 SHARE=1 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/ingest-scale.ts')"
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { entryOf, readCatalog } from '../src/catalog.ts'
import { writeTwin } from '../src/ingest/synthetic/write-twin.ts'
import { randomAt } from '../src/random.ts'

const runs = Number(process.env['RUNS'] ?? 3)
const share = Number(process.env['SHARE'] ?? 1)
const scales = (process.env['SCALES'] ?? '1,10,100').split(',').map(Number)
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'posetta-scale-'))
const [CLIPS, FRAMES, FRAME_BYTES] = [2326, 163_841, 15_400]

type Run = { readonly wall: number; readonly cpu: number; readonly megabytes: number }
const pool = pictures()
const labels = await twinLabels()
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, load ${loadavg()[0]!.toFixed(1)}, ${runs} runs`)
try {
  embedded(Math.round(FRAMES * share))
  growth()
} finally {
  rmSync(folder, { recursive: true })
}

/** Clips with so many frames at least: a tenth of them for the memory, all of them beside cp. */
function embedded(most: number): void {
  const clips = clipsOf(most)
  for (const count of [clipsOf(most / 10), clips]) {
    const raw = join(folder, 'raw')
    const { frames, bytes } = writeTree(raw, count, true)
    const ingests: Run[] = []
    const copies: Run[] = []
    for (let run = 0; run <= (count === clips ? runs : 0); run++) {
      for (const name of ['store', 'copy']) rmSync(join(folder, name), { recursive: true, force: true })
      const copied = timed('cp', ['-r', raw, join(folder, 'copy')])
      rmSync(join(folder, 'copy'), { recursive: true })
      const ingested = timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', raw, '--frames', 'embed', '--store', join(folder, 'store'), '--json'])
      if (run > 0 || count !== clips) {
        copies.push(copied)
        ingests.push(ingested)
      }
    }
    const again = timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', raw, '--frames', 'embed', '--store', join(folder, 'store'), '--json'])
    console.log(`embed ${count} clips, ${frames} frames, ${(bytes / 1e6).toFixed(0)} MB: ingest ${spread(ingests, 'wall')} s, cp -r ${spread(copies, 'wall')} s, `
      + `speed of cp -r reached ${(100 * median(copies) / median(ingests)).toFixed(0)} %, peak ${spread(ingests, 'megabytes')} MB, again ${again.wall.toFixed(2)} s`)
    for (const name of ['raw', 'store']) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/** So many clips have at least so many frames. */
function clipsOf(frames: number): number {
  let clips = 0
  for (let found = 0; found < frames;) found += labels[++clips % labels.length]!.frames
  return clips
}

function growth(): void {
  let first = 0
  for (const scale of scales) {
    const raw = join(folder, 'raw')
    const { frames } = writeTree(raw, CLIPS * scale, false)
    const measured: Run[] = []
    for (let run = 0; run <= runs; run++) {
      rmSync(join(folder, 'store'), { recursive: true, force: true })
      const one = timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', raw, '--store', join(folder, 'store'), '--json'])
      if (run > 0) measured.push(one)
    }
    const again = timed(process.execPath, ['bin/run.js', 'ingest', 'penn-action', raw, '--store', join(folder, 'store'), '--json'])
    if (scale === scales[0]) first = median(measured) / scale
    console.log(`labels x${scale}: ${CLIPS * scale} clips, ${frames} frames: ${spread(measured, 'wall')} s, peak ${spread(measured, 'megabytes')} MB, `
      + `time per clip to that of x${scales[0]}: ${(median(measured) / scale / first).toFixed(2)}, again ${again.wall.toFixed(2)} s`)
    for (const name of ['raw', 'store']) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/** A tree of the data set's layout out of the twin's label files in turn. */
function writeTree(dir: string, clips: number, withFrames: boolean): { frames: number; bytes: number } {
  mkdirSync(join(dir, 'labels'), { recursive: true })
  let [frames, bytes] = [0, 0]
  for (let clip = 1; clip <= clips; clip++) {
    const label = labels[clip % labels.length]!
    const video = String(clip).padStart(4, '0')
    copyFileSync(label.file, join(dir, 'labels', `${video}.mat`))
    frames += label.frames
    if (!withFrames) continue
    mkdirSync(join(dir, 'frames', video), { recursive: true })
    for (let frame = 1; frame <= label.frames; frame++) {
      const picture = pool[(clip * 31 + frame) % pool.length]!
      picture.writeUInt32LE(clip * 1000 + frame, 6)
      writeFileSync(join(dir, 'frames', video, `${String(frame).padStart(6, '0')}.jpg`), picture)
      bytes += picture.length
    }
  }
  return { frames, bytes }
}

/** 64 JPEG files of 480 x 270 px, each with a comment of 4 bytes at byte 6 and noise until it is as large as Penn Action's are on average. */
function pictures(): Buffer[] {
  return Array.from({ length: 64 }, (_, at) => {
    const random = randomAt({ seed: at })
    const data = Uint8Array.from({ length: 480 * 270 * 4 }, (_, i) => (i % 4 === 3 ? 255 : 128 + 60 * Math.sin(i / 900 + at) + 4 * random.uniform()))
    const file = jpeg.encode({ width: 480, height: 270, data }, 55).data
    const comment = Buffer.from([0xff, 0xfe, 0, 6, 0, 0, 0, 0])
    const padding = Math.max(0, FRAME_BYTES - file.length - comment.length - 4)
    const filler = Buffer.concat([Buffer.from([0xff, 0xfe, (padding + 2) >> 8, (padding + 2) & 255]), Buffer.alloc(padding, 7)])
    return Buffer.concat([file.subarray(0, 2), comment, filler, file.subarray(2)])
  })
}

/** Label files of a twin with their number of frames, 70 on average as Penn Action's. */
async function twinLabels(): Promise<{ file: string; frames: number }[]> {
  const dir = join(folder, 'twin')
  await writeTwin(entryOf(await readCatalog(), 'penn-action'), dir, { clips: 200, seed: 1, frames: false })
  const phases = readdirSync(join(dir, 'penn_action_labels'), { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.npy'))
  return phases.map(({ name, parentPath }) => {
    const shape = /'shape': \((\d+),/.exec(readFileSync(join(parentPath, name)).toString('latin1'))![1]
    return { file: join(dir, 'labels', name.replace('.npy', '.mat')), frames: Number(shape) }
  })
}

/** GNU time's elapsed seconds, user + system seconds and peak resident size of a process; an ingest that ends in 3 has lost something. */
function timed(command: string, args: readonly string[]): Run {
  const { stderr, stdout, status } = spawnSync('/usr/bin/time', ['-f', '\n%e %U %S %M', command, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0 && status !== 1) throw new Error(`${command} ${args.join(' ')}: ${stdout} ${stderr}`)
  const [wall, user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { wall: wall!, cpu: user! + system!, megabytes: kilobytes! / 1024 }
}

function median(measured: readonly Run[]): number {
  return measured.map(({ wall }) => wall).sort((a, b) => a - b)[Math.floor(measured.length / 2)]!
}

function spread(measured: readonly Run[], what: keyof Run): string {
  const values = measured.map((run) => run[what]).sort((a, b) => a - b)
  return `${values[Math.floor(values.length / 2)]!.toFixed(2)} (${values[0]!.toFixed(2)}-${values.at(-1)!.toFixed(2)})`
}
