import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../src/errors.ts'
import { readCheckpoint, type Step, train, writeCheckpoint } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { batches, model, training } from './small-training.ts'

test('lowers the loss', async () => {
  const steps: Step[] = []
  await train(training(10, { onStep: (step) => steps.push(step) }))
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(steps.at(-1)!.loss).toBeLessThan(0.5 * steps[0]!.loss)
})

describe('resuming', () => {
  test('after a stop at step 3 of 6, from the file: parameters and moments equal to the last bit', async () => {
    const file = `${await temporaryFolder()}/checkpoint.safetensors`
    const whole = await train(training(3))
    const stop = new AbortController()
    const keep = async (checkpoint: Parameters<typeof writeCheckpoint>[1]) => writeCheckpoint(file, checkpoint, { model })
    const { ended } = await train(training(3, { signal: stop.signal, keep, onStep: ({ step }) => { if (step === 3) stop.abort() } }))
    const start = await readCheckpoint(file, model)
    expect([ended, start.step, start.loader.next]).toEqual(['interrupted', 3, 6])
    const rest = await train(training(3, { start, batches: batches(3, start.loader.next) }))
    expect(rest).toEqual(whole)
  })

  test('keeps the best parameters and how long ago they were', async () => {
    const values = [0.1, 0.4, 0.3, 0.2]
    const onEpoch = async ({ epoch }: { epoch: number }) => values[epoch - 1]!
    const whole = await train(training(4, { onEpoch }))
    const half = await train({ ...training(4, { onEpoch }), batches: batches(3) })
    const rest = await train(training(4, { onEpoch, start: half.checkpoint, batches: batches(4, 12) }))
    expect(rest).toEqual(whole)
    expect(whole.checkpoint).toMatchObject({ best: { epoch: 2, step: 4, value: 0.4 }, stale: 2 })
  })
})

test('the best parameters are those of the epoch with the highest value, and patience ends the training', async () => {
  const seen: Float32Array[] = []
  const values = [0.5, 0.2, null, 0.3, 0.9]
  const { checkpoint, ended } = await train(training(5, {
    patience: 2, onEpoch: async ({ epoch, params }) => {
      seen.push(params)
      return values[epoch - 1]!
    },
  }))
  expect([ended, checkpoint.step, seen.length]).toEqual(['early', 8, 4])
  expect(checkpoint.best!.params).toEqual(seen[0])
  expect(checkpoint.params).toEqual(seen[3])
})

test('a loss that is no number stops with the step and its clips, and nothing is kept', async () => {
  let kept = 0
  const broken = batches(3, 0, (batch) => {
    if (batch.state.next === 6) batch.tensors['patches']!.data[0] = Number.NaN
    return batch
  })
  await expect(train(training(3, { batches: broken, keep: async () => { kept++ } }))).rejects.toThrow(
    new ToolkitError('E_LOSS', 'the loss is NaN at step 3, epoch 1, on clip/4, clip/5', {
      exit: 4, hint: 'try a smaller learningRate; the checkpoint from before this epoch is untouched' }))
  expect(kept).toBe(1)
})
