// A stream of the built package, as `posetta stream` writes it, over seven synthetic clips: what python/posetta_stream.py is tested with. `--fail` says so and ends in 4 after two batches.
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
// file by file: dist/loader/index.js loads the store too, which takes longer than all else here, twenty times over
import { createLoader } from '../../dist/loader/loader.js'
import { localMaker } from '../../dist/loader/local-maker.js'
import { sourceOfClips } from '../../dist/loader/memory-source.js'
import { recipeOf } from '../../dist/loader/recipe/recipe-of.js'
import { planOf } from '../../dist/loader/plan/index.js'
import { writeStream } from '../../dist/loader/stream/write-stream.js'

const { values } = parseArgs({ options: { rank: { type: 'string' }, world: { type: 'string' }, state: { type: 'string' }, fail: { type: 'boolean' }, epochs: { type: 'string' } } })
const skeleton = { name: 'two', joints: ['a', 'b'], rawJoints: ['a', 'b'], edges: [[0, 1]], pairs: [[0, 1]] }
const clips = Array.from({ length: 7 }, (_, number) => ({
  id: `stream/${number}`, dataset: 'stream', group: `${number}`, skeleton: 'two', fps: 30, width: 320, height: 240, frames: 4 + number, persons: 1, joints: 2, dims: 2, unit: 'px', source: 'synthetic',
  keypoints: Float32Array.from({ length: (4 + number) * 6 }, (_, i) => 100 * number + i), states: null, raw: null, time: Float32Array.from({ length: 4 + number }, (_, t) => t),
  boxes: null, signals: null, calibration: null, flags: [], files: [],
  labels: { action: null, officialSplit: null, view: null, subject: null, scene: null, camera: null, phases: null, sides: {}, segments: [] },
}))
const source = sourceOfClips(clips)
const recipe = recipeOf({ seed: 5, skeleton, frames: 6, views: [[{ name: 'random-window' }]], points: { persons: 1, dims: 2 } })
const world = { rank: Number(values.rank ?? 0), size: Number(values.world ?? 1) }
const loader = createLoader({
  plan: planOf({ seed: 5 }, source.clips), split: 'aa', root: 'bb', batchSize: 4, epochs: Number(values.epochs ?? 3), world,
  ...(values.state === undefined ? {} : { state: JSON.parse(values.state) }), maker: () => localMaker({ source, recipe }),
})

async function* failing() {
  let handedOut = 0
  for await (const batch of loader) {
    if (values.fail && handedOut++ === 2) {
      process.stderr.write('E_TEST: the disk is on fire\n')
      process.exit(4)
    }
    yield batch
  }
}
await writeStream({ batches: failing(), layout: recipe.layout(1), about: { seed: 5 }, sink: createWriteStream('', { fd: 1 }) })
