import {
  add, averageFeeds, type Executor, flatParameters, input, layerNorm, matmul, mean, mul, type Node, type Optimiser, optimiserFeeds, recompute, softmax, trainingGraph,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

/** Steps of a training with groups, an average, a loss scale and a block that is computed again: the losses and what is left. */
export async function trained(on: Executor): Promise<{ losses: number[]; state: Record<string, Tensor> }> {
  const parameters = [{ name: 'w', shape: [8, 8], decay: true }, { name: 'gain', shape: [8], decay: false }, { name: 'bias', shape: [8], decay: false }]
  const { flat, params } = flatParameters(parameters)
  const x = input('x', [2, 6, 8])
  const block = (y: Node): Node => add(y, matmul(softmax(matmul(layerNorm(y, params['gain']!, params['bias']!), params['w']!)), params['w']!))
  const hidden = recompute((y) => block(y!), recompute((y) => block(y!), x))
  const optimiser: Optimiser = { kind: 'adamw', groups: [{ match: 'gain', frozen: true }, { match: 'bias', rateFactor: 2, beta1: 0.8 }] }
  const options = { loss: mean(mul(hidden, hidden), [0, 1, 2]), inputs: [x], parameters, flat, params, optimiser, clipNorm: 1, average: true, lossScale: { start: 64 } }
  const graph = trainingGraph(options)
  const program = await on.compile(graph)
  await program.writeState(graph.start(Float32Array.from({ length: 80 }, (_, i) => (i >= 64 && i < 72 ? 1 : Math.sin(i)))))
  const losses: number[] = []
  for (let step = 1; step <= 3; step++) {
    const { loss } = await program.run({
      x: { shape: [2, 6, 8], data: Float32Array.from({ length: 96 }, (_, i) => Math.cos(i)) }, ...optimiserFeeds(0.01, step, optimiser), ...averageFeeds(step, { kind: 'equal' }),
    })
    losses.push(loss!.data[0]!)
  }
  const state = await program.readState()
  await program.close()
  return { losses, state }
}
