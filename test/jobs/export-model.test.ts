import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import type { Clip } from '../../src/clip.ts'
import { decodeSafetensors } from '../../src/engine/index.ts'
import { exportModelJob, type ExportModelRequest } from '../../src/jobs/export-model.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { runEncoder } from '../../src/jobs/run-encoder.ts'
import { configOf } from '../../src/jobs/train-config.ts'
import { trainJob } from '../../src/jobs/train.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf } from '../../src/tensor.ts'
import { readWeights, readRun, runFile, type RunRecord } from '../../src/train/index.ts'
import { chainOf, crop, drawHeatmaps, setCoordinates, setGridPoints } from '../../src/transforms/index.ts'
import { pythonWith, runPython } from '../python.ts'
import { isInstalled } from '../installed.ts'
import { temporaryFolder } from '../store/folder.ts'
import { lastingFolder, storeOf, swinging } from './penn-store.ts'

const clips = [...Array.from({ length: 6 }, (_, i) => swinging(i)), swinging(90)]
const settings = ['profile=tiny', 'frames=16', 'batch=3', 'validation=0', 'epochs=2']
let place: Awaited<ReturnType<typeof storeOf>>
let record: RunRecord
beforeAll(async () => {
  place = await storeOf(clips, lastingFolder)
  record = await readRun(place.runsDir, await trained(settings))
})

async function trained(settings: readonly string[]): Promise<string> {
  return (await trainJob({ ...place, model: 'la2ds', dataset: 'penn-action', split: 'official', action: null, seed: 1, device: 'cpu', settings, threads: 1 }, { now: () => 0 })).run
}

/** A clip as the graph is fed it: its box, drawn, and the mask, with `frames` frames of room. */
async function fedOf(clip: Clip, inputs: 'patches' | 'points', frames: number) {
  const { skeleton } = entryOf(await readCatalog(), 'penn-action')
  const config = { ...configOf(record), inputs }
  const { model, inputs: { maps } } = modelOfConfig('la2ds', config, { skeleton, frames: record.frames })
  const boxed = crop({ padding: config.padding })(clip, randomAt({ seed: 0 }))
  const shape = model.inputs(1, frames)[inputs]!
  const data = new Float32Array(sizeOf(shape))
  if (inputs === 'patches') drawHeatmaps(boxed, { skeleton, ...maps! }, data)
  else setGridPoints(boxed, { persons: 1, size: maps!.size }, data)
  return { [inputs]: { shape, data }, mask: { shape: [1, frames], data: new Float32Array(frames).fill(1, 0, clip.frames) } }
}

const exported = async (change: Partial<ExportModelRequest> = {}) => {
  const output = join(await temporaryFolder(), 'model.onnx')
  return exportModelJob({ runsDir: place.runsDir, run: record.run, catalogFiles: [], output, rows: 1, frames: null, inputs: null, ...change })
}

/** What eval makes of a clip. */
async function embedded(clip: Clip, run = record.run): Promise<Float32Array> {
  const { encoder } = await runEncoder({ runsDir: place.runsDir, run })
  const [found] = await encoder.embed([clip])
  await encoder.close()
  return found!.data
}

describe('the graph as ONNX', () => {
  test.each([['patches', 16, 1e-6], ['patches', 24, 1e-6], ['points', 16, 1e-4]] as const)('fed %s of %d frames answers what eval makes of a clip, in Node', async (inputs, frames, atol) => {
    const { output, parameters, inputs: named, outputs } = await exported({ inputs, frames })
    // without the projection, which only the loss sees
    const { model } = modelOfConfig('la2ds', configOf(record), { skeleton: entryOf(await readCatalog(), 'penn-action').skeleton, frames: record.frames })
    expect(parameters).toBe(model.parameters.filter(({ name }) => !name.startsWith('head-')).reduce((sum, { shape }) => sum + sizeOf(shape), 0))
    const session = await ort.InferenceSession.create(output)
    expect([session.inputNames, session.outputNames, named.map(({ name }) => name), outputs[0]!.shape]).toEqual([[inputs, 'mask'], ['embedding'], [inputs, 'mask'], [1, frames, 128]])
    for (const clip of [swinging(3), swinging(50, { frames: 16 }), swinging(51, { frames: 1 })]) {
      const fed = Object.entries(await fedOf(clip, inputs, frames)).map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)])
      const { embedding } = await session.run(Object.fromEntries(fed) as Record<string, ort.Tensor>)
      const expected = await embedded(clip)
      expect((embedding!.data as Float32Array).subarray(0, expected.length)).toBeAllclose(expected, { atol, rtol: 0 })
    }
    await session.release()
  })

  test.each(['learned', 'relative', 'convolution'])('tells frames where they are as the run did, by positions that are %s', async (position) => {
    const run = await trained([...settings, 'epochs=1', `position=${position}`])
    const { output } = await exported({ run })
    const session = await ort.InferenceSession.create(output)
    const clip = swinging(50, { frames: 11 })
    const fed = Object.entries(await fedOf(clip, 'patches', 16)).map(([name, { shape, data }]) => [name, new ort.Tensor('float32', data, shape)])
    const { embedding } = await session.run(Object.fromEntries(fed) as Record<string, ort.Tensor>)
    expect((embedding!.data as Float32Array).subarray(0, 11 * 128)).toBeAllclose(await embedded(clip, run), { atol: 1e-6, rtol: 0 })
    await session.release()
  })

  test('takes several clips at a time', async () => {
    const { inputs, outputs } = await exported({ rows: 3 })
    expect([inputs.map(({ shape }) => shape[0]), outputs[0]!.shape]).toEqual([[3, 3], [3, 16, 128]])
  })

  test.skipIf(!isInstalled('onnxruntime-web'))('runs in onnxruntime-web too', async () => {
    const { output } = await exported()
    const name = 'onnxruntime-web'
    const web = await import(/* @vite-ignore */ name) as typeof ort
    const session = await web.InferenceSession.create(new Uint8Array(await readFile(output)))
    const clip = swinging(3)
    const fed = Object.entries(await fedOf(clip, 'patches', 16)).map(([name, { shape, data }]) => [name, new web.Tensor('float32', data, shape)])
    const { embedding } = await session.run(Object.fromEntries(fed) as Record<string, ort.Tensor>)
    const expected = await embedded(clip)
    expect((embedding!.data as Float32Array).subarray(0, expected.length)).toBeAllclose(expected, { atol: 1e-5, rtol: 0 })
  })

  const python = pythonWith('onnxruntime', 'numpy')
  test.skipIf(python === null)("runs in Python's onnxruntime, which reads what it is from it", async () => {
    const { output } = await exported()
    const clip = swinging(3)
    const fed = await fedOf(clip, 'patches', 16)
    const script = [
      'import sys, json, numpy as n, onnxruntime as o',
      `s = o.InferenceSession(${JSON.stringify(output)}, providers=['CPUExecutionProvider'])`,
      "a = n.frombuffer(sys.stdin.buffer.read(), 'float32')",
      "shapes = {i.name: i.shape for i in s.get_inputs()}",
      "size = int(n.prod(shapes['patches']))",
      "e = s.run(None, {'patches': a[:size].reshape(shapes['patches']), 'mask': a[size:].reshape(shapes['mask'])})[0]",
      'm = s.get_modelmeta().custom_metadata_map',
      "print(json.dumps({'names': list(shapes), 'embedding': e.ravel().tolist(), 'about': {k: m[k] for k in ('run', 'root', 'dataset')}, 'joints': json.loads(m['preprocessing'])['joints']}))",
    ].join('\n')
    const bytes = Buffer.concat(Object.values(fed).map(({ data }) => Buffer.from(data.buffer)))
    const told = JSON.parse(runPython(python!, script, bytes)) as { names: string[]; embedding: number[]; about: object; joints: string[] }
    const expected = await embedded(clip)
    expect([told.names, told.about, told.joints.length]).toEqual([['patches', 'mask'], { run: record.run, root: record.root, dataset: 'penn-action' }, 13])
    expect(told.embedding.slice(0, expected.length)).toBeAllclose(Array.from(expected), { atol: 1e-6, rtol: 0 })
  })
})

test.each([['casa', ['casa.layers=1']], ['coords-2d', ['profile=tiny', 'coords2d.width=6']], ['joint-tokens', ['profile=tiny', 'jointTokens.width=4']]])('%s as ONNX, fed coordinates, answers what eval makes of a clip', async (name, own) => {
  const { run } = await trainJob({ ...place, model: name, dataset: 'penn-action', split: 'official', action: null, seed: 1, device: 'cpu', settings: ['frames=16', 'batch=3', 'validation=0', 'epochs=1', ...own], threads: 1 }, { now: () => 0 })
  const { output, inputs: named } = await exported({ run })
  const { skeleton } = entryOf(await readCatalog(), 'penn-action')
  const { inputs: { placing, tensors } } = modelOfConfig(name, configOf(await readRun(place.runsDir, run)), { skeleton, frames: 16 })
  const clip = swinging(3)
  const placed = chainOf(placing, { skeleton, frames: 16 })(clip, randomAt({ seed: 0 }))
  const fed: Record<string, ort.Tensor> = { coordinates: new ort.Tensor('float32', new Float32Array(16 * 13 * 4), [1, 16, 1, 13, 4]), mask: new ort.Tensor('float32', new Float32Array(16).fill(1, 0, clip.frames), [1, 16]) }
  setCoordinates(placed, tensors.coordinates!, fed['coordinates']!.data as Float32Array)
  const session = await ort.InferenceSession.create(output)
  const { embedding } = await session.run(Object.fromEntries(named.map(({ name }) => [name, fed[name]!])))
  const { encoder } = await runEncoder({ runsDir: place.runsDir, run })
  const [expected] = await encoder.embed([clip])
  await encoder.close()
  await session.release()
  expect((embedding!.data as Float32Array).subarray(0, expected!.data.length)).toBeAllclose(expected!.data, { atol: 1e-5, rtol: 1e-5 })
})

describe('the parameters as safetensors', () => {
  test('are those of the checkpoint, without what resuming needs, and say what they are', async () => {
    const { output, parameters } = await exported({ output: join(await temporaryFolder(), 'weights.safetensors') })
    const { tensors, metadata } = decodeSafetensors(new Uint8Array(await readFile(output)), output)
    const { skeleton } = entryOf(await readCatalog(), 'penn-action')
    const { model } = modelOfConfig('la2ds', configOf(record), { skeleton, frames: record.frames })
    expect(tensors).toEqual(await readWeights(runFile(place.runsDir, record.run, 'checkpoint'), model))
    expect([metadata['run'], metadata['checkpoint'], parameters]).toEqual([record.run, record.checkpoint, Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0)])
  })

  const python = pythonWith('torch', 'safetensors')
  test.skipIf(python === null)('are loaded by PyTorch', async () => {
    const { output } = await exported({ output: join(await temporaryFolder(), 'weights.safetensors') })
    const script = `import torch, safetensors.torch as s\nt = s.load_file(${JSON.stringify(output)})\nprint(len(t), t['embedding.weight'].dtype, tuple(t['embedding.weight'].shape), float(t['embedding.weight'].double().sum()))`
    const { tensors } = decodeSafetensors(new Uint8Array(await readFile(output)), output)
    const [count, type, rows, columns, sum] = runPython(python!, script).trim().replace(/[(),]/g, '').split(' ')
    expect([Number(count), type, [Number(rows), Number(columns)]]).toEqual([Object.keys(tensors).length, 'torch.float32', tensors['embedding.weight']!.shape])
    expect(Number(sum)).toBeCloseTo(tensors['embedding.weight']!.data.reduce((all, one) => all + one, 0), 4)
  })
})

describe('refuses', () => {
  test('to be fed otherwise than a model can be, and other room than it was trained with where padding counts', async () => {
    const { run } = await trainJob({ ...place, model: 'casa', dataset: 'penn-action', split: 'official', action: null, seed: 1, device: 'cpu', settings: ['frames=8', 'batch=3', 'validation=0', 'epochs=1', 'casa.layers=1'], threads: 1 }, { now: () => 0 })
    await expect(exported({ run, inputs: 'points' })).rejects.toMatchObject({ code: 'E_USAGE', message: `--inputs points: run ${run} is of casa, which takes its inputs in one way only` })
    await expect(exported({ run, frames: 16 })).rejects.toMatchObject({ code: 'E_EXPORT_FRAMES', hint: '--frames 8' })
  })
  test.each([['model.bin', {}, 'E_USAGE'], ['model.onnx', { run: 'nothing' }, 'E_RUN_UNKNOWN']])('%s %j', async (name, change, code) => {
    await expect(exported({ output: join(await temporaryFolder(), name), ...change })).rejects.toMatchObject({ code })
  })
})
