import { spawnSync } from 'node:child_process'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  add, concat, type Executor, flatParameters, gelu, type Graph, input, layerNorm, logSoftmax, matmul, mean, mul, neg, optimiserFeeds, ortExecutor, ortWebExecutor, referenceExecutor, relu,
  reshape, slice, softmax, sum, tfjsExecutor, trainingGraph, transpose,
} from '../../src/engine/index.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { isInstalled } from '../installed.ts'
import { temporaryFolder } from '../store/folder.ts'

const executors: readonly (readonly [string, Executor])[] = [
  ['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })],
  ['tfjs on the CPU', tfjsExecutor({ backend: 'cpu' })], ['tfjs on WebAssembly', tfjsExecutor({ backend: 'wasm' })],
  ...(isInstalled('onnxruntime-web') ? [['ONNX Runtime for the web', ortWebExecutor({ threads: 1 })] as const] : []),
]

/** y = x + s, and s becomes y: the least that carries something. */
function accumulator(): Graph {
  const [x, s] = [input('x', [2]), input('s', [2])]
  const y = add(x, s)
  return { inputs: [x], state: [{ input: s, next: y }], outputs: { y } }
}

const pair = (a: number, b: number): Tensor => ({ shape: [2], data: Float32Array.of(a, b) })

describe.each(executors)('a program on %s', (_, executor) => {
  test('carries its state from run to run, from zeros', async () => {
    const program = await executor.compile(accumulator())
    await program.run({ x: pair(1, 2) })
    await program.run({ x: pair(10, 20) })
    const { y } = await program.run({ x: pair(100, 200) })
    expect(y).toEqual(pair(111, 222))
    await program.close()
  })

  test('is fed from memory that threads share, as it stands at each run', async () => {
    const program = await executor.compile(accumulator())
    const shared = new Float32Array(new SharedArrayBuffer(8))
    shared.set([1, 2])
    await program.run({ x: { shape: [2], data: shared } })
    shared.set([10, 20])
    const { y } = await program.run({ x: { shape: [2], data: shared } })
    expect(y).toEqual(pair(11, 22))
    await program.close()
  })

  test('hands out copies of its state and goes on from what is written', async () => {
    const program = await executor.compile(accumulator())
    await program.writeState({ s: pair(5, 5) })
    const before = await program.readState()
    await program.run({ x: pair(1, 1) })
    expect(before).toEqual({ s: pair(5, 5) })
    expect(await program.readState()).toEqual({ s: pair(6, 6) })
    await program.close()
  })

  test('tells the state that the last run was computed on, whatever was written since', async () => {
    const program = await executor.compile(accumulator())
    await expect(program.readPreviousState()).rejects.toMatchObject({ code: 'E_STATE', message: 'there was no run yet, and so no state before it' })
    await program.writeState({ s: pair(5, 5) })
    await program.run({ x: pair(1, 1) })
    expect(await program.readPreviousState()).toEqual({ s: pair(5, 5) })
    await program.writeState({ s: pair(9, 9) })
    expect(await program.readPreviousState()).toEqual({ s: pair(5, 5) })
    await program.run({ x: pair(1, 1) })
    expect(await program.readPreviousState()).toEqual({ s: pair(9, 9) })
    await program.close()
  })

  test('refuses feeds that are missing, of another size or of another shape, and states it does not have', async () => {
    const program = await executor.compile(accumulator())
    await expect(program.run({})).rejects.toThrow(/^input "x" \[2\] was not fed$/)
    await expect(program.run({ x: { shape: [3], data: new Float32Array(3) } })).rejects.toThrow(/^input "x" \[2\] was fed \[3\]$/)
    await expect(program.run({ x: { shape: [2], data: new Float32Array(3) } })).rejects.toThrow(/^input "x" \[2\] was fed 3 numbers$/)
    await expect(program.run({ x: { shape: [2, 1], data: new Float32Array(2) } })).rejects.toThrow(/^input "x" \[2\] was fed \[2, 1\]$/)
    await expect(program.writeState({ t: pair(1, 1) })).rejects.toThrow(/^no state "t" of 2 numbers$/)
    await program.close()
  })
})

describe.each(executors)('%s refuses a graph', (_, executor) => {
  const [x, s] = [input('x', [2]), input('s', [2])]
  test.each<[string, Graph, string]>([
    ['with two inputs of one name', { inputs: [x, input('x', [3])], state: [], outputs: { y: x } }, 'two inputs are named "x"'],
    ['with an input of a name that is taken', { inputs: [input('#v1', [2])], state: [], outputs: {} }, 'an input cannot be named "#v1"'],
    ['with an output of a state\'s name', { inputs: [], state: [{ input: s, next: s }], outputs: { s: neg(s) } }, 'an output cannot be named "s"'],
    ['with an output of the name of a state\'s next value', { inputs: [], state: [{ input: s, next: s }], outputs: { 'next:s': neg(s) } }, 'an output cannot be named "next:s"'],
    ['that uses an input it does not list', { inputs: [], state: [], outputs: { y: neg(x) } }, 'input "x" is used but not among the inputs of the graph'],
    ['whose state is no input', { inputs: [x], state: [{ input: neg(x), next: x }], outputs: {} }, 'a value of shape [2] stands where the graph lists its inputs and states, and is none'],
    ['whose state changes its shape', { inputs: [], state: [{ input: s, next: reshape(s, [1, 2]) }], outputs: {} }, 'state "s" [2] would become [1, 2]'],
  ])('%s', async (_title, graph, message) => {
    await expect(executor.compile(graph)).rejects.toThrow(expect.objectContaining({ code: 'E_GRAPH', message }))
  })
})

describe('a small training run', () => {
  test('has the same losses on ONNX Runtime as in float64', async () => {
    const [found, expected] = [await losses(executors[1]![1], 12), await losses(executors[0]![1], 12)]
    expect(found).toBeAllclose(expected, { atol: 1e-4, rtol: 0 })
    expect(expected.at(-1)).toBeLessThan(expected[0]! / 2)
  })

  test('gives the same bits each time, on one thread and on two', async () => {
    for (const threads of [1, 2]) {
      const executor = ortExecutor({ device: 'cpu', threads })
      expect(await losses(executor, 4)).toEqual(await losses(executor, 4))
    }
  })
})

// the built package, beside an onnxruntime-node that was not installed to its end, and beside none of the optional packages
test.skipIf(!existsSync('dist/engine/index.js'))('where a package cannot be loaded, the engine says what to do', async () => {
  const folder = await temporaryFolder()
  await mkdir(`${folder}/node_modules/onnxruntime-node`, { recursive: true })
  await writeFile(`${folder}/node_modules/onnxruntime-node/package.json`, '{"main":"missing.js"}')
  await cp('dist/engine', `${folder}/dist/engine`, { recursive: true })
  const nouns = (await readdir('dist')).filter((name) => name.endsWith('.js'))
  for (const noun of nouns) await cp(`dist/${noun}`, `${folder}/dist/${noun}`)
  await cp('package.json', `${folder}/package.json`)
  const script = `
    const { input, ortExecutor, tfjsExecutor } = await import('${folder}/dist/engine/index.js')
    const x = input('x', [1])
    for (const executor of [ortExecutor({ device: 'cpu' }), ...['wasm', 'node'].map((backend) => tfjsExecutor({ backend }))])
      await executor.compile({ inputs: [x], state: [], outputs: { y: x } }).catch(({ code, message, hint }) => console.log([code, message, hint].join('\\n')))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd: folder })
  expect((stdout + stderr).trim().split('\n')).toEqual([
    'E_ORT_MISSING', 'the package onnxruntime-node cannot be loaded', 'put the line onnxruntime-node-install=skip into .npmrc and run npm ci again',
    'E_DEVICE_UNUSABLE', 'tfjs:wasm needs the package @tensorflow/tfjs-core, which cannot be loaded', 'npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
    'E_DEVICE_UNUSABLE', 'tfjs:node needs the package @tensorflow/tfjs-node, which cannot be loaded',
    'npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts && npm run tfjs:native -- FOLDER # of a libtensorflow: docs/engine.md, "Devices"',
  ])
})

/** Losses of a one-block transformer that learns to tell which of three tokens is marked. */
async function losses(executor: Executor, steps: number): Promise<number[]> {
  const [batch, tokens, width] = [6, 3, 8]
  const parameters = [
    { name: 'embed', shape: [4, width], decay: true }, { name: 'gain', shape: [width], decay: false }, { name: 'bias', shape: [width], decay: false },
    { name: 'query', shape: [width, width], decay: true }, { name: 'up', shape: [width, 2 * width], decay: true }, { name: 'down', shape: [2 * width, width], decay: true },
    { name: 'out', shape: [2 * width, 1], decay: true },
  ]
  const { flat, params } = flatParameters(parameters)
  const [x, target] = [input('x', [batch, tokens, 4]), input('target', [batch, tokens])]
  const embedded = matmul(x, params['embed']!)
  const normed = layerNorm(embedded, params['gain']!, params['bias']!)
  const attended = add(embedded, matmul(softmax(mul(matmul(matmul(normed, params['query']!), transpose(normed, [0, 2, 1])), 0.35)), normed))
  const hidden = add(attended, matmul(gelu(matmul(attended, params['up']!)), params['down']!))
  const both = concat([relu(hidden), slice(hidden, 2, 0, width)], 2)
  const scores = logSoftmax(reshape(matmul(both, params['out']!), [batch, tokens]))
  const loss = neg(mean(sum(mul(scores, target), [1]), [0]))
  const program = await executor.compile(trainingGraph({ loss, inputs: [x, target], parameters, flat, params, optimiser: { kind: 'adamw', weightDecay: 0.01 }, clipNorm: 1 }))
  const random = randomAt({ seed: 3 })
  const draw = (shape: readonly number[], of: (i: number) => number): Tensor => ({ shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => of(i)) })
  await program.writeState({ params: draw(flat.shape, () => random.normal() * 0.3) })
  const marked = Array.from({ length: batch }, () => random.integer(tokens))
  const feeds = {
    x: draw(x.shape, (i) => (i % 4 === 0 ? Number(marked[Math.floor(i / 4 / tokens)] === Math.floor(i / 4) % tokens) : random.normal() * 0.1)),
    target: draw(target.shape, (i) => Number(marked[Math.floor(i / tokens)] === i % tokens)),
  }
  const seen: number[] = []
  for (let step = 1; step <= steps; step++) seen.push((await program.run({ ...feeds, ...optimiserFeeds(0.03, step, { kind: 'adamw' }) }))['loss']!.data[0]!)
  await program.close()
  return seen
}
