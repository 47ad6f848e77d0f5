import { describe, expect, test } from 'vitest'
import { add, batchNorm, matmul, mean, mul, ortExecutor, reshape, runningStatistics, sqrt, square, sub, sum, tfjsExecutor } from '../../src/engine/index.ts'
import { modelEncoder } from '../../src/eval/embed.ts'
import { carriedOf, type Model } from '../../src/models/index.ts'
import { type Checkpoint, freshStart, type Loss, readCheckpoint, readWeights, type Step, train, type TrainOptions, writeCheckpoint } from '../../src/train/index.ts'
import { skeleton, exampleClip } from '../transforms/examples.ts'
import { temporaryFolder } from '../store/folder.ts'
import { batches, model, training } from './small-training.ts'

const adamw = { kind: 'adamw', weightDecay: 0.01 } as const
const sgd = { kind: 'sgd' } as const

/** Patches [V, T, 4, 6], per frame summed, normalised over the batch by what is carried under `bn`, times a matrix. */
const normed: Model = {
  name: 'normed', config: {}, widths: { embedding: 8, projection: 8 }, parameters: [{ name: 'w', shape: [6, 8], decay: true, init: { kind: 'uniform', bound: 0.5 } }],
  inputs: (rows, frames) => ({ patches: [rows, frames, 4, 6] }),
  feeds: ({ patches }) => ({ patches: patches! }),
  forward: ({ patches }, params, { training: isTraining }) => {
    const [rows, frames] = patches!.shape as [number, number]
    const { y, state } = batchNorm(sum(reshape(patches!, [rows * frames, 4, 6]), [1]), runningStatistics('bn', 6, params), { training: isTraining, momentum: null, epsilon: 0 })
    const embedding = reshape(matmul(y, params['w']!), [rows, frames, 8])
    return { embedding, projection: embedding, state }
  },
}
const normedStart = freshStart(normed, { seed: 1, loader: training(1).start.loader })
const small = { model: normed, start: normedStart, loss: ({ projection }) => mean(square(projection), [0, 1, 2]) } satisfies Partial<TrainOptions>
/** The same with derivatives that 2^127 makes infinite. */
const loud: Loss = ({ projection }) => mul(mean(square(projection), [0, 1, 2]), 100)

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('stopped after step 3 and gone on with from the file, to the last bit:', () => {
  test.each<[string, Partial<TrainOptions>]>([
    ['micro-batches', { update: { optimiser: adamw, clipNorm: 1, accumulate: 2 } }],
    ['a moving average', { update: { optimiser: adamw, average: { kind: 'exponential', decay: 0.9, warmUp: {} } } }],
    ['the mean of all after the first step', { update: { optimiser: adamw, average: { kind: 'equal', after: 1 } } }],
    ['numbers of the gradient cut', { update: { optimiser: adamw, clipValue: 1e-3 } }],
    ['a loss scale that makes steps skip', { loss: loud, update: { optimiser: adamw, lossScale: { start: 2 ** 127, backoff: 2 ** -60 } } }],
    ['float16', { update: { optimiser: adamw, clipNorm: 1, precision: 'float16', lossScale: { start: 2 ** 20, every: 2 } } }],
    ['micro-batches of float16 and their average', { update: { optimiser: adamw, accumulate: 2, precision: 'float16', average: { kind: 'equal' } } }],
    ['a plateau schedule, within an epoch', { schedule: { kind: 'plateau', learningRate: 0.5, warmUp: 0.2, patience: 0, factor: 0.5 } }],
    ['an encoder of transformers', { model, loss: training(1).loss, start: training(1).start, update: { optimiser: adamw, accumulate: 2, average: { kind: 'equal' } } }],
  ])('%s', async (_title, change) => {
    const file = `${await temporaryFolder()}/checkpoint.safetensors`
    const [about, values] = [change.model ?? normed, [0.3, 0.1, 0.2]]
    const onEpoch: TrainOptions['onEpoch'] = async ({ epoch }) => values[epoch - 1]!
    const steps: Step[] = []
    const whole = await train(training(3, { ...small, ...change, onEpoch, onStep: (step) => steps.push(step) }))
    const stop = new AbortController()
    const again: Step[] = []
    await train(training(3, {
      ...small, ...change, onEpoch, signal: stop.signal, keep: async (checkpoint) => writeCheckpoint(file, checkpoint, { model: about }),
      onStep: (step) => { again.push(step); if (step.step === 3) stop.abort() } }))
    const start = await readCheckpoint(file, about)
    const rest = await train(training(3, { ...small, ...change, onEpoch, start, batches: batches(3, start.loader.next), onStep: (step) => again.push(step) }))
    expect(again).toEqual(steps)
    expect(rest).toEqual(whole)
  })
})

const losses = async (change: Partial<TrainOptions>): Promise<Step[]> => {
  const steps: Step[] = []
  await train(training(3, { ...change, onStep: (step) => steps.push(step) }))
  return steps
}

test('micro-batches are the whole batch', async () => {
  const [whole, parts] = [await losses({ update: { optimiser: sgd } }), await losses({ update: { optimiser: sgd, accumulate: 2 } })]
  expect(parts.map(({ loss }) => loss)).toBeAllclose(whole.map(({ loss }) => loss), { rtol: 1e-4 })
  expect(parts.map(({ gradientNorm }) => gradientNorm!)).toBeAllclose(whole.map(({ gradientNorm }) => gradientNorm!), { rtol: 1e-3 })
})

test('a training whose every update was skipped has failed, and leaves its checkpoint', async () => {
  const kept: Checkpoint[] = []
  const idle = training(1, { ...small, loss: loud, update: { optimiser: adamw, lossScale: { start: 2 ** 127, backoff: 0.999 } }, keep: async (checkpoint) => { kept.push(checkpoint) } })
  await expect(train(idle)).rejects.toMatchObject({
    code: 'E_LOSS', exit: 4, message: expect.stringMatching(/^nothing was trained: the gradient overflowed and the update was skipped in each of 2 steps, the loss scale being 1\.69\d*e\+38 now$/) as string })
  expect([kept.at(-1)!.step, kept.at(-1)!.params]).toEqual([2, normedStart.params])
})

test('float16 rounds, and trains', async () => {
  const [whole, half] = [await losses({}), await losses({ update: { optimiser: adamw, clipNorm: 1, precision: 'float16', lossScale: { start: 1024 } } })]
  expect(half.map(({ loss }) => loss)).toBeAllclose(whole.map(({ loss }) => loss), { rtol: 0.05 })
  expect(half.map(({ loss }) => loss)).not.toEqual(whole.map(({ loss }) => loss))
  await expect(losses({ ...small, executor: tfjsExecutor({ backend: 'cpu' }), update: { optimiser: adamw, precision: 'float16' } })).rejects.toMatchObject({
    code: 'E_DEVICE_OPERATION', message: expect.stringMatching(/^tfjs has no float16/) as string })
})

// timm's ModelEmaV3: the first update copies, then 1 - (1 + t)^(-2/3) is kept, at most the decay
test('a moving average is what validation sees, what is kept as the best, and what stands in the file; training goes on with its own', async () => {
  const update = { optimiser: adamw, average: { kind: 'exponential', decay: 0.5, warmUp: {} } } as const
  const after = async (steps: number): Promise<Checkpoint> => {
    const stop = new AbortController()
    return (await train(training(2, { ...small, update, signal: stop.signal, onStep: ({ step }) => { if (step === steps) stop.abort() } }))).checkpoint
  }
  const [one, two, three] = [await after(1), await after(2), await after(3)]
  const second = one.params.map((value, i) => value * (1 - 2 ** (-2 / 3)) + two.params[i]! * 2 ** (-2 / 3))
  const third = second.map((value, i) => 0.5 * value + 0.5 * three.params[i]!)
  expect(one.states['average']).toEqual(one.params)
  expect(two.states['average']).toBeAllclose(second, { rtol: 1e-6, atol: 1e-7 })
  expect(three.states['average']).toBeAllclose(third, { rtol: 1e-6, atol: 1e-7 })
  const file = `${await temporaryFolder()}/c`
  await writeCheckpoint(file, three, { model: normed })
  expect((await readWeights(file, normed))['w']!.data).toEqual(three.states['average'])
  const { best, states } = (await train(training(1, { ...small, update, onEpoch: async () => 1 }))).checkpoint
  expect(best!.weights['w']!.data).toEqual(states['average'])
  expect((await losses({ ...small, update })).map(({ loss }) => loss)).toEqual((await losses({ ...small, update: { optimiser: adamw } })).map(({ loss }) => loss))
})

// the same batch again and nothing that moves: the first mean loss is the best, and each later epoch one without a better one
test('a plateau schedule goes by the mean loss of each epoch, after its warm-up', async () => {
  const [batch] = await collected(batches(0.5))
  const same = batches(5, 0, (one) => ({ ...one, tensors: batch!.tensors }))
  const schedule = { kind: 'plateau', learningRate: 0.8, warmUp: 0.2, patience: 1, factor: 0.5 } as const
  const steps: Step[] = []
  await train(training(5, { ...small, schedule, batches: same, update: { optimiser: sgd, clipValue: 1e-30 }, onStep: (step) => steps.push(step) }))
  expect(steps.map(({ rate }) => rate)).toBeAllclose([0.4, 0.8, 0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4], { rtol: 1e-12 })
})

describe('a loss scale', () => {
  test('skips a step that overflows under it: nothing moves, the scale is halved, the log has no norm', async () => {
    const steps: Step[] = []
    const stop = new AbortController()
    const onStep = (step: Step): void => { steps.push(step); stop.abort() }
    const { checkpoint } = await train(training(1, { ...small, loss: loud, update: { optimiser: adamw, lossScale: { start: 2 ** 127 } }, onStep, signal: stop.signal }))
    expect(steps).toMatchObject([{ step: 1, gradientNorm: null, lossScale: 2 ** 127 }])
    expect(checkpoint.params).toEqual(normedStart.params)
    expect([checkpoint.states['scale.value'], checkpoint.states['scale.skipped']]).toEqual([Float32Array.of(2 ** 126), Float32Array.of(1)])
  })

  test('does not hide a gradient that no scale makes infinite', async () => {
    // the root of 0 has an infinite derivative, times 0
    const loss: Loss = ({ projection }) => sum(sqrt(sub(projection, projection)), [0, 1, 2])
    await expect(losses({ ...small, loss, update: { optimiser: sgd, lossScale: { start: 1 } } })).rejects.toMatchObject({
      code: 'E_LOSS', message: expect.stringMatching(/^the gradient is NaN at step 1, epoch 0, on clip\/0, clip\/1: /) as string })
  })
})

test('an input of one micro-batch that is not finite is told with the micro-batch', async () => {
  const broken = batches(3, 0, (batch) => {
    batch.tensors['patches']!.data[batch.tensors['patches']!.data.length / 4] = Number.NaN // the second clip's first view
    return batch
  })
  await expect(losses({ batches: broken, update: { optimiser: adamw, accumulate: 2 } })).rejects.toMatchObject({
    message: expect.stringMatching(/^the loss is NaN at step 1, epoch 0, on clip\/0, clip\/1: in micro-batch 2 of 2 input "patches" \[2, 6, 4, 6\] .*, the first at \[0, 0, 0, 0\]/) as string })
})

describe('running statistics', () => {
  test('are those of all batches, are kept with the weights, and begin where weights of another run left them', async () => {
    const { checkpoint } = await train(training(1, small))
    const seen = await collected(batches(1))
    // per channel: the mean over 4 rows x 6 frames of the sum over 4 patches, averaged over both batches
    const means = seen.map(({ tensors }) => Array.from({ length: 6 }, (_, channel) => tensors['patches']!.data.filter((_, i) => i % 6 === channel).reduce((total, value) => total + value, 0) / 24))
    expect(checkpoint.states['bn.mean']).toBeAllclose(means[0]!.map((value, i) => (value + means[1]![i]!) / 2), { rtol: 1e-5 })
    expect(checkpoint.states['bn.batches']).toEqual(Float32Array.of(2))
    const file = `${await temporaryFolder()}/c`
    await writeCheckpoint(file, checkpoint, { model: normed })
    expect((await readWeights(file, normed))['bn.mean']).toEqual({ shape: [6], data: checkpoint.states['bn.mean'] })
    const { checkpoint: gone } = await train(training(1, { ...small, start: { ...normedStart, states: { 'bn.batches': Float32Array.of(7) } } }))
    expect(gone.states['bn.batches']).toEqual(Float32Array.of(9))
  })

  test('are what a trained model computes with: a clip has its embedding whatever stands beside it', async () => {
    const maps = { channels: 'both', size: 4, sigma: 0.5, patch: 2 } as const
    const inputs = { tensors: { heatmaps: maps }, placing: [{ name: 'crop', padding: 0.25 }], viewPlacing: [], padding: 'hidden', maps, numbersPerFrame: 16 * 9, about: {}, preprocessing: {} } as const
    const drawn: Model = { ...normed, inputs: (rows, frames) => ({ patches: [rows, frames, 4, 4 * (skeleton.joints.length + skeleton.edges.length)] }), parameters: [] }
    const wide: Model = {
      ...drawn, forward: ({ patches }, params, { training: isTraining }) => {
        const width = patches!.shape[3]!
        const { y, state } = batchNorm(patches!, runningStatistics('bn', width, params), { training: isTraining, axis: -1, epsilon: 0 })
        const embedding = add(sum(y, [2]), 0)
        return { embedding, projection: embedding, state }
      }, parameters: [{ name: 'unused', shape: [1], decay: false, init: { kind: 'constant', value: 0 } }],
    }
    const carried = carriedOf(wide)
    const unused = { shape: [1], data: new Float32Array(1) }
    const moved = { ...carried, unused, 'bn.mean': { ...carried['bn.mean']!, data: carried['bn.mean']!.data.map(() => 0.5) }, 'bn.variance': { ...carried['bn.variance']!, data: carried['bn.variance']!.data.map(() => 4) } }
    const encoder = modelEncoder({ name: 'wide', model: wide, weights: { ...carried, unused }, executor: ortExecutor({ device: 'cpu', threads: 1 }), inputs, skeleton, frames: 16, longClips: 'own-length' })
    const clips = [exampleClip({ seed: 1, frames: 5 }), exampleClip({ seed: 2, frames: 7 })]
    const [plain] = await encoder.embed(clips)
    expect((await encoder.embed(clips.slice(0, 1)))[0]).toEqual(plain)
    encoder.use(moved)
    const [normalised] = await encoder.embed(clips)
    // of 4 patches: the sum of (x - 0.5) / 2
    expect(normalised!.data).toBeAllclose(plain!.data.map((value) => (value - 2) / 2), { rtol: 1e-5, atol: 1e-6 })
    await encoder.close()
  })
})
