import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { writeTwin } from '../../../src/ingest/synthetic/index.ts'
import { listTwinVideos, type PennTruth, pennTruth } from '../../../src/ingest/synthetic/penn-action/penn-twin.ts'
import type { Picture } from '../../../src/ingest/synthetic/picture.ts'
import { serveFrames } from '../../../src/ingest/synthetic/serve-picture.ts'
import { randomAt } from '../../../src/random.ts'
import { readClips } from '../../../src/store/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'posetta-serve-'))
let entry: DatasetEntry
let truths: PennTruth[]

beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'penn-action')
  truths = listTwinVideos(entry, { ball: true }).slice(0, 60).map((video) => pennTruth(entry, video, 0))
})
afterAll(() => rmSync(dir, { recursive: true }))

describe('a twin with a ball', () => {
  test('shows serves alone, their three key events under the catalog\'s names', async () => {
    await writeTwin(entry, join(dir, 'raw'), { clips: 2, seed: 0, frames: true, ball: true })
    await ingest({ entry, rawDir: join(dir, 'raw'), storeDir: join(dir, 'store'), frames: 'none', jobs: 1 })
    const clips = await readClips(join(dir, 'store'), 'penn-action')
    for (const [at, { labels }] of clips.entries()) {
      const { released, back, touched } = truths[at]!.serve!
      expect([labels.action, ...labels.phases!.slice(1).map(({ start, label }) => [start, label])]).toEqual(
        ['tennis_serve', [released, 'ball released from hand'], [back, 'racket swung fully back'], [touched, 'ball touches racket']])
    }
    expect(existsSync(join(dir, 'raw/frames/2141/000032.jpg'))).toBe(true)
  })

  test('draws the three independently: no time between two of them tells of the third', () => {
    const shares = (event: 'released' | 'back' | 'touched') => truths.map(({ serve, phases }) => serve![event] / phases.length)
    const [released, back, touched] = [shares('released'), shares('back'), shares('touched')]
    for (const [a, b] of [[released, back], [back, touched], [released, touched]]) expect(Math.abs(correlation(a!, b!))).toBeLessThan(0.3)
  })

  test('hides the body: the pictures are the same when the joints move at other times', () => {
    const { serve, recording: { pixels } } = truths[0]!
    const [forth, back] = [framesOf(truths[0]!, pixels), framesOf(truths[0]!, pixels.toReversed())]
    expect(pixels[serve!.back]![6]).not.toEqual(pixels.toReversed()[serve!.back]![6])
    for (const [frame, picture] of forth.entries()) expect(Buffer.compare(bytesOf(picture), bytesOf(back[frame]!))).toBe(0)
  })

  test('shows the ball at rest until it is released, in the air until it is touched, and then gone', () => {
    const { serve, recording: { pixels } } = truths[1]!
    const heights = framesOf(truths[1]!, pixels).map(heightOfBall)
    const { released, touched } = serve!
    expect(new Set(heights.slice(0, released + 1)).size).toBe(1)
    for (let frame = released; frame < touched; frame++) expect([frame, heights[frame + 1]! - heights[frame]!]).toEqual([frame, expect.not.closeTo(0, 3)])
    expect(heights.slice(touched + 9).every(Number.isNaN)).toBe(true)
  })

  test('moves the joints by the swing alone: they rest while the ball is released before it', () => {
    const { recording: { pixels }, serve } = truths.find(({ serve, phases }) => serve!.back - serve!.released > 0.25 * phases.length)!
    expect(pixels[serve!.released]).toEqual(pixels[0])
    expect(pixels[serve!.released + 1]).toEqual(pixels[0])
    expect(pixels[serve!.back]).not.toEqual(pixels[0])
  })

  test('is refused of a data set without one', async () => {
    const h2o = entryOf(await readCatalog(), 'h2o')
    await expect(writeTwin(h2o, join(dir, 'h2o'), { clips: 1, seed: 0, frames: true, ball: true })).rejects.toMatchObject({
      code: 'E_TWIN_UNKNOWN', message: 'there is no twin of "h2o" with a ball: its layout is h2o, its skeleton hands-42' })
  })
})

function framesOf({ serve, recording: { width, height } }: PennTruth, pixels: PennTruth['recording']['pixels']): Picture[] {
  return [...serveFrames(serve!, pixels, { skeleton: entry.skeleton, random: randomAt({ seed: 5 }), width, height })]
}

function bytesOf({ pixels }: Picture): Uint8Array {
  return new Uint8Array(pixels.buffer)
}

/** Mean row of the pixels of the ball's colour, NaN where there is none. */
function heightOfBall({ pixels, width }: Picture): number {
  let [rows, count] = [0, 0]
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] !== 215 + 256 * 245 + 65536 * 70) continue
    rows += Math.floor(at / width)
    count++
  }
  return rows / count
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [centredA, centredB] = [a, b].map((values) => values.map((value) => value - values.reduce((sum, one) => sum + one, 0) / values.length)) as [number[], number[]]
  const dot = (x: number[], y: number[]): number => x.reduce((sum, one, i) => sum + one * y[i]!, 0)
  return dot(centredA, centredB) / Math.sqrt(dot(centredA, centredA) * dot(centredB, centredB))
}
