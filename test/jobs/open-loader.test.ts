import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { streamText } from '../../src/cli/stream-text.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import type { LoaderRequest } from '../../src/jobs/loader-request.ts'
import { loaderStats } from '../../src/jobs/loader-stats.ts'
import { openLoader } from '../../src/jobs/open-loader.ts'
import { streamJob } from '../../src/jobs/stream.ts'
import { alignmentViews, createLoader, localMaker, planOf, sourceOfClips } from '../../src/loader/index.ts'
import { trainSelection } from '../../src/jobs/train-selection.ts'
import { presetOf } from '../../src/transforms/index.ts'
import { jpegHere } from '../jpeg.ts'
import { twinOnce, twinStoreOnce } from '../made-once.ts'
import { undecodable } from '../loader/frames/films.ts'
import { fingerprints } from '../loader/loaders.ts'
import { pythonWith, runPython } from '../python.ts'
import { readClips, writeClips } from '../../src/store/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { splitOf, storeOf, swinging } from './penn-store.ts'

const clips = [...Array.from({ length: 9 }, (_, i) => swinging(i)), swinging(20, { flags: ['no-observed-joint'] }), swinging(21, { action: 'squat' }), swinging(90)]

type Place = { readonly storeDir: string; readonly runsDir: string }
const asked = ({ storeDir, runsDir }: Place, change: Partial<LoaderRequest> = {}): LoaderRequest => ({
  storeDir, runsDir, datasets: ['penn-action'], split: 'official', side: 'train', action: null, seed: 4, plan: {}, views: presetOf('none').views, frames: 64,
  tensors: { points: { persons: 1, dims: 2 } }, batch: 4, epochs: 2, lastBatch: 'fill', world: { rank: 0, size: 1 }, workers: 0, onBad: { policy: 'fail', most: 100 }, ...change,
})
const batchesOf = async (request: LoaderRequest) => {
  const open = await openLoader(request)
  try {
    return await fingerprints(open.loader)
  } finally {
    await open.close()
  }
}

describe('a loader over a store', () => {
  test('hands out what a training on the same split sees, to the last byte', async () => {
    const place = await storeOf(clips)
    const { entry, train, split, manifest: { root } } = await trainSelection({ ...place, dataset: 'penn-action', split: 'official', action: 'pullup', validation: 0 })
    const source = sourceOfClips(await readClips(place.storeDir, 'penn-action', train.map(({ id }) => id)))
    const heatmaps = { channels: 'both', size: 16, sigma: 0.5, patch: 8 } as const
    const recipe = alignmentViews({ heatmaps: { ...heatmaps, skeleton: entry.skeleton }, frames: 64, seed: 4, latestStart: 32 })
    const expected = await fingerprints(createLoader({
      plan: planOf({ seed: 4 }, source.clips), split: split.hash, root, batchSize: 4, epochs: 2, maker: () => localMaker({ source, recipe }) }))
    const found = await batchesOf(asked(place, { action: 'pullup', views: presetOf('la2ds').views, tensors: { heatmaps, latestStart: 32 } }))
    expect(found.map(({ ids, hashes }) => ({ ids, hashes }))).toEqual(expected.map(({ ids, hashes }) => ({ ids, hashes })))
  })

  test('is the same with threads, less memory and another cache', async () => {
    const place = await storeOf(clips)
    const whole = await batchesOf(asked(place))
    expect(await batchesOf(asked(place, { workers: 2, memory: 2 ** 24, cacheDir: await temporaryFolder() }))).toEqual(whole)
  })

  test('leaves out what cannot be trained on, and says how many', async () => {
    const open = await openLoader(asked(await storeOf(clips)))
    expect(open.about.datasets).toMatchObject([{ dataset: 'penn-action', clips: 10, leftOut: 1 }])
    expect(open.source.clips.count).toBe(10)
    await open.close()
  })

  test('takes no state of another side or action', async () => {
    const place = await storeOf(clips)
    const { state } = (await batchesOf(asked(place, { action: 'pullup' })))[0]!
    await expect(openLoader(asked(place, { state }))).rejects.toMatchObject({ code: 'E_LOADER_STATE' })
    expect((await batchesOf(asked(place, { action: 'pullup', state }))).length).toBe(4)
  })

  test('takes no state of the clips of other dimensions in the same split', async () => {
    const place = await storeOf(clips)
    const { skeleton } = entryOf(await readCatalog(), 'h2o')
    const hands = (dims: 2 | 3) => ({
      ...clips[0]!, id: `h2o/1#${dims}d`, group: 'h2o/1', dataset: 'h2o', skeleton: skeleton.name, source: `${dims}d`, joints: 42, dims, keypoints: new Float32Array(420 * (dims + 1)).fill(1), states: new Uint8Array(420), raw: null,
      frames: 10, time: clips[0]!.time.slice(0, 10) })
    await writeClips({ storeDir: place.storeDir, dataset: 'h2o', skeletons: [skeleton], clips: [hands(2), hands(3), { ...hands(2), id: 'h2o/2#2d', group: 'h2o/2' }] })
    await splitOf(place.storeDir, ['h2o/1#2d', 'h2o/1#3d', 'h2o/2#2d'], 'h2o')
    const of = (dims: 2 | 3) => asked(place, { datasets: ['h2o'], batch: 1, tensors: { points: { persons: 1, dims } } })
    const [flat] = await batchesOf(of(2))
    expect([flat!.ids, (await batchesOf(of(3)))[0]!.ids]).toEqual([['h2o/1#2d'], ['h2o/1#3d']])
    await expect(openLoader({ ...of(3), state: flat!.state })).rejects.toMatchObject({ code: 'E_LOADER_STATE' })
  })

  test.each<[Partial<LoaderRequest>, string, RegExp]>([
    [{ action: 'swim' }, 'E_ACTION_UNKNOWN', /^no action in penn-action "swim"$/],
    [{ side: 'validation' }, 'E_LOADER_EMPTY', /^the validation side of split "official" of penn-action has no clip with 2D joints of penn-13$/],
    [{ tensors: { points: { persons: 1, dims: 3 } } }, 'E_LOADER_EMPTY', /^the train side of split "official" of penn-action has no clip with 3D joints of penn-13$/],
    [{ plan: { buckets: { batch: 8, batches: 2 } } }, 'E_LOADER_PLAN', /^buckets of 8 samples in batches of 4$/],
    // 4 rows of 64 x 13 joints, mask and time, and lengths that begin at a multiple of 64 bytes: 42,048 bytes
    [{ memory: 4 * 42_048 - 1 }, 'E_LOADER_MEMORY', /^two batches of 42048 bytes do not fit in 84095 bytes, the half of the memory of 168191 that is for batches$/],
    [{ memory: 4 * 42_048 - 1, workers: 2 }, 'E_LOADER_MEMORY', /^two batches of 42048 bytes do not fit in 84095 bytes, the half of the memory of 168191 that is for batches$/],
    [{ memory: 1 }, 'E_LOADER_MEMORY', /^two batches of 42048 bytes do not fit in 0 bytes, the half of the memory of 1 that is for batches$/],
    [{ frames: 10_000_000 }, 'E_LOADER_MEMORY', /^two batches of \d+ bytes do not fit in 4294967296 bytes$/],
    [{ frames: 4_000_000, memory: 2 ** 40, workers: 1 }, 'E_LOADER_MEMORY', /^two batches of \d+ bytes do not fit in 4294967296 bytes, which is all that threads can share$/],
    [{ world: { rank: 0, size: 3 } }, 'E_LOADER_WORLD', /^a batch of 4 samples cannot be divided evenly over 3 ranks$/],
  ])('refuses %j', async (change, code, message) => {
    await expect(openLoader(asked(await storeOf(clips), change))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('draws from several data sets of one skeleton, and from no others', async () => {
    const place = await storeOf(clips)
    const { skeleton } = entryOf(await readCatalog(), 'h2o')
    const hands = { ...clips[0]!, id: 'h2o/1', dataset: 'h2o', skeleton: skeleton.name, joints: 42, keypoints: new Float32Array(10 * 42 * 3).fill(1), states: new Uint8Array(10 * 42), raw: null, frames: 10, time: clips[0]!.time.slice(0, 10) }
    await writeClips({ storeDir: place.storeDir, dataset: 'h2o', skeletons: [skeleton], clips: [hands, { ...hands, id: 'h2o/2' }] })
    await splitOf(place.storeDir, ['h2o/1', 'h2o/2'], 'h2o')
    await expect(openLoader(asked(place, { datasets: ['penn-action', 'h2o'] }))).rejects.toMatchObject({
      code: 'E_LOADER_SKELETON', message: 'penn-action has joints of penn-13, h2o of hands-42' })
    await expect(openLoader(asked(place, { datasets: ['penn-action', 'h2o'], version: 'newest' }))).rejects.toMatchObject({ message: 'version "newest" of 2 data sets' })
    expect((await batchesOf(asked(place, { datasets: ['penn-action', 'penn-action'] })))).toEqual(await batchesOf(asked(place)))
  })

  test.skipIf(!jpegHere)('has pictures in step with the joints, in threads too (@julusian/jpeg-turbo must be there)', async () => {
    const place = await filmed()
    const here = await batchesOf(place)
    expect(here[0]!.hashes.map(([name]) => name)).toContain('pictures')
    expect(new Set(here.flatMap(({ hashes }) => hashes.filter(([name]) => name === 'pictures').map(([, , hash]) => hash))).size).toBe(here.length)
    expect(await batchesOf({ ...place, workers: 2 })).toEqual(here)
    const small = await batchesOf({ ...place, resize: 60 })
    expect(small.map(({ ids }) => ids)).toEqual(here.map(({ ids }) => ids))
    expect(small).not.toEqual(here)
    expect(await batchesOf({ ...place, resize: 60, workers: 2 })).toEqual(small)
    await expect(openLoader({ ...place, resize: 90, state: small[0]!.state })).rejects.toMatchObject({
      code: 'E_LOADER_STATE', message: 'the loader state belongs to pictures with a short side of 60 px, JPEGs of quality 90, not to pictures with a short side of 90 px, JPEGs of quality 90' })
  })

  test.skipIf(!jpegHere || !existsSync('/proc/self/fd'))('keeps no file of its shards open once it is closed (where the system tells; @julusian/jpeg-turbo must be there)', async () => {
    const place = await filmed()
    const open = await openLoader({ ...place, resize: 60 })
    await fingerprints(open.loader)
    const { folder } = open.shards[0]!.opened
    await open.close()
    const held = (await readdir('/proc/self/fd')).map((descriptor) => readlink(join('/proc/self/fd', descriptor)).catch(() => ''))
    expect((await Promise.all(held)).filter((file) => file.startsWith(folder))).toEqual([])
  })

  test.skipIf(!jpegHere)('bears a picture that cannot be decoded where others may take the place of its clip, made small or not (@julusian/jpeg-turbo must be there)', async () => {
    const place = await filmed(async (rawDir) => {
      const folder = join(rawDir, 'frames', (await readdir(join(rawDir, 'frames')))[0]!)
      for (const name of await readdir(folder)) await writeFile(join(folder, name), undecodable(await readFile(join(folder, name))))
    })
    const asIs = await batchesOf({ ...place, onBad: { policy: 'skip', most: 1 } })
    const small: LoaderRequest = { ...place, resize: 60, onBad: { policy: 'skip', most: 1 } }
    const told: unknown[] = []
    const found = await batchesOf({ ...small, onBad: { policy: 'quarantine', most: 1, tell: (bad) => told.push(bad) } })
    expect(found.map(({ ids }) => ids)).toEqual(asIs.map(({ ids }) => ids))
    expect(await batchesOf({ ...small, workers: 2 })).toEqual(found)
    expect(told).toMatchObject([{ code: 'E_PICTURE_UNREADABLE', clip: expect.stringMatching(/^penn-action/), message: expect.stringMatching(/^the picture of frame \d+ of penn-action\/\d+ \("frames\/.*\.jpg"\) cannot be decoded: libjpeg-turbo finds it damaged or cut off$/) }])
    await expect(batchesOf({ ...small, onBad: { policy: 'fail', most: 1 } })).rejects.toMatchObject({ code: 'E_PICTURE_UNREADABLE' })
    await expect(batchesOf({ ...small, onBad: { policy: 'skip', most: 0 } })).rejects.toMatchObject({ code: 'E_LOADER_BAD_CLIPS' })
  })

  /** A store of four films with embedded pictures, all of them to train on but one; `spoil` may change the raw folder first. */
  async function filmed(spoil?: (rawDir: string) => Promise<void>): Promise<LoaderRequest> {
    const [rawDir, storeDir, twin] = [await temporaryFolder(), await temporaryFolder(), { clips: 4, seed: 1, frames: true }]
    if (spoil === undefined) await cp(await twinStoreOnce('penn-action', twin, 'embed'), storeDir, { recursive: true })
    else {
      await cp(await twinOnce('penn-action', twin), rawDir, { recursive: true })
      await spoil(rawDir)
      await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir, storeDir, jobs: 1, frames: 'embed' })
    }
    await splitOf(storeDir, (await readClips(storeDir, 'penn-action')).map(({ id }) => id))
    const pictures = { width: 24, height: 24, layout: 'nchw', dtype: 'uint8', region: 'box', frames: 3 } as const
    return asked({ storeDir, runsDir: 'none' }, { tensors: { pictures }, views: [[{ name: 'resample' }, { name: 'crop' }, { name: 'flip' }, { name: 'rotate' }]], batch: 2, epochs: 1 })
  }
})

describe('what a training would see', () => {
  test('is described, and how long it would wait', async () => {
    let clock = 0
    const request = asked(await storeOf(clips), { plan: { balance: { by: 'action', power: 0 } } })
    const stats = await loaderStats(request, { seconds: 0.2, stepMs: 30 }, { now: () => (clock += 10), sleep: async (milliseconds) => { clock += milliseconds } })
    expect(stats).toMatchObject({ clips: 10, samplesPerEpoch: 10, steps: 5, leftOut: [{ clips: 1, why: 'cannot be trained on' }], rank: 0, world: 1, inMemory: true, bytesPerSample: expect.any(Number) })
    expect(stats.lists.map(({ label, share }) => [label, share])).toEqual([['pullup', 0.5], ['squat', 0.5]])
    // each of 5 batches: 10 ms until it is there, 30 of the step, 10 until the clock is read again; the first is not counted as waiting
    expect(stats.measured).toMatchObject({ batches: 5, samples: 20, stepMs: 30 })
    expect(stats.measured.waitShare).toBeCloseTo(40 / (4 * 50 + 40), 10)
  })
})

describe('a stream', () => {
  const python = pythonWith('pyarrow')

  test.skipIf(python === null)('of the command line is what the loader hands out', async () => {
    const place = await storeOf(clips)
    const output = join(await temporaryFolder(), 'batches.arrows')
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/run.js', 'stream', 'penn-action', '--store', place.storeDir, '--batch', '4', '--epochs', '2', '--seed', '4', '--output', output, '--json'], { encoding: 'utf8' })
    expect([status, stderr.trim()]).toEqual([0, `5 batches, 20 samples in ${output}`])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, batches: 5, samples: 20, ended: 'done', bad: [], output })
    const ids = JSON.parse(runPython(python!, `
import pyarrow as pa, json
print(json.dumps([[*batch.column('id').to_pylist()] for batch in pa.ipc.open_stream(${JSON.stringify(output)})]))`)) as string[][]
    expect(ids).toEqual((await batchesOf(asked(place))).map((batch) => batch.ids))
  })

  test('says what this rank wrote, and what all did', async () => {
    const output = join(await temporaryFolder(), 'batches.arrows')
    // 10 clips twice, 8 to a batch: the last batch of each of two ranks has the other half of 4
    const result = await streamJob(asked(await storeOf(clips), { batch: 8, lastBatch: 'short', world: { rank: 1, size: 2 } }), { output, stdout: new PassThrough() })
    expect(result).toEqual({ batches: 3, samples: 10, samplesOfAllRanks: 20, rank: 1, world: 2, ended: 'done', bad: [], output })
    expect(streamText(result)).toBe(`3 batches, 10 samples of rank 1 of 2, 20 of all ranks, in ${output}`)
    expect(streamText({ ...result, rank: 0, world: 1 })).toBe(`3 batches, 10 samples in ${output}`)
  })

  test('counts the batches that were taken, and hears where the loader stands after each', async () => {
    let turns = 0
    // takes the schema and two batches, then goes away
    const stdout = new Writable({ writev: (_, done) => done(++turns <= 3 ? null : Object.assign(new Error('gone'), { code: 'EPIPE' })) })
    const taken: number[] = []
    const result = await streamJob(asked(await storeOf(clips)), { output: null, stdout, onTaken: ({ next }) => taken.push(next) })
    expect([taken, result]).toMatchObject([[4, 8], { batches: 2, samples: 8, samplesOfAllRanks: 8, ended: 'closed' }])
  })

  test('whose reader goes away as it is interrupted is interrupted', async () => {
    const stop = new AbortController()
    const stdout = new Writable({ writev: (_, done) => { stop.abort(new Error('stopped')); done(Object.assign(new Error('gone'), { code: 'EPIPE' })) } })
    await expect(streamJob(asked(await storeOf(clips), { signal: stop.signal }), { output: null, stdout })).rejects.toThrow('stopped')
  })

  test('to stdout has the bytes of one to a file', async () => {
    const place = await storeOf(clips)
    const [output, stdout] = [join(await temporaryFolder(), 'batches.arrows'), new PassThrough()]
    const pieces: Buffer[] = []
    stdout.on('data', (piece: Buffer) => pieces.push(Buffer.from(piece)))
    await streamJob(asked(place, { workers: 1 }), { output: null, stdout })
    await streamJob(asked(place), { output, stdout })
    expect(Buffer.concat(pieces).equals(await readFile(output))).toBe(true)
  })
})
