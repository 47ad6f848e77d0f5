// The model of ../training-step.ts on ONNX Runtime, on a device (cpu when none is named): node la2ds-ours.js JSON. Starts from the numbers in `folder`.
import { readFileSync } from 'node:fs'
import { flatParameters, input, optimiserFeeds, ortExecutor, trainingGraph } from '../../dist/engine/index.js'
import { executorOfDevice } from '../../dist/jobs/executor-of-device.js'
import { la2ds } from '../../dist/models/index.js'
import { softMatch } from '../../dist/train/index.js'
import { serveSteps } from './serve-steps.js'

const { folder, device = 'cpu', threads, spin, rows, frames, config, parameters } = JSON.parse(process.argv[2])
const optimiser = { kind: 'adamw' }
const numbers = (name) => new Float32Array(new Uint8Array(readFileSync(`${folder}/${name}.f32`)).buffer)
const filled = (shape, data) => ({ shape, data: repeated(data, shape.reduce((size, extent) => size * extent, 1)) })

const model = la2ds(config)
const shapes = { ...model.inputs(rows, frames), time: [rows, frames], length: [rows] }
const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
const { flat, params } = flatParameters(parameters)
const loss = softMatch({ temperature: 0.1, variance: 4, unit: 'frames', window: frames, floor: 0, outside: 'matched' })(model.forward(inputs, params), inputs)
const graph = trainingGraph({ loss, inputs: Object.values(inputs), parameters, flat, params, optimiser, clipNorm: 1 })
const program = await (device === 'cpu' ? ortExecutor({ device, threads, spin }) : executorOfDevice(device, threads)).compile(graph)
await program.writeState({ params: { shape: flat.shape, data: numbers('params') } })
const feeds = {
  patches: filled(shapes.patches, numbers('patches')), position: filled(shapes.position, numbers('position')), mask: filled(shapes.mask, Float32Array.of(1)),
  time: filled(shapes.time, Float32Array.from({ length: frames }, (_, frame) => frame)), length: filled(shapes.length, Float32Array.of(frames)),
}
let step = 0
const title = device === 'cpu' ? `posetta, ${threads} threads${spin === 100 ? '' : `, spinning ${spin} us`}` : `posetta on ${device}`
await serveSteps(title, async () => (await program.run({ ...feeds, ...optimiserFeeds(1e-3, ++step, optimiser) })).loss.data[0])

function repeated(data, size) {
  const all = new Float32Array(size)
  for (let start = 0; start < size; start += data.length) all.set(data.subarray(0, size - start), start)
  return all
}
