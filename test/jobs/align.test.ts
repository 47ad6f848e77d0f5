import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { wholeFilm } from '../../src/eval/report/whole-film.ts'
import { alignJob } from '../../src/jobs/align.ts'
import { writeAlignmentVideo } from '../../src/jobs/alignment-video.ts'
import { removeClips } from '../../src/store/index.ts'
import { selectFrames } from '../../src/transforms/index.ts'
import { ffmpegHere, runFfmpeg } from '../ffmpeg.ts'
import { temporaryFolder } from '../store/folder.ts'
import { storeOf, swinging } from './penn-store.ts'

const [one, two] = [{ ...swinging(1, { frames: 12 }), raw: null }, swinging(2)]
/** The first clip with its fifth frame held for three, under another name. */
const held = { ...selectFrames(one, [0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11]), id: 'penn-action/0003', group: 'penn-action/0003' }
const labelsOnly = { ...swinging(4), skeleton: null, keypoints: null, states: null, raw: null, joints: 0 }
const clips = [one, two, held, labelsOnly]
const asked = { encoder: 'baseline/coordinates', clip: one.id, reference: held.id, method: 'nearest' } as const

describe('the map from a clip to another', () => {
  test('finds each frame again, the first of those that are alike', async () => {
    const { map, clip, reference } = await alignJob({ ...await storeOf(clips), ...asked })
    expect(map.map(({ counterpart }) => counterpart)).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13])
    expect(map.map(({ cost }) => cost)).toEqual(Array<number>(12).fill(0))
    expect([clip, reference]).toEqual([{ id: one.id, action: 'pullup', frames: 12 }, { id: held.id, action: 'pullup', frames: 14 }])
  })

  test('by warping it goes to the middle of the frames that are held', async () => {
    const { map } = await alignJob({ ...await storeOf(clips), ...asked, method: 'warping' })
    expect(map[4]!.counterpart).toBe(5)
  })

  test('is written as the file is named', async () => {
    const [places, folder] = [await storeOf(clips), await temporaryFolder()]
    for (const name of ['map.csv', 'map.json', 'map.parquet']) await alignJob({ ...places, ...asked, output: join(folder, name) })
    const [head, first] = (await readFile(join(folder, 'map.csv'), 'utf8')).split('\n')
    expect([head, first!.split(',').slice(0, 6)]).toEqual(['clip,frame,reference,counterpart,moment,cost,confidence', [one.id, '0', held.id, '0', '0', '0']])
    expect((JSON.parse(await readFile(join(folder, 'map.json'), 'utf8')) as object[])[5]).toMatchObject({ frame: 5, counterpart: 7, cost: 0 })
    expect((await readFile(join(folder, 'map.parquet'))).subarray(0, 4).toString()).toBe('PAR1')
  })
})

test('a page shows both clips in step, and needs no network', async () => {
  const output = join(await temporaryFolder(), 'pair.html')
  await alignJob({ ...await storeOf(clips), ...asked, output })
  const { document } = parseHTML(await readFile(output, 'utf8'))
  const { a, b, followers } = JSON.parse(document.querySelector('#figure-alignment')!.textContent!) as { a: { id: string }; b: { id: string }; followers: { frames: number[] }[] }
  expect([a.id, b.id, followers[0]!.frames[5]]).toEqual([one.id, held.id, 7])
  expect([...document.querySelectorAll('[src], link')]).toEqual([])
})

describe.skipIf(!ffmpegHere)('a film', () => {
  test('has a frame for each frame of the clip, and shows under the reference where it stands', async () => {
    const output = join(await temporaryFolder(), 'pair.mp4')
    await alignJob({ ...await storeOf(clips), ...asked, output })
    const frames = runFfmpeg(['-i', output, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'])
    const size = 688 * 380
    expect(frames.length / size).toBe(12)
    // the row in the middle of the bars, right half: the darkest spot is at (7.5 / 14) of 320 px for the sixth frame, which is on the eighth of the reference
    const bar = frames.subarray(5 * size + 358 * 688 + 352, 5 * size + 358 * 688 + 672)
    expect(Math.abs(bar.indexOf(Math.min(...bar)) - (320 * 7.5) / 14)).toBeLessThanOrEqual(3)
  })

  test('needs ffmpeg, and says so', async () => {
    const figure = { a: wholeFilm(one), b: wholeFilm(one), edges: [], pairs: [], followers: [{ name: '', title: '', frames: [0] }], note: '' }
    await expect(writeAlignmentVideo('pair.mp4', figure, { fps: 25, programs: { ffmpeg: '/nowhere/ffmpeg', ffprobe: '' } })).rejects.toMatchObject({
      code: 'E_FFMPEG_MISSING', message: '"pair.mp4" needs ffmpeg, which is not to be found on this machine', hint: expect.stringContaining('or write an .html') })
  })
})

describe('what cannot be aligned is refused with the way out', () => {
  const refusal = async (changes: Partial<Parameters<typeof alignJob>[0]>, places = storeOf(clips)) =>
    alignJob({ ...await places, ...asked, ...changes }).then(() => null, ({ code, message, hint }: Error & { code: string; hint?: string }) => ({ code, message, hint }))

  test('a clip that there is not', async () => {
    const found = await refusal({ reference: 'penn-action/0011' })
    expect(found).toMatchObject({ code: 'E_CLIP_UNKNOWN', message: expect.stringMatching(/^no clip "penn-action\/0011" in version [0-9a-f]{12} of penn-action$/) })
    expect(found!.hint).toContain('did you mean "penn-action/0001"?')
    expect(await refusal({ clip: 'h2o/1' })).toMatchObject({ code: 'E_CLIP_UNKNOWN', hint: 'There is: penn-action' })
  })

  test('a clip without joints, or one that was purged', async () => {
    expect(await refusal({ reference: labelsOnly.id })).toMatchObject({ code: 'E_NO_KEYPOINTS', message: 'clip "penn-action/0004" has labels only, no joints to align' })
    const places = await storeOf(clips)
    await removeClips({ storeDir: places.storeDir, dataset: 'penn-action', ids: [two.id], purge: true })
    expect(await refusal({ reference: two.id, version: 'newest~1' }, Promise.resolve(places))).toMatchObject({ code: 'E_CLIP_PURGED' })
  })

  test('a clip of another skeleton', async () => {
    const other = { ...swinging(5), skeleton: 'coco-17', joints: 17, keypoints: new Float32Array(15 * 51), states: new Uint8Array(15 * 17), raw: new Float32Array(15 * 34) }
    expect(await refusal({ reference: other.id }, storeOf([...clips, other]))).toMatchObject({
      code: 'E_CLIP_SKELETON', message: 'clip "penn-action/0005" is of skeleton coco-17 in 2 dimensions, clip "penn-action/0001" of penn-13 in 2' })
  })

  test('a floor or a run that there is not, and a file of another kind', async () => {
    expect(await refusal({ encoder: 'baseline/coordinate' })).toMatchObject({ code: 'E_FLOOR_UNKNOWN', hint: expect.stringContaining('did you mean "baseline/coordinates"?') })
    expect(await refusal({ encoder: 'mine' })).toMatchObject({ code: 'E_RUN_UNKNOWN', hint: expect.stringContaining('a floor: baseline/random') })
    expect(await refusal({ output: 'map.txt' })).toMatchObject({ code: 'E_USAGE', message: '--output "map.txt" is none of .csv, .json, .parquet, .html, .mp4' })
  })
})
