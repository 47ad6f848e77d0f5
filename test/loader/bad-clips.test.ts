import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/errors.ts'
import { type BadClip, createLoader, localMaker, type OnBad, orderOf, planOf, type Recipe, type RecipeSpec, recipeOf, sourceOfClips } from '../../src/loader/index.ts'
import { exampleClip, skeleton } from '../transforms/examples.ts'
import { all, idsOnly } from './loaders.ts'

const source = sourceOfClips(Array.from({ length: 8 }, (_, i) => exampleClip({ seed: i + 1, frames: 4 })))

/** A loader whose clips of the given rows cannot be read. */
function loader({ broken, batchSize = 4, ahead = 1, ...rest }: { broken: readonly number[]; batchSize?: number; ahead?: number; onBad?: OnBad; error?: Error }) {
  const { onBad = { policy: 'fail' }, error = new ToolkitError('E_TEST', 'cannot be read') } = rest
  const damaged = { ...source, read: (row: number) => { if (broken.includes(row)) throw error; return source.read(row) } }
  return createLoader({
    plan: planOf({ seed: 5 }, source.clips), split: 'split', root: 'root', batchSize, epochs: 3, onBad, maker: () => ({ ...localMaker({ source: damaged, recipe: idsOnly }), ahead }) })
}

test('a clip that cannot be read ends the loader as it is told to by default', async () => {
  await expect(all(loader({ broken: [2] }))).rejects.toMatchObject({ code: 'E_TEST', message: 'cannot be read' })
})

test('skipped, it is replaced by a good clip and everything else stays where it is', async () => {
  const whole = (await all(loader({ broken: [] }))).flatMap(({ ids }) => ids)
  const skipping = loader({ broken: [2, 6], onBad: { policy: 'skip' } })
  const seen = (await all(skipping)).flatMap(({ ids }) => ids)
  const isBroken = (id: string | undefined) => id === source.clips.id(2) || id === source.clips.id(6)
  expect(seen.length).toBe(24)
  expect(seen.some(isBroken)).toBe(false)
  expect(seen.filter((_, i) => !isBroken(whole[i]))).toEqual(whole.filter((id) => !isBroken(id)))
  expect(skipping.bad.map(({ row, code }) => [row, code]).sort()).toEqual([[2, 'E_TEST'], [6, 'E_TEST']])
})

test('what it is replaced by depends on the sample alone, not on the batches around it', async () => {
  const idsOf = async (batchSize: number) => (await all(loader({ broken: [0, 3], batchSize, onBad: { policy: 'skip' } }))).flatMap(({ ids }) => ids)
  expect(await idsOf(6)).toEqual(await idsOf(4))
  expect(await idsOf(1)).toEqual(await idsOf(4))
})

test('a damaged index that is met as clips are named is healed, and the batch made once more', async () => {
  let [isDamaged, healed] = [true, 0]
  const damaged = { ...source, clips: { ...source.clips, id: (row: number) => { if (isDamaged) throw new ToolkitError('E_SHARD_DAMAGED', 'ids'); return source.clips.id(row) } } }
  const heal = async () => { isDamaged = false; healed++ }
  const batches = await all(createLoader({
    plan: planOf({ seed: 5 }, source.clips), split: 'split', root: 'root', batchSize: 4, epochs: 3, heal, maker: () => localMaker({ source: damaged, recipe: idsOnly }) }))
  expect([healed, batches.flatMap(({ ids }) => ids)]).toEqual([1, (await all(loader({ broken: [] }))).flatMap(({ ids }) => ids)])
})

test('in quarantine it is told of once', async () => {
  const told: BadClip[] = []
  await all(loader({ broken: [1], onBad: { policy: 'quarantine', tell: (bad) => told.push(bad) } }))
  expect(told).toEqual([{ row: 1, code: 'E_TEST', message: 'cannot be read' }])
})

test('more bad clips than are borne end the loader', async () => {
  await expect(all(loader({ broken: [1, 2, 3], onBad: { policy: 'skip', most: 2 } }))).rejects.toMatchObject({
    code: 'E_LOADER_BAD_CLIPS', message: '3 clips could not be read (E_TEST), the last: cannot be read' })
  await expect(all(loader({ broken: [0, 1, 2, 3, 4, 5, 6, 7], onBad: { policy: 'skip', most: 7 } }))).rejects.toMatchObject({ code: 'E_LOADER_BAD_CLIPS' })
})

describe.each([1, 2, 12])('with %d batches made ahead', (ahead) => {
  // rows in the order of the first epoch, two to a batch: the second batch has one bad clip, the fourth another two
  const order = Array.from({ length: 8 }, (_, position) => orderOf(8, { seed: 5, epoch: 0 })(position))
  const broken = [order[2]!, order[6]!, order[7]!]

  test('only clips of batches that were handed out are told of', async () => {
    const told: number[] = []
    const left = loader({ broken, batchSize: 2, ahead, onBad: { policy: 'quarantine', most: 1, tell: ({ row }) => told.push(row) } })
    for await (const { state } of left) if (state.next === 6) break
    expect([told, left.bad.map(({ row }) => row)]).toEqual([[order[2]], [order[2]]])
  })

  test('one bad clip too many ends the loader at its own batch', async () => {
    const capped = loader({ broken, batchSize: 2, ahead, onBad: { policy: 'skip', most: 1 } })
    await expect(all(capped)).rejects.toMatchObject({ code: 'E_LOADER_BAD_CLIPS', message: '2 clips could not be read (E_TEST), the last: cannot be read' })
    expect([capped.state().next, capped.bad.map(({ row }) => row)]).toEqual([6, [order[2], order[6]]])
  })
})

test('of a pair, the clip that is bad is told of, not the one beside it', async () => {
  const told: BadClip[] = []
  const given = Array.from({ length: 8 }, (_, i) => ({ ...exampleClip({ seed: i + 1, frames: 4 }), group: `g${i}` }))
  const whole = sourceOfClips(given)
  const damaged = { ...whole, read: (row: number) => { if (row === 3) throw new ToolkitError('E_TEST', 'cannot be read'); return whole.read(row) } }
  const spec: RecipeSpec = { seed: 5, skeleton, frames: 4, views: [[], []], points: { persons: 1, dims: 2 } }
  const paired = createLoader({
    plan: planOf({ seed: 5, pairs: { same: 'action', differs: 'group' } }, whole.clips), split: 'split', root: 'root', batchSize: 4, epochs: 4,
    onBad: { policy: 'quarantine', tell: (bad) => told.push(bad) }, maker: () => localMaker({ source: damaged, recipe: recipeOf(spec) }) })
  const seen = (await all(paired)).flatMap(({ ids, partners }) => [...ids, ...partners!])
  expect([told.map(({ row }) => row), seen.includes(whole.clips.id(3)), seen.length]).toEqual([[3], false, 64])
})

test('a clip of a batch that an abort keeps back is not told of: whoever resumes meets it again', async () => {
  const [stop, told] = [new AbortController(), [] as BadClip[]]
  const first = planOf({ seed: 5 }, source.clips).sampleAt(0).row
  const damaged = { ...source, read: (row: number) => { if (row === first) throw new ToolkitError('E_TEST', 'cannot be read'); return source.read(row) } }
  // long enough for the loader to let others have their turn before it hands the batch out; one of them is the abort
  const slow: Recipe = { ...idsOnly, draw: (...given) => { idsOnly.draw(...given); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); setImmediate(() => stop.abort(new Error('enough'))) } }
  const loader = createLoader({
    plan: planOf({ seed: 5 }, source.clips), split: 'split', root: 'root', batchSize: 1, epochs: 1, signal: stop.signal,
    onBad: { policy: 'quarantine', tell: (bad) => told.push(bad) }, maker: () => localMaker({ source: damaged, recipe: slow }) })
  await expect(all(loader)).rejects.toThrow('enough')
  expect([loader.state().next, told, loader.bad]).toEqual([0, [], []])
})

test('where every clip is bad the loader ends, however many are borne', async () => {
  await expect(all(loader({ broken: [0, 1, 2, 3, 4, 5, 6, 7], onBad: { policy: 'skip', most: 1000 } }))).rejects.toMatchObject({
    code: 'E_LOADER_BAD_CLIPS', message: '100 tries found no clip that can be read in place of another; 8 could not be (E_TEST), the last: cannot be read' })
})

test('what the machine lacks is no fault of clips, and ends the loader in its own code', async () => {
  for (const code of ['E_JPEG_DECODER', 'E_FFMPEG_MISSING', 'E_FFMPEG_OLD']) {
    await expect(all(loader({ broken: [1], onBad: { policy: 'skip' }, error: new ToolkitError(code, 'not here') }))).rejects.toMatchObject({ code, message: 'not here' })
  }
})

test('our own bug is never skipped', async () => {
  await expect(all(loader({ broken: [1], error: new Error('a bug'), onBad: { policy: 'skip' } }))).rejects.toThrow('a bug')
})
