import { ln } from '../elementary.ts'
import { counterAt, randomAt } from '../random.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { number, text, variants, wholes } from './arguments.ts'
import { checked } from './checked.ts'
import { makeNode, type Node, shapeError, topologicalOrder } from './graph.ts'
import { maskFill } from './mask-kernel.ts'
import { inputOperation, nameOf } from './ops/input.ts'

/**
 * How the numbers of a random input fall. `keep`: 0 with probability `rate`, else 1 / (1 - rate), so that their mean is 1; the rate is rounded to 1/65,536. `gumbel`: -ln(-ln u).
 */
export type Law = { readonly kind: 'keep'; readonly rate: number } | { readonly kind: 'normal' | 'uniform' | 'gumbel' }

const lawKind = variants({ keep: { fields: { rate: number }, needed: ['rate'] }, normal: { fields: {} }, uniform: { fields: {} }, gumbel: { fields: {} } })

/** An input of numbers that are drawn anew at each step, by its name: what a graph wants of chance is declared in it. Fed by `randomFeeds`. */
export const randomInput = checked('randomInput', { name: text, shape: wholes, law: lawKind }, (name: string, shape: readonly number[], law: Law): Node => {
  const rate = law.kind === 'keep' ? law.rate : 0
  const node = makeNode(inputOperation, [], shape, { name, law: law.kind, rate })
  if (!(rate >= 0 && rate < 1)) throw shapeError(`randomInput "${name}"`, `a rate is at least 0 and below 1, this is ${rate}`, node)
  return node
})

/** The random inputs that these nodes depend on: to be listed among the inputs of their graph. */
export function randomInputsOf(nodes: readonly Node[]): Node[] {
  return topologicalOrder(nodes).filter((node) => node.operation === inputOperation && node.attributes['law'] !== undefined)
}

/**
 * What random inputs are fed at a step. The numbers depend on seed, step and the input's name, nothing else: not on the machine, other inputs, or steps before (docs/random.md: the
 * place { seed, epoch: step, transform: 'engine' } forked by the name). The tensors are written over by the next call.
 */
export function randomFeeds(inputs: readonly Node[], { seed }: { readonly seed: number }): (step: number) => Record<string, Tensor> {
  const fills = inputs.map((node) => {
    const data = new Float32Array(sizeOf(node.shape))
    return { name: nameOf(node)!, tensor: { shape: node.shape, data }, fill: fillOf(node, seed, data) }
  })
  return (step) => Object.fromEntries(fills.map(({ name, tensor, fill }) => {
    fill(step)
    return [name, tensor]
  }))
}

function fillOf(node: Node, seed: number, data: Float32Array): (step: number) => void {
  const [name, place] = [nameOf(node)!, { seed, transform: 'engine' }]
  const fillWith = (draw: (random: ReturnType<typeof randomAt>) => number) => (step: number): void => {
    const random = randomAt({ ...place, epoch: step }).fork(name)
    for (let i = 0; i < data.length; i++) data[i] = draw(random)
  }
  switch (node.attributes['law'] as Law['kind']) {
    case 'normal': return fillWith((random) => random.normal())
    case 'uniform': return fillWith((random) => random.uniform())
    // half a step of 24 bits up: u is never 0
    case 'gumbel': return fillWith((random) => -ln(-ln(random.uniform() + 2 ** -25)))
    case 'keep': return maskFill(counterAt(place, [name]), node.attributes['rate'] as number, data)
  }
}
