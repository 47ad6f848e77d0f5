import { describe, expect, test } from 'vitest'
import { log, mean } from '../../src/engine/index.ts'
import { unflatten, type Weights } from '../../src/models/index.ts'
import { type Loss, readCheckpoint, type Step, train, writeCheckpoint } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { batches, model, training } from './small-training.ts'

test('lowers the loss', async () => {
  const steps: Step[] = []
  await train(training(10, { onStep: (step) => steps.push(step) }))
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(steps.at(-1)!.loss).toBeLessThan(0.5 * steps[0]!.loss)
})

test('says how long each step took and how much of it was waiting for its batch', async () => {
  let clock = 0
  async function* slow() {
    for await (const batch of batches(1)) {
      clock += 300
      yield batch
    }
  }
  const seen: unknown[] = []
  await train(training(1, { batches: slow(), now: () => clock += 100, onStep: (_, took) => seen.push(took), onEpoch: async () => { clock += 5000; return null } }))
  // 300 ms for the batch, and each look at the clock takes 100
  expect(seen).toEqual(Array.from({ length: 2 }, () => ({ seconds: 0.5, waitSeconds: 0.4, samples: 2 })))
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
  const seen: Weights[] = []
  const values = [0.5, 0.2, null, 0.3, 0.9]
  const { checkpoint, ended } = await train(training(5, {
    patience: 2, onEpoch: async ({ epoch, weights }) => {
      seen.push(weights)
      return values[epoch - 1]!
    },
  }))
  expect([ended, checkpoint.step, seen.length]).toEqual(['early', 8, 4])
  expect(checkpoint.best!.weights).toEqual(seen[0])
  expect(unflatten(model.parameters, checkpoint.params)).toEqual(seen[3])
})

test('a loss that is no number stops with the step and its clips, and nothing is kept', async () => {
  let kept = 0
  const broken = batches(3, 0, (batch) => {
    if (batch.state.next === 6) batch.tensors['patches']!.data[0] = Number.NaN
    return batch
  })
  const adviceOn = (step: number) => `posetta replay a-run ${step} shows the batch`
  await expect(train(training(3, { batches: broken, adviceOn, keep: async () => { kept++ } }))).rejects.toMatchObject({
    code: 'E_LOSS', exit: 4, hint: 'posetta replay a-run 3 shows the batch; look at what is fed as "patches"; the checkpoint from before this epoch is untouched',
    message: expect.stringMatching(new RegExp('^the loss is NaN at step 3, epoch 1, on clip/4, clip/5: input "patches" \\[4, 6, 4, 6\\] \\(step-program.ts:[0-9]+\\) was fed as the first of '
      + 'the forward pass that is not finite: 1 NaN of 576 numbers, the first at \\[0, 0, 0, 0\\], else ')) as string })
  expect(kept).toBe(1)
})

test('a loss that breaks inside is told with the operation, the line that made it and what it was given', async () => {
  const loss: Loss = ({ projection }) => mean(log(projection), [0, 1, 2])
  await expect(train(training(3, { loss }))).rejects.toThrow(
    /^the loss is NaN at step 1, epoch 0, on clip\/0, clip\/1: log \[4, 6, 8\] \(train\.test\.ts:\d+\) is the first of the forward pass that is not finite: \d+ NaN of 192 numbers, .*; computed from reshape \[4, 6, 8\] \(temporal-model\.ts:\d+\): -/)
})

test('a rate that throws the parameters out of float32 stops the run at the next step, and they are not kept', async () => {
  let kept = 0
  const schedule = { kind: 'constant', learningRate: 3e38, warmUp: 0 } as const
  await expect(train(training(3, { schedule, keep: async () => { kept++ } }))).rejects.toMatchObject({ code: 'E_LOSS' })
  expect(kept).toBe(0)
})

test('parameters that are not finite are never kept, though the loss that was computed before is', async () => {
  let kept = 0
  const schedule = { kind: 'constant', learningRate: 1e39, warmUp: 0 } as const
  await expect(train(training(1, { schedule, batches: batches(0.5), keep: async () => { kept++ } }))).rejects.toMatchObject({
    code: 'E_LOSS', message: expect.stringMatching(/^parameter "patch\.in-norm\.gain" \[6\] \(6 of 6 numbers\) and .* and \d+ more were not finite after step 1, though its loss and gradient were$/) as string })
  expect(kept).toBe(0)
})
