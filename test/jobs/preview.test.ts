import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LoaderState } from '../../src/batch.ts'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { LoaderRequest } from '../../src/jobs/loader-request.ts'
import { openLoader } from '../../src/jobs/open-loader.ts'
import { previewJob, type PreviewRequest } from '../../src/jobs/preview.ts'
import { drawnText } from '../../src/jobs/preview-page.ts'
import { recordedDraws } from '../../src/jobs/recorded-draws.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { planOf, type PlanSpec, sourceOfClips } from '../../src/loader/index.ts'
import { randomAt } from '../../src/random.ts'
import { chainOf, presets, rotate } from '../../src/transforms/index.ts'
import { exampleClip } from '../transforms/examples.ts'
import { storeOf, swinging } from './penn-store.ts'

// the store keeps what the raw file has, so that has to be the joints
const clips = Array.from({ length: 9 }, (_, i) => swinging(i)).map((clip) => ({ ...clip, raw: clip.keypoints!.filter((_, at) => at % 3 < 2) }))
const { skeleton } = entryOf(await readCatalog(), 'penn-action')
const asked = { dataset: 'penn-action', split: 'official', action: null, preset: null, seed: 7, settings: ['batch=4', 'validation=0'], sample: 5, step: null, heatmaps: false }
type Change = { readonly [Key in keyof typeof asked]?: (typeof asked)[Key] | string | number | boolean | null } & { readonly run?: string; readonly plan?: object }

/** Previews of a store of the clips, and where it is. */
async function previews() {
  const place = await storeOf(clips)
  const preview = async ({ run, ...change }: Change = {}, name = 'preview.svg') => {
    const output = join(place.runsDir, name)
    const request = { ...place, ...asked, ...change, output, ...(run === undefined ? {} : { run }) }
    const result = await previewJob(request as PreviewRequest)
    return { result, text: await readFile(output, 'utf8') }
  }
  return { place, preview }
}
/** The joints drawn for a frame of a view. */
const circlesOf = (svg: string, view: number | 'whole', frame: number): number[][] => {
  const drawn = new RegExp(`<svg class="frame" data-view="${view}" data-frame="${frame}"[^>]*>([\\s\\S]*?)</svg>`).exec(svg)![1]!
  return [...drawn.matchAll(/<circle [^>]*cx="([^"]+)" cy="([^"]+)"/g)].map(([, x, y]) => [Number(x), Number(y)])
}

describe('a preview', () => {
  test('draws the joints of each view where its steps put them at the place of the sample', async () => {
    const { preview } = await previews()
    const { result, text } = await preview()
    const { epoch, place: id, views } = result.samples[0]!
    const clip = clips.find((clip) => clip.id === id)!
    for (const [view, steps] of presets.la2ds.views.entries()) {
      const seen = chainOf(steps, { skeleton, frames: 16 })(clip, randomAt({ seed: 7, epoch, clip: id, view }))
      expect([views[view]!.frames, views[view]!.time]).toEqual([seen.frames, Array.from(seen.time)])
      for (const frame of [0, seen.frames - 1]) {
        const joints = Array.from({ length: 13 }, (_, joint) => Array.from(seen.keypoints!.slice((frame * 13 + joint) * 3, (frame * 13 + joint) * 3 + 2))).filter(([x]) => !Number.isNaN(x))
        expect(circlesOf(text, view, frame)).toBeAllclose(joints, { atol: 0.006, rtol: 0 })
      }
    }
    expect(circlesOf(text, 'whole', 0)).toBeAllclose(Array.from({ length: 13 }, (_, joint) => Array.from(clip.keypoints!.slice(joint * 3, joint * 3 + 2))), { atol: 0.006, rtol: 0 })
  })

  test('is the same, byte by byte, when it is made again', async () => {
    const { preview } = await previews()
    expect((await preview()).text).toBe((await preview({}, 'again.svg')).text)
  })

  test('of another sample, seed or preset is another', async () => {
    const { preview } = await previews()
    const texts = await Promise.all([{}, { sample: 6 }, { seed: 8 }, { preset: 'casa' }].map(async (change, i) => (await preview(change, `other-${i}.svg`)).text))
    expect(new Set(texts).size).toBe(4)
  })

  test('draws heatmaps under the joints of the views', async () => {
    const { preview } = await previews()
    const { text } = await preview({ heatmaps: true })
    const [marks, frames] = [[...text.matchAll(/<g class="map"><rect /g)].length, [...text.matchAll(/data-view="[01]"/g)].length]
    expect([marks, frames > 0]).toEqual([frames, true])
  })

  test('may be a page', async () => {
    const { preview } = await previews()
    expect((await preview({}, 'page.html')).text).toMatch(/^<!doctype html><html lang="en">.*<title>posetta preview: penn-action\/\d{4}<\/title>.*<svg /)
  })

  test('of a run is what the run saw: the samples of a step, in its order', async () => {
    const { place, preview } = await previews()
    const settings = ['profile=tiny', 'batch=4', 'validation=0.25', 'epochs=2', 'second.rotate.degrees=90']
    const { run } = await trainJob({ ...place, model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, seed: 7, device: 'cpu', threads: 1, settings }, { now: () => 0 })
    const ofStep = await preview({ run, sample: null, step: 2 })
    expect(ofStep.result.samples.map(({ sample }) => sample)).toEqual([4, 5, 6, 7])
    const one = await preview({ run, sample: 6, step: null })
    expect(one.result.samples[0]).toEqual(ofStep.result.samples[2])
    expect((await preview({ settings, sample: 6 })).text).toBe(one.text)
  })

  test('of a plan draws its sample: two clips of a pair, a view each', async () => {
    const { place, preview } = await previews()
    const plan = { pairs: { same: 'action', differs: 'group' } }
    const { result, text } = await preview({ plan })
    const source = sourceOfClips(clips.slice(0, -1))
    const { row, partner } = planOf({ seed: 7, ...plan } as PlanSpec, source.clips).sampleAt(5)
    expect(result.samples[0]!.views.map(({ clip }) => clip)).toEqual([source.clips.id(row), source.clips.id(partner!)])
    expect(text).toContain(`${source.clips.id(partner!)}: `)
    const { run } = await trainJob({ ...place, model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, seed: 7, device: 'cpu', threads: 1, settings: ['profile=tiny', 'batch=4', 'validation=0', 'epochs=1'], plan }, { now: () => 0 })
    expect((await preview({ run }, 'run.svg')).text).toBe(text)
  })

  test('of a loader is what it hands out: windows, its own views, the first sample after a state', async () => {
    const { place } = await previews()
    const output = join(place.runsDir, 'loader.svg')
    const loader: LoaderRequest = {
      ...place, datasets: ['penn-action'], split: 'official', side: 'train', action: null, seed: 7, plan: { windows: { frames: 6, stride: 4, step: 1, rest: 'drop' } }, views: [[{ name: 'crop' }]], frames: 8,
      tensors: { points: { persons: 1, dims: 2 } }, batch: 4, epochs: 2, lastBatch: 'fill', world: { rank: 0, size: 1 }, workers: 0, onBad: { policy: 'fail', most: 100 },
    }
    const open = await openLoader(loader)
    const batches: { ids: readonly string[]; state: LoaderState; time: number[] }[] = []
    for await (const { ids, state, tensors: { time } } of open.loader) batches.push({ ids, state, time: Array.from(time!.data) })
    await open.close()
    const seen = await previewJob({ loader, sample: null, step: 2, heatmaps: true, output })
    expect(seen.samples.map(({ sample }) => sample)).toEqual([4, 5, 6, 7])
    expect(seen.samples.map(({ views }) => views.map(({ clip }) => clip))).toEqual(batches[1]!.ids.map((id) => [id]))
    expect(seen.samples.map(({ views: [view] }) => [...view!.time, 0, 0])).toEqual([0, 1, 2, 3].map((row) => batches[1]!.time.slice(8 * row, 8 * row + 8)))
    const after = await previewJob({ loader: { ...loader, state: batches[0]!.state }, sample: null, step: null, heatmaps: false, output })
    expect(after.samples).toEqual(seen.samples.slice(0, 1))
  })

  test('of another kind of file is refused', async () => {
    const { preview } = await previews()
    await expect(preview({}, 'preview.png')).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringMatching(/preview\.png" is neither \.svg nor \.html$/) })
  })
})

describe('recorded draws', () => {
  test('change nothing and name the step, its position and what it drew', () => {
    const clip = exampleClip()
    const { random, steps } = recordedDraws(randomAt({ seed: 1 }))
    const chain = chainOf([{ name: 'flip', probability: 0 }, { name: 'rotate', degrees: 20 }], { skeleton, frames: 64 })
    expect(chain(clip, random)).toEqual(rotate({ degrees: 20 })(clip, randomAt({ seed: 1 }).fork('rotate').fork(1)))
    const angle = randomAt({ seed: 1 }).fork('rotate').fork(1)
    angle.chance(1)
    expect(steps()).toEqual([
      { step: 'flip', position: 0, draws: [{ draw: 'chance', of: [0], value: false }], more: 0 },
      { step: 'rotate', position: 1, draws: [{ draw: 'chance', of: [1], value: true }, { draw: 'between', of: [-20, 20], value: angle.between(-20, 20) }], more: 0 },
    ])
  })
  test('in words leave out what is switched off, and count the many', () => {
    const many = Array.from({ length: 8 }, () => ({ draw: 'integer', of: [3], value: 2 }) as const)
    expect(drawnText([
      { step: 'flip', position: 0, draws: [{ draw: 'chance', of: [0], value: false }], more: 0 },
      { step: 'rotate', position: 1, draws: [{ draw: 'chance', of: [0.5], value: true }, { draw: 'between', of: [-15, 15], value: 7.314 }], more: 0 },
      { step: 'cut', position: 2, draws: many.slice(0, 1), more: 12 },
    ])).toBe('rotate: chance 0.5 = yes, -15 to 15 = 7.31; cut: 0 to 2 = 2 and 12 more')
  })
})
