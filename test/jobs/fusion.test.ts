import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { encodeSafetensors, type NameMap } from '../../src/engine/index.ts'
import { evalJob } from '../../src/jobs/eval.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { replayJob } from '../../src/jobs/replay.ts'
import { checkedWeights, startOf } from '../../src/jobs/start-weights.ts'
import { trainConfig } from '../../src/jobs/train-config.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { unflatten, weightShapes } from '../../src/models/index.ts'
import { readClips } from '../../src/store/index.ts'
import { sizeOf } from '../../src/tensor.ts'
import { jpegHere } from '../jpeg.ts'
import { twinStoreOnce } from '../made-once.ts'
import { textOf } from '../sources.ts'
import { temporaryFolder } from '../store/folder.ts'
import { lastingFolder, splitOf } from './penn-store.ts'

const tiny = ['profile=tiny', 'rgb.network=tiny', 'rgb.size=16', 'rgb.short=32', 'frames=16', 'batch=3', 'epochs=1', 'validation=0']
const asked = { dataset: 'penn-action', split: 'official', action: 'tennis_serve', seed: 1, device: 'cpu', threads: 1 }
const now = () => 0
let place: { storeDir: string; runsDir: string }
beforeAll(async () => {
  place = { storeDir: await lastingFolder(), runsDir: await lastingFolder() }
  await cp(await twinStoreOnce('penn-action', { clips: 5, seed: 1, frames: true, ball: true }, 'embed'), place.storeDir, { recursive: true })
  await splitOf(place.storeDir, (await readClips(place.storeDir, 'penn-action')).map(({ id }) => id), 'penn-action', 2)
})

describe.skipIf(!jpegHere)('with pictures (@julusian/jpeg-turbo must be there)', () => {
  const trained = (model: string, settings: readonly string[]) => trainJob({ ...place, ...asked, model, settings }, { now })

  test.each([['rgb', 'mid'], ['la2ds-rgb', 'early'], ['la2ds-rgb', 'late']])('%s trains, %s, and its steps can be replayed to the last bit', async (model, level) => {
    const { run, loss, steps } = await trained(model, [...tiny, ...(model === 'rgb' ? [] : [`fusion.level=${level}`])])
    expect([steps, loss.every(Number.isFinite)]).toEqual([1, true])
    expect((await replayJob({ ...place, run, step: 1, check: true, rawDir: null, output: null })).check).toMatchObject({ loss: loss[0], same: true })
  })

  test('joints alone, pictures alone and both stand side by side in an evaluation', async () => {
    const { run: joints } = await trained('la2ds', tiny.filter((one) => !one.startsWith('rgb.')))
    const { run: both } = await trained('la2ds-rgb', [...tiny, 'rgb.norm=batch'])
    const { measures } = await evalJob({ ...place, run: both, baseline: joints, metrics: ['re-cut-cycle-skill'], protocol: 'quick' })
    const values = measures.filter(({ metric }) => metric === 're-cut-cycle-skill').map(({ encoder, value }) => [encoder, typeof value])
    expect(values).toEqual(expect.arrayContaining([['la2ds-rgb', 'number'], [`baseline/${joints}`, 'number'], ['baseline/untrained', 'number']]))
  })
})

test('a ResNet of PyTorch\'s names begins the encoder of pictures, by the name map of the documentation', async () => {
  const settings = ['profile=tiny', 'rgb.network=resnet-18', 'rgb.norm=batch']
  const { model } = modelOfConfig('rgb', trainConfig(settings), { skeleton: entryOf(await readCatalog(), 'penn-action').skeleton, frames: 8 })
  const theirName = (name: string): string => name.slice('rgb.'.length).replace(/\.mean$/, '.running_mean').replace(/\.variance$/, '.running_var')
  const named = weightShapes(model).filter(({ name }) => /^rgb\.(?!out)/.test(name) && !name.endsWith('.batches'))
  const tensors = Object.fromEntries(named.map(({ name, shape }, at) => [theirName(name), { shape, data: new Float32Array(sizeOf(shape)).fill(at + 1) }]))
  // conv1 and bn1; 8 blocks of two convolutions with norms; 3 that are projected: 20 x (1 weight + 4 of its norm)
  expect([named.length, 'layer4.1.bn2.running_var' in tensors, 'layer2.0.downsample.1.running_mean' in tensors]).toEqual([100, true, true])
  const file = join(await temporaryFolder(), 'resnet18.safetensors')
  await writeFile(file, encodeSafetensors({ tensors: { ...tensors, 'fc.weight': { shape: [10, 512], data: new Float32Array(5120) }, 'fc.bias': { shape: [10], data: new Float32Array(10) } }, metadata: {} }))
  const names = parse(/```yaml\n([\s\S]*?)```/.exec(textOf('docs/fusion.md'))![1]!) as NameMap
  const start = await startOf({ seed: 1, init: await checkedWeights({ file, names }, model) }, model, { format: 1, split: '0', root: '0', seed: 1, epoch: 0, next: 0 })
  const params = unflatten(model.parameters, start.params)
  const found = named.map(({ name }, at) => (params[name]?.data ?? start.states[name])!.every((value) => value === at + 1))
  expect(found).toEqual(named.map(() => true))
  expect(new Set(params['rgb.out.weight']!.data).size).toBeGreaterThan(100)
})
