/**
 * What a GRU (UNIT=lstm: an LSTM) of many steps costs: nodes of the training graph, CPU seconds until its session is there, CPU milliseconds of a training step (least of 9), for 2 layers in both
 * directions, 16 sequences of 75 numbers, 128 wide; beside torch.nn.GRU or LSTM (bench/peers/gru_step.py) on as many threads. Which lengths: STEPS=64,300.
 *   PYTHON=python3 node --input-type=module -e "await (await import('vite')).runnerImport('./bench/engine/gru.ts')"
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { encodeOnnx, flatParameters, input, mean, optimiserFeeds, ortExecutor, square, sub, trainingGraph } from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { gruLayers, gruSpec } from '../../src/models/blocks/gru.ts'
import { lstmLayers, lstmSpec } from '../../src/models/blocks/lstm.ts'
import { initialise } from '../../src/models/index.ts'
import { sizeOf } from '../../src/tensor.ts'

const [batch, inputs, width, layers] = [16, 75, 128, 2]
const unit = process.env['UNIT'] ?? 'gru'
const [layersOf, spec] = unit === 'lstm' ? [lstmLayers, lstmSpec] : [gruLayers, gruSpec]
const optimiser = { kind: 'adamw' } as const

console.log(`${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}, one thread`)
for (const steps of (process.env['STEPS'] ?? '64,300').split(',').map(Number)) {
  const parameters = spec('unit', { inputs, width, layers, bidirectional: true })
  const began = cpuSeconds()
  const { flat, params } = flatParameters(parameters)
  const [x, target] = [input('x', [batch, steps, inputs]), input('target', [batch, steps, 2 * width])]
  const loss = mean(square(sub(layersOf(x, params, { name: 'unit', layers, bidirectional: true }).states, target)), [0, 1, 2])
  const graph = trainingGraph({ loss, inputs: [x, target], parameters, flat, params, optimiser, clipNorm: 1 })
  const made = cpuSeconds()
  const bytes = encodeOnnx(graph).length
  const encoded = cpuSeconds()
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile(graph)
  const compiled = cpuSeconds()
  const start = initialise(parameters, 1)
  await program.writeState({ params: { shape: flat.shape, data: Float32Array.from(parameters.flatMap(({ name }) => [...start[name]!.data])) } })
  const feeds = Object.fromEntries([x, target].map((node) => [String(node.attributes['name']), { shape: node.shape, data: Float32Array.from({ length: sizeOf(node.shape) }, (_, i) => Math.sin(i)) }]))
  const losses: number[] = []
  const costs: number[] = []
  for (let step = 1; step <= 9; step++) {
    const before = cpuSeconds()
    losses.push((await program.run({ ...feeds, ...optimiserFeeds(1e-3, step, optimiser) }))['loss']!.data[0]!)
    costs.push((cpuSeconds() - before) * 1000)
  }
  await program.close()
  const nodes = topologicalOrder([...Object.values(graph.outputs), ...graph.state.map(({ next }) => next)]).length
  console.log(`T = ${steps}: ${nodes} nodes, ${(bytes / 1e6).toFixed(1)} MB; graph ${(made - began).toFixed(2)} s, ONNX ${(encoded - made).toFixed(2)} s, session ${(compiled - encoded).toFixed(2)} s; `
    + `a step ${Math.min(...costs).toFixed(0)} ms; losses ${losses[0]!.toFixed(6)} ... ${losses.at(-1)!.toFixed(6)}`)
  const python = process.env['PYTHON']
  if (python !== undefined) console.log(execFileSync(python, ['bench/peers/gru_step.py', String(steps), unit], { encoding: 'utf8' }).trim())
}

/** Of all threads of the process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
