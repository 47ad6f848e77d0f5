// The stacks of convolutions.ts on ONNX Runtime: node convolutions-ours.js JSON. Starts from the numbers in `folder`.
import { readFileSync } from 'node:fs'
import {
  add, batchNorm, conv2d, conv3d, einsum, flatParameters, input, mean, mul, optimiserFeeds, ortExecutor, relu, reshape, runningStatistics, square, startOf, sub, trainingGraph,
} from '../../dist/engine/index.js'
import { serveSteps } from './serve-steps.js'

const { folder, stack, plain, threads, spin, x: xShape, y: yShape, parameters } = JSON.parse(process.argv[2])
const numbers = (name, shape) => ({ shape, data: new Float32Array(new Uint8Array(readFileSync(`${folder}/${name}.f32`)).buffer) })

const { flat, params } = flatParameters(parameters.map((parameter) => ({ ...parameter, decay: false })))
const [x, y] = [input('x', xShape), input('y', yShape)]
const state = []
let start = {}
const h = { graph: graphStack, volume: volumeStack }[stack]()
const loss = mean(square(sub(mean(h, [...h.shape.keys()].slice(2)), y)), [0, 1])
const optimiser = { kind: 'sgd', momentum: 0.9 }
const graph = trainingGraph({ loss, inputs: [x, y], parameters: parameters.map((parameter) => ({ ...parameter, decay: false })), flat, params, optimiser, state })
const program = await ortExecutor({ device: 'cpu', threads, spin }).compile(graph)
await program.writeState({ ...graph.start(numbers('params', flat.shape).data), ...start })
const feeds = { x: numbers('x', xShape), y: numbers('y', yShape) }
let step = 0
await serveSteps(`posetta, ${threads} threads${spin === 100 ? '' : `, spinning ${spin} us`}`, async () => (await program.run({ ...feeds, ...optimiserFeeds(1e-2, ++step, optimiser) })).loss.data[0])

function graphStack() {
  return [1, 2, 1].reduce((h, stride, i) => graphBlock(h, `block${i}`, stride), x)
}

/** Yan et al., AAAI 2018: a product with a graph for each of 3 partitions, then a convolution over time. */
function graphBlock(h, name, stride) {
  const [n, , t, v] = h.shape
  const parts = conv2d(h, params[`${name}.spatial.weight`])
  const spatial = einsum('nkctv,kvw->nctw', reshape(parts, [n, 3, parts.shape[1] / 3, t, v]), params[`${name}.graph`])
  const temporal = conv2d(relu(norm(spatial, `${name}.spatial`)), params[`${name}.temporal.weight`], { stride: [stride, 1], padding: [4, 0] })
  const isSame = !(`${name}.shortcut.weight` in params)
  const shortcut = isSame ? h : norm(conv2d(h, params[`${name}.shortcut.weight`], { stride: [stride, 1] }), `${name}.shortcut`)
  return relu(add(norm(temporal, `${name}.temporal`), shortcut))
}

function volumeStack() {
  const stem = unit(x, 'stem', { stride: [1, 2, 2], padding: 1 })
  return unit(bottleneck(bottleneck(stem, 'block0', 1), 'block1', 2), 'last', { padding: 1 })
}

function unit(h, name, options) {
  return relu(norm(conv3d(h, params[`${name}.weight`], options), name))
}

function bottleneck(h, name, stride) {
  const space = unit(unit(h, `${name}.time`, { padding: [1, 0, 0] }), `${name}.space`, { stride: [1, stride, stride], padding: [0, 1, 1] })
  const shortcut = norm(conv3d(h, params[`${name}.shortcut.weight`], { stride: [1, stride, stride] }), `${name}.shortcut`)
  return relu(add(norm(conv3d(space, params[`${name}.out.weight`]), `${name}.out`), shortcut))
}

function norm(h, name) {
  const [gain, bias] = [params[`${name}.gain`], params[`${name}.bias`]]
  const along = (node) => reshape(node, [-1, ...h.shape.slice(2).fill(1)].with(0, node.shape[0]))
  if (plain) return add(mul(h, along(gain)), along(bias))
  const running = runningStatistics(name, h.shape[1])
  const normed = batchNorm(h, running, { training: true, gain, bias })
  state.push(...normed.state)
  start = { ...start, ...startOf(normed.state) }
  return normed.y
}
