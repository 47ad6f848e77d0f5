import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { decodeSafetensors, encodeSafetensors } from '../../src/engine/index.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { replayJob } from '../../src/jobs/replay.ts'
import { readNameMap, type StartWeights } from '../../src/jobs/start-weights.ts'
import { configOf } from '../../src/jobs/train-config.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { flatten } from '../../src/models/index.ts'
import { readCheckpoint, readWeights, readRun, runFile } from '../../src/train/index.ts'
import { temporaryFolder } from '../store/folder.ts'
import { lastingFolder, storeOf, swinging } from './penn-store.ts'

const clips = Array.from({ length: 6 }, (_, i) => swinging(i))
const settings = ['profile=tiny', 'frames=8', 'batch=5', 'validation=0', 'epochs=1']
const asked = { model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, device: 'cpu', threads: 1 }
const now = () => 0
let place: Awaited<ReturnType<typeof storeOf>>
/** A run's checkpoint, its model, and the parameters it ended with. */
let checkpoint: string
let model: ReturnType<typeof modelOfConfig>['model']
let ended: Float32Array
beforeAll(async () => {
  place = await storeOf(clips, lastingFolder)
  const { run } = await trainJob({ ...place, ...asked, seed: 1, settings }, { now })
  checkpoint = runFile(place.runsDir, run, 'checkpoint')
  model = modelOfConfig('la2ds', configOf(await readRun(place.runsDir, run)), { skeleton: entryOf(await readCatalog(), 'penn-action').skeleton, frames: 8 }).model
  ended = flatten(model.parameters, await readWeights(checkpoint, model))
})

/** The run that begins with weights and learns nothing, and what it has then. */
async function begunWith(init: StartWeights, change: readonly string[] = []) {
  const { run, loss } = await trainJob({ ...place, ...asked, seed: 9, settings: [...settings, 'learningRate=0', 'weightDecay=0', ...change], init }, { now })
  return { run, loss, params: (await readCheckpoint(runFile(place.runsDir, run, 'checkpoint'), model)).params }
}

test('a run begins with the parameters of a checkpoint, whatever its seed, and says so', async () => {
  const { run, params } = await begunWith({ file: checkpoint, names: {} })
  expect(params).toEqual(ended)
  expect((await readRun(place.runsDir, run)).init).toEqual({ file: checkpoint, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, names: { rules: [], skip: [], keep: [] } })
})

test('weights that lie and are called as in PyTorch come by a name map, of YAML or JSON; what is kept is as the seed draws it', async () => {
  const folder = await temporaryFolder()
  const { tensors } = decodeSafetensors(new Uint8Array(await readFile(checkpoint)), checkpoint)
  const turned = Object.entries(tensors).filter(([name]) => !name.startsWith('resume.') && name !== 'head-out.bias').map(([name, { shape, data }]) => {
    const [rows = 1, columns = 1] = shape
    const isLinear = shape.length === 2 && name.endsWith('.weight')
    const other = isLinear ? { shape: [columns, rows], data: data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!) } : { shape, data }
    return [`module.${name}`, other] as const
  })
  const file = join(folder, 'torch.safetensors')
  await writeFile(file, encodeSafetensors({ tensors: { ...Object.fromEntries(turned), 'module.classifier': { shape: [2], data: new Float32Array(2) } }, metadata: {} }))
  const linear = Object.entries(tensors).filter(([name, { shape }]) => shape.length === 2 && name.endsWith('.weight')).map(([name]) => name.replaceAll('.', String.raw`\.`)).join('|')
  const map = { rules: [{ from: String.raw`module\.(${linear})`, to: '$1', transpose: [1, 0] }, { from: String.raw`module\.(.*)`, to: '$1' }], skip: [String.raw`module\.classifier`], keep: [String.raw`head-out\.bias`] }
  await writeFile(join(folder, 'map.json'), JSON.stringify(map))
  await writeFile(join(folder, 'map.yaml'), `rules:\n${map.rules.map(({ from, to, transpose }) => `  - from: '${from}'\n    to: ${to}\n${transpose === undefined ? '' : '    transpose: [1, 0]\n'}`).join('')}skip: ['${map.skip[0]}']\nkeep:\n  - '${map.keep[0]}'\n`)
  const names = await readNameMap(join(folder, 'map.yaml'))
  expect([names, await readNameMap(join(folder, 'map.json'))]).toEqual([map, map])
  const { params } = await begunWith({ file, names })
  // the bias of the last layer, which lies last, is not the trained one
  const bias = tensors['head-out.bias']!.data.length
  expect(params.subarray(0, params.length - bias)).toEqual(ended.subarray(0, params.length - bias))
  expect(params.subarray(-bias)).not.toEqual(ended.subarray(-bias))
})

test('a replay from the start begins with the same weights, and refuses when the file is another one', async () => {
  const file = join(await temporaryFolder(), 'weights.safetensors')
  await writeFile(file, await readFile(checkpoint))
  const { run, loss } = await begunWith({ file, names: {} })
  const again = () => replayJob({ ...place, run, step: 1, check: true, rawDir: null, output: null })
  expect((await again()).check).toMatchObject({ from: 0, loss: loss[0], same: true })
  const bytes = await readFile(file)
  bytes[bytes.length - 3]! ^= 1
  await writeFile(file, bytes)
  await expect(again()).rejects.toMatchObject({ code: 'E_WEIGHTS_CHANGED', hint: 'bring the file back that the run began with' })
})

describe('refuses before there is a run', () => {
  test.each<[string, StartWeights['names'], readonly string[], string]>([
    ['weights of another width, naming the first', {}, ['embedding=16'], '"embedding.weight" is [8, 128], embedding.weight is [8, 16]'],
    ['what the model has not', { rules: [{ from: String.raw`embedding\.(.*)`, to: 'head.$1' }] }, [], '2 tensors are no parameter of the model: embedding.weight (here head.weight), embedding.bias (here head.bias)'],
  ])('%s', async (_, names, change, message) => {
    const before = await readdir(place.runsDir)
    await expect(begunWith({ file: checkpoint, names }, change)).rejects.toMatchObject({ code: 'E_WEIGHTS', message: `${checkpoint}: ${message}` })
    expect(await readdir(place.runsDir)).toEqual(before)
  })

  test('a parameter that the file has as integers, saying so', async () => {
    const file = join(await temporaryFolder(), 'integers.safetensors')
    const bytes = await readFile(checkpoint)
    // 128 numbers of 4 bytes are 64 of 8
    const text = bytes.toString('latin1').replace(/("embedding\.bias":\{"dtype":)"F32","shape":\[128\]/, '$1"I64","shape":[ 64]')
    await writeFile(file, Buffer.from(text, 'latin1'))
    await expect(begunWith({ file, names: {} })).rejects.toMatchObject({
      code: 'E_WEIGHTS', message: `${file}: "embedding.bias" is int64, embedding.bias is a parameter`, hint: 'weights are floating-point numbers: write it as float32, or skip it' })
  })

  test('a file that is not there, or is none', async () => {
    await expect(begunWith({ file: 'nowhere.safetensors', names: {} })).rejects.toMatchObject({ code: 'E_WEIGHTS', message: expect.stringMatching(/^"[^"]*nowhere\.safetensors" cannot be read: ENOENT/) as string })
    await expect(begunWith({ file: 'package.json', names: {} })).rejects.toMatchObject({ code: 'E_SAFETENSORS' })
  })

  test.each([
    ['rules: [{from: a}]', /rules\.0\.to: Invalid input/], ['rule: []', /the map: Unrecognized key: "rule"/], ['rules: [', /map\.yaml: Flow sequence/], ['- a', /the map: Invalid input: expected object/],
    ['rules: [{from: a, to: b, transpose: [-1]}]', /rules\.0\.transpose\.0: Too small/],
  ])('the name map %s', async (text, message) => {
    const file = join(await temporaryFolder(), 'map.yaml')
    await writeFile(file, text)
    await expect(readNameMap(file)).rejects.toMatchObject({ code: 'E_WEIGHTS', message: expect.stringMatching(message) as string })
  })
})
