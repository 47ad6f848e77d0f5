import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { add, encodeOnnx, evaluate, type Graph, gru, input, mul, type Node, referenceExecutor, scan } from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { shareCommonNodes } from '../../src/engine/simplify.ts'
import { pythonWith, runPython } from '../python.ts'
import { cases } from './cases/recurrent.ts'
import { checkRefusals } from './check-refusals.ts'
import { problemOf } from './operation-case.ts'

type Size = { readonly nodes: number; readonly bytes: number }

const [initial, x] = [input('initial', [1]), input('x', [3, 1])]
const halved = (reverse: boolean): Node => scan({ initial, sequences: [x], reverse }, (state, part) => add(mul(0.5, state), part!))

// by hand: 0.5 * 8 + 1 = 5, 0.5 * 5 + 2 = 4.5, 0.5 * 4.5 + 3 = 5.25; from the end 0.5 * 8 + 3 = 7, 5.5, 3.75
test('carries a state from step to step, in either direction', () => {
  const [forwards, backwards] = evaluate([halved(false), halved(true)], { initial: [8], x: [1, 2, 3] })
  expect([[...forwards!], [...backwards!]]).toEqual([[5, 4.5, 5.25], [3.75, 5.5, 7]])
})

test('is computed once where its steps and what they read are the same, else not', () => {
  const graph = { inputs: [initial, x], state: [], outputs: { a: halved(false), b: halved(false), c: halved(true), d: scan({ initial, sequences: [x] }, (state, part) => add(mul(0.25, state), part!)) } }
  const { a, b, c, d } = shareCommonNodes(graph).outputs
  expect([a === b, a === c, a === d]).toEqual([true, false, false])
})

test('is one node however many steps there are', () => {
  const [before, weight, bias] = [input('before', [1, 2, 4]), input('weight', [1, 12, 4]), input('bias', [1, 12])]
  const sizes = [3, 300].map((steps) => {
    const graph = { inputs: [before, weight, bias], state: [], outputs: { states: gru({ gates: input('gates', [steps, 1, 2, 12]), initial: before, weight, bias }) } }
    return { nodes: topologicalOrder(Object.values(graph.outputs)).length, bytes: encodeOnnx(graph, { loops: true }).length }
  }) as [Size, Size]
  expect(sizes[1].nodes).toBe(sizes[0].nodes)
  // shapes alone are longer
  expect(sizes[1].bytes - sizes[0].bytes).toBeLessThan(50)
})

describe('as ONNX\'s Scan', () => {
  test.each(cases)('$title gives the same values and derivatives', async (one) => {
    const { graph, feeds } = problemOf(one)
    const session = await InferenceSession.create(encodeOnnx(graph, { loops: true }), { intraOpNumThreads: 1 })
    const fed = Object.fromEntries(graph.inputs.map((node, i) => [`x${i}`, new Tensor('float32', feeds[`x${i}`]!.data, [...node.shape])]))
    const [found, expected] = [await session.run(fed), await (await referenceExecutor().compile(graph)).run(feeds)]
    for (const name of Object.keys(graph.outputs)) expect(found[name]!.data).toBeAllclose(expected[name]!.data, { atol: 2e-6, rtol: 2e-5 })
    await session.release()
  })

  test.skipIf(pythonWith('onnx') === null)('is valid by Python\'s onnx', () => {
    const graph: Graph = { inputs: [initial, x], state: [], outputs: { y: halved(true) } }
    const script = 'import sys, onnx\nm = onnx.load_model_from_string(sys.stdin.buffer.read())\nonnx.checker.check_model(m, full_check=True)\nprint([n.op_type for n in m.graph.node])'
    expect(runPython(pythonWith('onnx')!, script, encodeOnnx(graph, { loops: true }))).toContain('\'Scan\'')
  })
})

const lengths = 'the sequences are not all of one length, 1 or more'
checkRefusals('scan.test.ts', [
  [`scan of [1]: ${lengths}`, () => scan({ initial, sequences: [] }, (state) => state)],
  [`scan of [1] and [3, 1] and [2, 1]: ${lengths}`, () => scan({ initial, sequences: [x, input('y', [2, 1])] }, (state) => state)],
  [`scan of [1] and [0, 1]: ${lengths}`, () => scan({ initial, sequences: [input('y', [0, 1])] }, (state) => state)],
  ['scan of []: a state has an axis', () => scan({ initial: input('start', []), sequences: [x] }, (state) => state)],
  ['scan of [2] and [1]: the state after a step has not the shape of the one before it', () => scan({ initial, sequences: [x] }, () => input('y', [2]))],
])
