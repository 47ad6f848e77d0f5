// The transformer encoder of transformer.ts on ONNX Runtime: node transformer-ours.js JSON. Starts from the numbers in `folder`.
import { readFileSync } from 'node:fs'
import { flatParameters, input, mean, optimiserFeeds, ortExecutor, square, sub, trainingGraph } from '../../dist/engine/index.js'
import { norm } from '../../dist/models/blocks/layer-norm.js'
import { linear } from '../../dist/models/blocks/linear.js'
import { transformerBlock } from '../../dist/models/blocks/transformer-block.js'
import { serveSteps } from './serve-steps.js'

const { folder, threads, spin, rows, tokens, width, heads, layers, outputs, parameters } = JSON.parse(process.argv[2])
const numbers = (name, shape) => ({ shape, data: new Float32Array(new Uint8Array(readFileSync(`${folder}/${name}.f32`)).buffer) })

const { flat, params } = flatParameters(parameters)
const [x, y] = [input('x', [rows, tokens, width]), input('y', [rows, tokens, outputs])]
let hidden = x
for (let layer = 0; layer < layers; layer++) hidden = transformerBlock(hidden, params, { name: `layer${layer}`, heads })
const loss = mean(square(sub(linear(norm(hidden, params, 'norm'), params, 'out'), y)), [0, 1, 2])
const graph = trainingGraph({ loss, inputs: [x, y], parameters, flat, params, optimiser: { kind: 'adamw' }, clipNorm: 1 })
const program = await ortExecutor({ device: 'cpu', threads, spin }).compile(graph)
await program.writeState({ params: numbers('params', flat.shape) })
const feeds = { x: numbers('x', x.shape), y: numbers('y', y.shape) }
let step = 0
await serveSteps(`posetta, ${threads} threads${spin === 100 ? '' : `, spinning ${spin} us`}`, async () => (await program.run({ ...feeds, ...optimiserFeeds(1e-3, ++step, { kind: 'adamw' }) })).loss.data[0])
