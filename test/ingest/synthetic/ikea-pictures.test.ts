import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { decode } from 'jpeg-js'
import { beforeAll, describe, expect, test } from 'vitest'
import { DRAWN } from '../../../src/ingest/synthetic/ikea-asm/ikea-pictures.ts'
import { cutView } from '../../../src/ingest/synthetic/ikea-asm/ikea-view.ts'
import { type IkeaTruth, ikeaTruth, writeIkeaTwin } from '../../../src/ingest/synthetic/ikea-asm/ikea-twin.ts'
import { filesOf, newFolder } from './ikea-folder.ts'

const hasFfmpeg = ['ffprobe', 'ffmpeg'].every((tool) => spawnSync(tool, ['-version']).status === 0)
/** The last scan of four has a picture missing. */
const full = ikeaTruth({ scans: 4, seed: 2, flaws: true })
const FRAMES = 40
const dir = newFolder()
const [films, gap] = [onlyScan(0), onlyScan(3)]
const steps: [number, number][] = []

beforeAll(async () => {
  await writeIkeaTwin(dir, films, { frames: true, video: true, onProgress: (done, total) => steps.push([done, total]) })
  await writeIkeaTwin(dir, gap, { frames: true, video: false })
})

describe('pictures', () => {
  test('are one JPEG per frame, at an eighth of the size that coordinates speak of', () => {
    const { path, views } = films.scans[0]!
    for (const device of ['dev1', 'dev2', 'dev3'] as const) {
      const own = filesOf(`${dir}/${path}/${device}/images`)
      expect(own).toEqual([...Array.from({ length: views[device].frames }, (_, frame) => `${String(frame).padStart(6, '0')}.jpg`), 'scan_video.avi'])
    }
    const { width, height } = decode(readFileSync(`${dir}/${path}/dev1/images/000000.jpg`))
    expect([width, height, DRAWN]).toEqual([240, 135, { width: 240, height: 135 }])
    expect(steps).toEqual([[1, 1]])
  })

  test('say their frame in bars along the upper edge', () => {
    const { path } = films.scans[0]!
    for (const frame of [0, 1, 37, FRAMES - 1]) {
      const { width, data } = decode(readFileSync(`${dir}/${path}/dev2/images/${String(frame).padStart(6, '0')}.jpg`))
      expect(numberIn((x, y) => data[4 * (y * width + x)]!)).toBe(frame)
    }
  })

  test('show the worker where the joints are', () => {
    const { path, views: { dev3 } } = films.scans[0]!
    const { width, data } = decode(readFileSync(`${dir}/${path}/dev3/images/000020.jpg`))
    const at = (joint: number): number => {
      const [x, y] = [0, 1].map((axis) => Math.floor(dev3.pixels[(20 * 17 + joint) * 2 + axis]! / 8))
      return 4 * (y! * width + x!)
    }
    expect([data[at(0)]! > 150, data[at(15)]! > data[at(15) + 2]!, data[at(16)]! < data[at(16) + 2]!]).toEqual([true, true, true])
  })

  test('lack the one that the flaw names, but no other', () => {
    const { path, views } = gap.scans[0]!
    const own = filesOf(`${dir}/${path}/dev1/images`)
    expect([own.length, own.includes('000018.jpg'), own.includes('000019.jpg'), own.includes('000020.jpg')]).toEqual([views.dev1.frames - 1, true, false, true])
  })
})

test.skipIf(!hasFfmpeg)('the video shows every frame in order, 25 per second', () => {
  const { path, views } = films.scans[0]!
  const file = `${dir}/${path}/dev3/images/scan_video.avi`
  const entries = 'stream=codec_name,width,height,r_frame_rate,nb_read_frames'
  const { stdout } = spawnSync('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'csv=p=0', file])
  expect(stdout.toString().trim()).toBe(`mjpeg,240,135,25/1,${views.dev3.frames}`)
  const { stdout: grey } = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], { maxBuffer: 2 ** 26 })
  const size = DRAWN.width * DRAWN.height
  const shown = Array.from({ length: grey.length / size }, (_, frame) => numberIn((x, y) => grey[frame * size + y * DRAWN.width + x]!))
  expect(shown).toEqual(Array.from({ length: views.dev3.frames }, (_, frame) => frame))
})

/** A number of 9 bits, lowest first, in bars at x = 10 + 12 bit. */
function numberIn(brightness: (x: number, y: number) => number): number {
  return Array.from({ length: 9 }, (_, bit) => (brightness(10 + 12 * bit, 4) > 170 ? 2 ** bit : 0)).reduce((sum, value) => sum + value, 0)
}

/** One scan of the twin, and the beginning of its films. */
function onlyScan(index: number): IkeaTruth {
  const { views, ...scan } = full.scans[index]!
  const { dev1, dev2, dev3 } = views
  return { ...full, scans: [{ ...scan, views: { dev1: cutView(dev1, FRAMES), dev2: cutView(dev2, FRAMES), dev3: cutView(dev3, FRAMES) } }] }
}
