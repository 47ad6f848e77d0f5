import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ABSENT, type Clip, OBSERVED, OCCLUDED } from '../../../src/clip.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { listTwinVideos, type PennTruth, pennTruth } from '../../../src/ingest/synthetic/penn-action/penn-twin.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { listImages, readClips, readImages } from '../../../src/store/index.ts'

const [SEED, JOINTS] = [3, 13]

let entry: DatasetEntry
let truths: PennTruth[]
let clips: Clip[]
const folders: string[] = []

// what the generator knows goes through MAT files, .npy and JPEG, the adapter, Parquet, and back
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  truths = truthsOf(20)
  clips = await readClips((await stored(20, 'none')).storeDir, 'penn-action', undefined, { raw: true })
})
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

describe('out of the store come', () => {
  test('the videos that were played, with what is said of each', () => {
    const said = truths.map(({ video, action, side, phases, recording: { view, width, height } }) => ({
      id: `penn-action/${video}`, width, height, frames: phases.length, source: 'synthetic', flags: [],
      labels: { action, officialSplit: side, sides: { tcc: side }, view } }))
    expect(clips).toMatchObject(said)
  })

  test('every position as it was clicked, those of joints nobody placed only raw', () => {
    forEveryJoint(({ clip, cell, x, y, isPlaced }) => {
      const raw = [...clip.raw!.subarray(2 * cell, 2 * cell + 2)]
      expect(raw).toEqual([x, y].map(Math.fround))
      expect([...clip.keypoints!.subarray(3 * cell, 3 * cell + 2)]).toEqual(isPlaced ? raw : [NaN, NaN])
    })
  })

  test('who was seen, who was hidden, who was never placed', () => {
    const known = new Set<number>()
    forEveryJoint(({ clip, cell, isVisible, isPlaced }) => {
      const [state, confidence] = isVisible ? [OBSERVED, 1] : isPlaced ? [OCCLUDED, 0.5] : [ABSENT, 0]
      expect([clip.states![cell], clip.keypoints![3 * cell + 2]]).toEqual([state, confidence])
      known.add(state)
    })
    expect(known.size).toBe(3)
  })

  test('every box', () => {
    for (const [at, { annotation: { boxes }, phases: { length: frames } }] of truths.entries()) {
      const expected = Array.from({ length: 4 * frames }, (_, cell) => Math.fround(boxes[(cell % 4) * frames + Math.floor(cell / 4)]!))
      expect([...clips[at]!.boxes!]).toEqual(expected)
    }
  })

  test('the phase of every frame, under the catalog\'s names', () => {
    for (const [at, { action, phases }] of truths.entries()) {
      const { names } = entry.phases.find((phases) => phases.action === action)!
      const played = clips[at]!.labels.phases!.flatMap(({ start, end, label }) => Array<string>(end - start).fill(label))
      expect(played).toEqual(phases.map((phase) => names[phase]))
    }
  })

  test('the JPEG files, byte for byte, and as many frames as before', async () => {
    const { rawDir, storeDir } = await stored(2, 'embed')
    for (const { video, phases, recording: { width, height } } of truthsOf(2)) {
      const images = await listImages(storeDir, 'penn-action', `penn-action/${video}`)
      const paths = phases.map((_, frame) => `frames/${video}/${String(frame + 1).padStart(6, '0')}.jpg`)
      expect(images.map(({ frame, path, ...size }) => [frame, path, size.width, size.height])).toEqual(paths.map((path, frame) => [frame, path, width, height]))
      const read = await readImages(storeDir, 'penn-action', images)
      expect(read.every((bytes, frame) => readFileSync(join(rawDir, paths[frame]!)).equals(bytes))).toBe(true)
    }
    expect((await readClips(storeDir, 'penn-action')).map(({ frames, flags }) => [frames, flags])).toEqual(truthsOf(2).map(({ phases }) => [phases.length, []]))
  })
})

/** The first videos of a twin, by their number. */
function truthsOf(count: number): PennTruth[] {
  return listTwinVideos(entry).slice(0, count).map((video) => pennTruth(entry, video, SEED)).sort((a, b) => (a.video < b.video ? -1 : 1))
}

async function stored(count: number, frames: 'none' | 'embed'): Promise<{ rawDir: string; storeDir: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-penn-truth-'))
  folders.push(folder)
  const [rawDir, storeDir] = [join(folder, 'raw'), join(folder, 'store')]
  await writeTwin(entry, rawDir, { clips: count, seed: SEED, frames: frames === 'embed' })
  await ingest({ entry, rawDir, storeDir, frames, jobs: 1 })
  return { rawDir, storeDir }
}

type Joint = { readonly clip: Clip; readonly cell: number; readonly x: number; readonly y: number; readonly isVisible: boolean; readonly isPlaced: boolean }

/** Annotations lie joint after joint, clips frame after frame. Nobody clicks into the corner: within a pixel of the source lie the joints never placed. */
function forEveryJoint(check: (joint: Joint) => void): void {
  for (const [at, { annotation, recording: { step, pixels: { length: frames } } }] of truths.entries()) {
    for (let cell = 0; cell < frames * JOINTS; cell++) {
      const from = (cell % JOINTS) * frames + Math.floor(cell / JOINTS)
      const [x, y] = [annotation.x[from]!, annotation.y[from]!]
      check({ clip: clips[at]!, cell, x, y, isVisible: annotation.isVisible[from] === 1, isPlaced: x !== step || y !== step })
    }
  }
}
