import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { runQuery } from '../../src/queries/index.ts'
import { readClips } from '../../src/store/read-clips.ts'
import { readManifest } from '../../src/store/manifest.ts'
import { verify } from '../../src/store/verify.ts'
import { writeClips } from '../../src/store/write-clips.ts'
import { makeClip, skeletons, spatial, three } from './clips.ts'
import { temporaryFolder } from './folder.ts'

const confidences = ({ keypoints, dims }: Clip): number[] => [...keypoints!].filter((_, at) => at % (dims + 1) === dims)

async function stored(clip: Clip): Promise<string> {
  const storeDir = await temporaryFolder()
  await writeClips({ storeDir, dataset: 'tiny', skeletons: [...skeletons, three], clips: [clip], precision: 'int16' })
  return storeDir
}

const odd = Math.fround(0.0137)
/** `spatial`, its coordinates no multiples of any step. */
const metres: Clip = (() => {
  const clip = spatial('tiny/b')
  return { ...clip, unit: 'm', raw: clip.raw!.map((value) => value * odd), keypoints: clip.keypoints!.map((value, at) => (at % 4 === 3 ? value : value * odd)) }
})()

const differences = (a: Float32Array, b: Float32Array): number[] => Array.from(a, (value, at) => (Number.isNaN(value) ? Number(!Number.isNaN(b[at])) : Math.abs(value - b[at]!)))

// half a step: 1/32 px, 1/8192 m
test.each([['px', makeClip('tiny/a', { frames: 50 }), 2 ** -5], ['m', metres, 2 ** -13]] as const)('int16 keeps %s to half a step, on the grid, and all else as it was', async (unit, clip, most) => {
  expect(clip.unit).toBe(unit)
  const storeDir = await stored(clip)
  const [back] = await readClips(storeDir, 'tiny', undefined, { raw: true })
  const coordinates = (one: Clip): Float32Array => one.raw ?? one.keypoints!
  const found = differences(coordinates(clip), coordinates(back!))
  expect(Math.max(...found)).toBeLessThanOrEqual(most)
  expect(Math.max(...found)).toBeGreaterThan(0)
  expect({ ...back, keypoints: null, raw: null }).toEqual({ ...clip, keypoints: null, raw: null })
  expect(confidences(back!)).toEqual(confidences(clip))
  expect(coordinates(back!).every((value) => Number.isNaN(value) || Number.isInteger(value / (2 * most)))).toBe(true)
  expect((await verify(storeDir, 'tiny', { deep: true })).problems).toEqual([])
})

test('coordinates rest as 16-bit integers whose step the manifest and the file say, and are numbers in SQL', async () => {
  const clip = makeClip('tiny/a', { frames: 4 })
  clip.raw![0] = 100.06
  const storeDir = await stored({ ...clip, keypoints: clip.keypoints!.map((value, at) => (at === 0 ? 100.06 : value)) })
  const { schema, shards } = await readManifest(storeDir, 'tiny')
  expect(schema.layouts).toMatchObject([{ name: 'two-2d-px-int16', step: 1 / 16 }])
  const frames = shards[0]!.files.find(({ table }) => table === 'frames')!.file
  const place = { storeDir, runsDir: join(storeDir, 'none') }
  const file = join(storeDir, 'tiny/shards', frames)
  // 100.06 px are 1600.96 steps: 1601 of them are 100.0625 px
  expect((await runQuery(place, `select head_x, typeof(head_x) from read_parquet('${file}') limit 1`)).rows).toEqual([[1601, 'SMALLINT']])
  expect((await runQuery(place, "select x, typeof(x) from joints where joint = 'head' and frame = 0")).rows).toEqual([[100.0625, 'FLOAT']])
  expect((await runQuery(place, 'select x[1] from keypoints where frame = 0')).rows).toEqual([[100.0625]])
})

test('a coordinate that 16 bits do not reach is refused by name', async () => {
  const clip = makeClip('tiny/a', { frames: 4 })
  clip.raw![2 * 2 * 3 + 1] = 5000
  await expect(stored(clip)).rejects.toMatchObject({
    code: 'E_COORDINATE_RANGE', message: 'tiny/a has a coordinate of 5000 px in frame 3; int16 reaches 2047.9375 px', hint: 'ingest with --precision float32' })
})
