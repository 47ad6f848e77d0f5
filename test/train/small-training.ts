import type { Batch, LoaderState } from '../../src/batch.ts'
import { ortExecutor } from '../../src/engine/index.ts'
import { la2ds, la2dsDefaults } from '../../src/models/index.ts'
import { randomAt } from '../../src/random.ts'
import { freshStart, softMatch, type TrainOptions } from '../../src/train/index.ts'

const [clips, frames, tokens, patchInputs] = [2, 6, 4, 6]

/** An encoder small enough for tests. */
export const model = la2ds({ ...la2dsDefaults, tokens, patchInputs, width: 8, heads: 2, spatialLayers: 1, temporalLayers: 1, embedding: 8, position: 'index' })

const stateOf = (next: number): LoaderState => ({ format: 1, split: 'a', root: 'b', seed: 0, epoch: Math.floor(next / 4), next })

/** Batches of 2 clips from sample `next` on, 4 clips an epoch: both views the same noise, which a frame's surroundings tell apart. */
export async function* batches(epochs: number, next = 0, change: (batch: Batch) => Batch = (batch) => batch): AsyncGenerator<Batch> {
  for (let first = next; first < 4 * epochs; first += clips) {
    const random = randomAt({ seed: 3, position: first })
    const view = Array.from({ length: clips * frames * tokens * patchInputs }, random.uniform)
    const time = Array.from({ length: 2 * clips * frames }, (_, i) => i % frames)
    yield change({
      ids: [`clip/${first}`, `clip/${first + 1}`], epoch: Math.floor(first / 4), state: stateOf(first + clips), bytes: {},
      tensors: {
        patches: { shape: [2 * clips, frames, tokens, patchInputs], data: Float32Array.from([...view, ...view]) },
        mask: { shape: [2 * clips, frames], data: new Float32Array(2 * clips * frames).fill(1) },
        time: { shape: [2 * clips, frames], data: Float32Array.from(time) },
        length: { shape: [2 * clips], data: new Float32Array(2 * clips).fill(frames) },
      },
    })
  }
}

/** Training over `epochs` epochs of two steps. */
export function training(epochs: number, change: Partial<TrainOptions> = {}): TrainOptions {
  const start = freshStart(model, { seed: 1, loader: stateOf(0) })
  return {
    model, start, rows: 2 * clips, frames, steps: 2 * epochs, batches: batches(epochs), update: { optimiser: { kind: 'adamw', weightDecay: 0.01 }, clipNorm: 1 },
    loss: softMatch({ temperature: 0.1, variance: 1, unit: 'frames', window: 64, outside: 'matched', floor: 0 }),
    executor: ortExecutor({ device: 'cpu', threads: 1 }), schedule: { kind: 'one-cycle', learningRate: 1e-2, warmUp: 0.3 }, ...change,
  }
}
