import { describe, expect, test } from 'vitest'
import {
  add, type Executor, exp, gelu, gradients, type Graph, groupNorm, input, layerNorm, matmul, memoryPlan, mul, type Node, ortExecutor, recompute, referenceExecutor, softmax, square, sum,
  transpose,
} from '../../src/engine/index.ts'
import { topologicalOrder } from '../../src/engine/graph.ts'
import { randomAt } from '../../src/random.ts'
import { sizeOf, type Tensor } from '../../src/tensor.ts'
import { checkOperations } from './check-operations.ts'

type Wrap = (make: (...inputs: Node[]) => Node, ...inputs: Node[]) => Node

const kept: Wrap = (make, ...inputs) => make(...inputs)

/** Attention and MLP, [2, 16, 8]; a mask is an input of its own. */
function encoder(wrap: Wrap, layers = 4): Graph {
  const [x, mask] = [input('x', [2, 16, 8]), input('mask', [2, 16, 16])]
  const weights = Array.from({ length: layers }, (_, i) => [input(`q${i}`, [8, 8]), input(`up${i}`, [8, 16]), input(`down${i}`, [16, 8]), input(`gain${i}`, [8]), input(`bias${i}`, [8])] as const)
  const hidden = weights.reduce<Node>((before, [q, up, down, gain, bias]) => wrap((y, hide) => {
    const normed = layerNorm(y!, gain, bias)
    const attended = add(y!, matmul(softmax(add(matmul(matmul(normed, q), transpose(normed, [0, 2, 1])), hide!)), normed))
    return add(attended, matmul(gelu(matmul(attended, up)), down))
  }, before, mask), x)
  const loss = sum(square(hidden), [0, 1, 2])
  const derivatives = gradients(loss, weights.flat())
  return { inputs: [x, mask, ...weights.flat()], state: [], outputs: { loss, ...Object.fromEntries(derivatives.map((node, i) => [`d${i}`, node])) } }
}

async function outputsOf(executor: Executor, graph: Graph): Promise<Record<string, Tensor>> {
  const random = randomAt({ seed: 3 })
  const feeds = Object.fromEntries(graph.inputs.map(({ shape, attributes }) => [attributes['name'] as string, { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * 0.3) }]))
  const program = await executor.compile(graph)
  const outputs = await program.run(feeds)
  await program.close()
  return outputs
}

describe.each<[string, Executor]>([['reference', referenceExecutor()], ['ONNX Runtime', ortExecutor({ device: 'cpu', threads: 1 })]])('on %s', (_, executor) => {
  test('blocks computed again give the same loss and derivatives, bit for bit', async () => {
    expect(await outputsOf(executor, encoder(recompute))).toEqual(await outputsOf(executor, encoder(kept)))
  })

  test('blocks within blocks too', async () => {
    const twice: Wrap = (make, ...inputs) => recompute((...outer) => recompute(make, ...outer), ...inputs)
    expect(await outputsOf(executor, encoder(twice))).toEqual(await outputsOf(executor, encoder(kept)))
  })
})

checkOperations([
  { title: 'recompute', shapes: [[2, 3], [3, 3]], make: (x, w) => recompute((y) => exp(matmul(y!, w!)), x!) },
  { title: 'recompute of a scalar', shapes: [[]], make: (x) => recompute((y) => exp(mul(y!, y!)), x!) },
  { title: 'recompute of an input that is passed twice', shapes: [[2]], make: (x) => recompute((a, b) => mul(exp(a!), b!), x!, x!) },
  { title: 'recompute of one that is passed and captured', shapes: [[2]], make: (x) => recompute((a) => mul(exp(a!), x!), x!) },
  { title: 'recompute of two blocks with one weight', shapes: [[2, 3], [3, 3]], make: (x, w) => {
    const block = (y: Node): Node => recompute((z) => exp(mul(matmul(z!, w!), 0.3)), y)
    return block(block(x!))
  } },
  { title: 'recompute of what its weight has made', shapes: [[2, 3], [3, 3]], make: (x, w) => recompute((y) => exp(matmul(y!, w!)), matmul(x!, w!)) },
  { title: 'recompute within recompute, with one weight', shapes: [[2, 3], [3, 3]], make: (x, w) => {
    const block = (y: Node): Node => recompute((z) => mul(matmul(z!, w!), 0.7), y)
    return recompute((y) => exp(block(block(y!))), x!)
  } },
  { title: 'recompute that does nothing', shapes: [[2]], make: (x) => mul(recompute((a) => a!, x!), 3) },
  { title: 'recompute that passes its input over', shapes: [[2]], make: (x) => recompute(() => exp(x!), x!) },
  { title: 'recompute of operations with derivatives in closed form', shapes: [[2, 4, 3], [4]], make: (x, gain) => recompute((y) => exp(groupNorm(y!, 2, { gain: gain! })), x!) },
  { title: 'recompute whose inner value is used outside', shapes: [[3]], make: (x) => {
    let inside: Node | null = null
    const result = recompute((y) => exp(inside = square(y!)), x!)
    return mul(result, inside!)
  } },
])

describe('the values of a block that is computed again', () => {
  test('take less memory: that of one block, and what goes from block to block', () => {
    const [before, again] = [(layers: number) => memoryPlan(encoder(kept, layers)).peakBytes, (layers: number) => memoryPlan(encoder(recompute, layers)).peakBytes]
    expect(again(8)).toBeLessThan(before(8) / 2)
    // a block more costs its parameters' derivatives (400 numbers, in and out) and its input (256)
    expect(again(9) - again(8)).toBeLessThan(4 * (2 * 400 + 256) * 1.5)
  })

  test('are not computed for parameters that are not asked for', () => {
    const [x, w, frozen] = [input('x', [4, 4]), input('w', [4, 4]), input('frozen', [4, 4])]
    const loss = sum(recompute((y) => exp(matmul(matmul(y!, frozen), w)), x), [0, 1])
    const products = (of: Node[]): number => topologicalOrder(gradients(loss, of)).filter(({ operation }) => operation.name === 'matmul').length
    expect(products([w])).toBeLessThan(products([w, frozen]))
    expect(products([w])).toBeLessThan(products([w, x]))
  })
})
