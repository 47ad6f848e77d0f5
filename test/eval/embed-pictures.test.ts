import { expect, onTestFinished, test } from 'vitest'
import type { Clip } from '../../src/clip.ts'
import { ortExecutor, reshape } from '../../src/engine/index.ts'
import { modelEncoder } from '../../src/eval/embed.ts'
import { backwards, viewOf } from '../../src/eval/views.ts'
import { createPictures } from '../../src/loader/frames/index.ts'
import { filmPictures, openTrainingShards, shardQuality, sourceOfClips, storedFrames } from '../../src/loader/index.ts'
import { picturesOf } from '../../src/loader/shards/index.ts'
import type { Model } from '../../src/models/index.ts'
import { randomAt } from '../../src/random.ts'
import { readClips } from '../../src/store/index.ts'
import { chainOf, window } from '../../src/transforms/index.ts'
import { jpegHere } from '../jpeg.ts'
import { twinStoreOnce } from '../made-once.ts'
import { temporaryFolder } from '../store/folder.ts'
import { skeleton } from '../transforms/examples.ts'

const pictures = { width: 12, height: 12, layout: 'nchw', dtype: 'float32', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], region: 'box', frames: 'every' } as const
const placing = [{ name: 'crop', padding: 0.25 }] as const
/** Answers the pictures that it is fed as its embeddings. */
const mirror: Model = {
  name: 'mirror', config: {}, parameters: [{ name: 'none', shape: [1], init: { kind: 'constant', value: 0 }, decay: false }], widths: { embedding: 432, projection: 432 },
  inputs: (rows, frames) => ({ pictures: [rows, frames, 3, 12, 12] }), feeds: ({ pictures }) => ({ pictures: pictures! }),
  forward: ({ pictures }) => ({ embedding: reshape(pictures!, [...pictures!.shape.slice(0, 2), 432]), projection: pictures! }),
}

async function opened(): Promise<{ storeDir: string; clip: Clip }> {
  const storeDir = await twinStoreOnce('penn-action', { clips: 2, seed: 1, frames: true }, 'embed')
  return { storeDir, clip: (await readClips(storeDir, 'penn-action'))[1]! }
}

/** Pictures of a clip as the store has them, within the box of its joints, by way of nothing that evaluates. */
async function drawn(storeDir: string, seen: Clip, recorded: Clip): Promise<Float32Array> {
  const kernel = createPictures(pictures)
  const placed = { clip: chainOf(placing, { skeleton, frames: 64 })(seen, randomAt({ seed: 0 })), row: 0, recorded }
  const out = new Float32Array(seen.frames * 432)
  kernel.draw(placed, await kernel.prepare([placed], storedFrames({ storeDir }, sourceOfClips([recorded]).clips)), out)
  return out
}

test.skipIf(!jpegHere)('a view is embedded with the recorded frames that it shows, in its own box, forwards and backwards (@julusian/jpeg-turbo must be there)', async () => {
  const { storeDir, clip } = await opened()
  const encoder = modelEncoder({
    name: 'mirror', model: mirror, weights: { none: { shape: [1], data: new Float32Array(1) } }, executor: ortExecutor({ device: 'cpu', threads: 1 }), skeleton, frames: 64, longClips: 'own-length',
    inputs: { tensors: { pictures }, placing, viewPlacing: [], padding: 'hidden', maps: null, numbersPerFrame: 432, about: {}, preprocessing: {} }, films: filmPictures({ storeDir }, null) })
  onTestFinished(encoder.close)
  const view = viewOf(clip, 9, 20)
  const [forth, back, whole] = await encoder.embed([view.clip, backwards(view).clip, clip])
  const expected = await drawn(storeDir, window(clip, 9, 20), clip)
  expect(forth!.data).toBeAllclose(expected, { atol: 0.02 })
  expect(back!.data.slice(0, 432)).toEqual(forth!.data.slice(-432))
  expect(whole!.data).toEqual(await drawn(storeDir, clip, clip))
  expect(new Set(Array.from({ length: 11 }, (_, t) => forth!.data.slice(432 * t, 432 * (t + 1)).join())).size).toBeGreaterThan(5)
})

test.skipIf(!jpegHere)('made small they are the pictures of training shards, byte for byte', async () => {
  const { storeDir, clip } = await opened()
  const { opened: shards, close } = await openTrainingShards({ storeDir, dataset: 'penn-action', memoryBytes: 0, pictures: { short: 40, quality: shardQuality }, cacheDir: await temporaryFolder() })
  const { row, source } = filmPictures({ storeDir }, { short: 40, quality: shardQuality })
  const [at, frames] = [row(clip), [3, 0, 7]]
  const ready = await source.prepare!([{ row: at, frames }])
  for (const frame of frames) expect(ready.jpeg(at, frame)).toEqual(picturesOf(shards)!.jpeg(1, frame))
  expect(ready.size!(at, clip)).toEqual(picturesOf(shards)!.size!(1, clip))
  expect(row(clip)).toBe(at)
  await close()
})
