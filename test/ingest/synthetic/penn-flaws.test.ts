import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { type Clip, OBSERVED } from '../../../src/clip.ts'
import { sha256 } from '../../../src/hash.ts'
import type { FilmRead } from '../../../src/ingest/adapter.ts'
import { pennAction } from '../../../src/ingest/adapters/penn-action/penn-action.ts'
import { MI } from '../../../src/ingest/readers/mat-elements.ts'
import { type PennFlaw, plantPennFlaws } from '../../../src/ingest/synthetic/penn-action/penn-flaws.ts'
import { listTwinVideos, writePennVideo } from '../../../src/ingest/synthetic/penn-action/penn-twin.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { contextOf } from '../read-film.ts'
import { pythonWith, runPython } from '../../python.ts'

type Films = ReadonlyMap<string, FilmRead>
type Planted = { readonly dir: string; readonly flaws: readonly PennFlaw[]; readonly films: Films }

const python = pythonWith('numpy', 'scipy.io')
const folders: string[] = []
let entry: DatasetEntry
let clean: Films
/** Without pictures, and three videos with pictures. */
let labels: Planted
let pictures: Planted

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  clean = await readAll(await newTwin(2))
  labels = await planted(await newTwin(2), 2)
  const dir = newFolder()
  for (const video of listTwinVideos(entry).slice(12, 15)) writePennVideo(entry, dir, video, { seed: 2, frames: true })
  pictures = await planted(dir, 2)
}, 60000)
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const labelKinds = ['box-row-missing', 'visibility-as-double', 'joints-outside-image', 'boxes-inside-out', 'frames-without-joint', 'clip-without-joint',
  'unfinished-zlib', 'coordinates-as-uint8', 'coordinates-as-uint16', 'twelve-joints', 'text-named-mat', 'phases-of-other-length']
const pictureKinds = ['fewer-frames', 'more-frames', 'jpeg-cut-in-half']

describe('a flawed twin', () => {
  test('has each quirk in a video of its own, those of pictures where there are pictures', () => {
    expect(labels.flaws.map(({ kind }) => kind)).toEqual(labelKinds)
    expect(pictures.flaws.map(({ kind }) => kind)).toEqual(pictureKinds)
    expect(new Set([...labels.flaws, ...pictures.flaws].map(videoOf)).size).toBe(15)
  })

  test.each(labelKinds)('%s: ingest says what was expected', (kind) => expect(saidOf(labels, kind)).toEqual(expectedOf(labels, kind)))
  test.each(pictureKinds)('%s: ingest says what was expected', (kind) => expect(saidOf(pictures, kind)).toEqual(expectedOf(pictures, kind)))

  test.each([1, 5, 9])('is so in any draw, seed %i', async (seed) => {
    const other = await planted(await newTwin(seed), seed)
    expect(labelKinds.map((kind) => saidOf(other, kind))).toEqual(labelKinds.map((kind) => expectedOf(other, kind)))
  })

  test('is the same bytes whenever it is planted', async () => {
    const [one, two] = [await newTwin(4), await newTwin(4)]
    for (const dir of [one, two, two]) plantPennFlaws(dir, entry, { seed: 4 })
    expect(readdirSync(join(one, 'labels')).map((name) => hashOf(one, name))).toEqual(readdirSync(join(two, 'labels')).map((name) => hashOf(two, name)))
  })

  test('leaves all other videos as they are', () => {
    const others = [...clean].filter(([id]) => !labels.flaws.some((flaw) => id.endsWith(videoOf(flaw))))
    expect(others.map(([id]) => labels.films.get(id))).toEqual(others.map(([, film]) => film))
    expect(others).toHaveLength(3)
  })
})

describe('what it does to the values', () => {
  test('the last frame has no box, all others theirs', () => {
    const [clip, before] = pair('box-row-missing')
    expect([...clip.boxes!]).toEqual([...before.boxes!.subarray(0, -4), NaN, NaN, NaN, NaN])
  })

  test('visibility means the same as a double', () => {
    const [clip, before] = pair('visibility-as-double')
    expect(clip.states).toEqual(before.states)
  })

  test('coordinates twice as large, as they stand in the file', () => {
    const [clip, before] = pair('joints-outside-image')
    expect(clip.raw).toEqual(before.raw!.map((value) => 2 * value))
  })

  test('five boxes turned inside out', () => {
    const { boxes } = pair('boxes-inside-out')[0]
    const inside = Array.from({ length: boxes!.length / 4 }, (_, frame) => {
      const [x1, y1, x2, y2] = boxes!.subarray(4 * frame)
      return x1! > x2! && y1! > y2!
    })
    expect([inside.filter(Boolean).length, inside.lastIndexOf(true) - inside.indexOf(true)]).toEqual([5, 4])
  })

  test('five frames, and a clip, in which no joint is seen', () => {
    const unseen = ({ states, frames }: Clip): number => Array.from({ length: frames }, (_, frame) => states!.subarray(13 * frame, 13 * frame + 13))
      .filter((row) => !row.includes(OBSERVED)).length
    const [all] = pair('clip-without-joint')
    expect([unseen(pair('frames-without-joint')[0]), unseen(all), unseen(pair('frames-without-joint')[1])]).toEqual([5, all.frames, 0])
  })

  test('nothing, where the zlib stream has no end', () => {
    const [clip, before] = pair('unfinished-zlib')
    const file = readFileSync(join(labels.dir, `labels/${clip.id.slice(-4)}.mat`))
    expect(() => inflateSync(elementsOf(file)[2]!)).toThrow('unexpected end of file')
    expect([clip.raw, clip.states]).toEqual([before.raw, before.states])
  })

  test.each([
    ['coordinates-as-uint8', MI.UINT8, (value: number) => Math.min(255, Math.round(value))],
    ['coordinates-as-uint16', MI.UINT16, (value: number, cell: number) => (cell < 2 ? 256 : Math.round(value))],
  ] as const)('%s: whole numbers in an integer element of that width', (kind, type, change) => {
    const [clip, before] = pair(kind)
    const elements = elementsOf(readFileSync(join(labels.dir, `labels/${clip.id.slice(-4)}.mat`)))
    expect([2, 3].map((at) => payloadType(elements[at]!))).toEqual([type, type])
    expect(clip.raw).toEqual(before.raw!.map((value, cell) => change(value, cell)))
  })

  test.skipIf(python === null)('scipy reads the same coordinates out of unfinished streams and smaller integers (POSETTA_PYTHON names the interpreter)', () => {
    const kinds = ['unfinished-zlib', 'coordinates-as-uint8', 'coordinates-as-uint16', 'box-row-missing']
    const files = kinds.map((kind) => join(labels.dir, `labels/${videoOf(flawOf(labels, kind))}.mat`))
    const script = `
import hashlib, sys, numpy as np
from scipy.io import loadmat
for path in sys.stdin.read().split():
    m = loadmat(path)
    print(hashlib.sha256(np.ascontiguousarray(np.stack([m['x'], m['y']], axis=2).astype('<f4')).tobytes()).hexdigest(), *m['bbox'].shape)
`
    const read = kinds.map((kind) => pair(kind)[0]).map(({ raw, frames, flags }) => `${sha256(new Uint8Array(raw!.buffer))} ${frames - flags.length} 4`)
    expect(runPython(python!, script, files.join(' ')).trim().split('\n')).toEqual(read)
  })

  test('phases taken at their share of the clip', () => {
    const [clip, before] = pair('phases-of-other-length')
    const [phases, frames] = [before.labels.phases!, clip.frames]
    const phaseAt = (frame: number): number => phases.findIndex(({ end }) => frame < end || end === frames)
    const expected = Array.from({ length: frames }, (_, frame) => phaseAt(Math.floor((frame * (frames + 2)) / frames)))
    expect(clip.labels.phases!.flatMap(({ start, end }, phase) => Array<number>(end - start).fill(phase))).toEqual(expected)
  })

  test('as many pictures as there are frames and files', () => {
    const count = (kind: string): number => filmOf(pictures, kind).images!.length
    const frames = (kind: string): number => cleanOf(pictures, kind).frames
    expect(pictureKinds.map((kind) => count(kind) - frames(kind))).toEqual([-2, 0, -1])
  })
})

type Said = { readonly quarantined: readonly (readonly [string, string])[]; readonly clips: readonly (readonly [readonly string[], number])[] }

/** What an ingest says of the video that bears a flaw. */
function saidOf(planted: Planted, kind: string): Said {
  const { clips, quarantined } = filmOf(planted, kind)
  return { quarantined: quarantined.map(({ source, code }) => [source, code] as const), clips: clips.map(({ flags, frames }) => [flags, frames] as const) }
}

function expectedOf(planted: Planted, kind: string): Said {
  const { path, expectation: { flags, code, frames } } = flawOf(planted, kind)
  return { quarantined: code === null ? [] : [[path, code]], clips: frames === null ? [] : [[flags, frames]] }
}

/** The clip with the flaw, and what it is without. */
function pair(kind: string): [Clip, Clip] {
  return [filmOf(labels, kind).clips[0]!, cleanOf(labels, kind)]
}

function flawOf({ flaws }: Planted, kind: string): PennFlaw {
  return flaws.find((flaw) => flaw.kind === kind)!
}

function filmOf(planted: Planted, kind: string): FilmRead {
  return planted.films.get(`penn-action/${videoOf(flawOf(planted, kind))}`)!
}

function cleanOf(planted: Planted, kind: string): Clip {
  return clean.get(`penn-action/${videoOf(flawOf(planted, kind))}`)!.clips[0]!
}

function videoOf({ path }: PennFlaw): string {
  return /\d{4}(?=\.(?:mat|npy)$|\/\d{6}\.jpg$|$)/.exec(path)![0]
}

async function planted(dir: string, seed: number): Promise<Planted> {
  const flaws = plantPennFlaws(dir, entry, { seed })
  return { dir, flaws, films: await readAll(dir) }
}

async function readAll(dir: string): Promise<Films> {
  const context = contextOf(entry, dir)
  const { items } = await pennAction.discover(context)
  return new Map(await Promise.all(items.map(async (item) => [item.id, await pennAction.read(context, item)] as const)))
}

async function newTwin(seed: number): Promise<string> {
  const dir = newFolder()
  await writeTwin(entry, dir, { clips: 15, seed, frames: false })
  return dir
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-penn-flaws-'))
  folders.push(folder)
  return folder
}

function hashOf(dir: string, name: string): string {
  return sha256(readFileSync(join(dir, 'labels', name)))
}

/** The compressed variables of a MAT file. */
function elementsOf(file: Buffer): Buffer[] {
  const elements = []
  for (let at = 128; at < file.length; at += 8 + file.readUInt32LE(at + 4)) elements.push(file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4)))
  return elements
}

/** The type of the numbers of x or y: behind 8 bytes of tag, 16 of flags, 16 of dimensions and 8 of name. */
function payloadType(element: Buffer): number {
  return inflateSync(element, { finishFlush: constants.Z_SYNC_FLUSH }).readUInt32LE(48)
}
