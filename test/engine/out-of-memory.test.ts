import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { add, type Executor, expand, type Graph, input, matmul, mul, ortExecutor, ortWebExecutor, referenceExecutor, reshape, sum, tfjsExecutor } from '../../src/engine/index.ts'
import { explainingMemory } from '../../src/engine/out-of-memory.ts'
import { root } from '../sources.ts'

const executors: readonly [string, Executor][] = [['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]]
const x = input('x', [1])

describe.each(executors)('%s refuses at once', (_, executor) => {
  test('a value of 200 GB inside a graph, with its size, what else is large, and who made it', async () => {
    const graph: Graph = { inputs: [x], state: [], outputs: { y: sum(mul(expand(x, [50_000, 1_000_000]), 2), [0, 1]) } }
    await expect(executor.compile(graph)).rejects.toMatchObject({
      code: 'E_MEMORY', exit: 4, message: expect.stringMatching(/^a run of the graph does not fit in memory: it needs about 400 GB at its peak, \d+ bytes of that from beginning to end, of [\d.]+ [GT]B that the machine has$/) as string,
      hint: expect.stringMatching(/^the largest values: (?:mul|expand) \[50000, 1000000\], 200 GB \(out-of-memory\.test\.ts:\d+\); (?:mul|expand) \[50000, 1000000\], 200 GB \(out-of-memory\.test\.ts:\d+\); .*; smaller batches/) as string,
    })
  })

  test('an output or a state of 200 GB, which would be held twice', async () => {
    const s = input('s', [50_000_000_000])
    await expect(executor.compile({ inputs: [x], state: [], outputs: { y: expand(x, [50_000_000_000]) } })).rejects.toMatchObject({ code: 'E_MEMORY' })
    await expect(executor.compile({ inputs: [x], state: [{ input: s, next: mul(s, x) }], outputs: { y: x } })).rejects.toMatchObject({
      code: 'E_MEMORY', message: expect.stringMatching(/it needs about 400 GB at its peak, 400 GB of that from beginning to end/) as string })
  })
})

test.each([['ONNX Runtime for the web', ortWebExecutor()], ['TensorFlow.js', tfjsExecutor({ backend: 'wasm' })]])('%s refuses what WebAssembly cannot address, before it loads anything', async (_, executor) => {
  const graph: Graph = { inputs: [x], state: [], outputs: { y: sum(mul(expand(x, [50_000, 100_000]), 2), [0, 1]) } }
  await expect(executor.compile(graph)).rejects.toMatchObject({
    code: 'E_MEMORY', exit: 4, message: expect.stringMatching(/^a run of the graph does not fit in memory: it needs about 40 GB at its peak, .* of 4\.29 GB that WebAssembly has$/) as string })
})

test('a graph of many small values that are not there at once is not refused for their sum', async () => {
  let value = reshape(x, [1, 1])
  for (let layer = 0; layer < 50; layer++) value = matmul(expand(sum(value, [0, 1], { keepDims: true }), [100, 100]), expand(x, [100, 100]))
  const compile = (bytes: number) => explainingMemory(executors[1]![1], bytes).compile({ inputs: [x], state: [], outputs: { y: sum(value, [0, 1]) } })
  await (await compile(200_000)).close()
  // three of 40 kB
  await expect(compile(110_000)).rejects.toMatchObject({ code: 'E_MEMORY' })
})

test('errors that are not of memory come through as they are', async () => {
  const failing: Executor = { name: 'failing', compile: () => Promise.reject(new Error('no such operator')) }
  await expect(explainingMemory(failing, null).compile({ inputs: [x], state: [], outputs: { y: add(x, 1) } })).rejects.toThrow(/^no such operator$/)
})

test.each([
  ['ONNX Runtime', 'bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 12000000000', 'memory of 12 GB could not be had'],
  ['ONNX Runtime for the web', 'op_kernel.cc:83 [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Tensor shape is too large', 'memory could not be had'],
  ['C++', 'std::bad_alloc', 'memory could not be had'], ['WebAssembly', 'WebAssembly.Memory(): could not allocate memory', 'memory could not be had'], ['JavaScript', 'Array buffer allocation failed', 'memory could not be had'],
])('what %s says when it gets no memory is explained', async (_, message, told) => {
  const failing: Executor = { name: 'failing', compile: () => Promise.reject(new Error(message)) }
  await expect(explainingMemory(failing, 2e9).compile({ inputs: [x], state: [], outputs: { y: add(x, 1) } })).rejects.toMatchObject({
    code: 'E_MEMORY', message: `${told}: it needs about 12 bytes at its peak, 12 bytes of that from beginning to end, of 2 GB that the machine has` })
})

// the built package: a process that may take 6 GB of addresses asks for 8 GB of them in the middle of a run
test.skipIf(process.platform !== 'linux' || !existsSync('dist/engine/index.js'))('a process with a limit of its own is told by the failure itself', () => {
  const script = `
    const { expand, input, mul, ortExecutor, sum } = await import('${root}/dist/engine/index.js')
    const x = input('x', [1])
    const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [x], state: [], outputs: { y: sum(mul(expand(x, [2000000000]), 2), [0]) } })
    await program.run({ x: { shape: [1], data: Float32Array.of(1) } }).catch(({ code, message }) => console.log(code + ' ' + message))`
  const { stdout, stderr } = spawnSync('bash', ['-c', 'ulimit -v 6000000; exec "$0" --input-type=module -e "$1"', process.execPath, script], { encoding: 'utf8' })
  expect(stdout + stderr).toMatch(/^E_MEMORY memory of 8 GB could not be had: it needs about (?:8|16) GB at its peak/m)
})
