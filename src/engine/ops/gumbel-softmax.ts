import { randomInput } from '../chance.ts'
import { flag, node, options, positive, text } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { add } from './add.ts'
import { argMax } from './arg-max.ts'
import { div } from './div.ts'
import { oneHot } from './one-hot.ts'
import { softmax } from './softmax.ts'
import { straightThrough } from './straight-through.ts'

/**
 * A choice along the last axis, drawn with the probabilities softmax(logits), as numbers with a derivative: softmax((logits + Gumbel noise) / temperature). `hard`: the one-hot of
 * the largest with the derivative of the soft one. `name` names the noise, a random input of the graph. Jang et al., Categorical Reparameterization with Gumbel-Softmax, 2017.
 */
export const gumbelSoftmax = checked('gumbelSoftmax', {
  logits: node, options: options({ name: text, temperature: positive, hard: flag }, ['name']),
}, (logits: Node, { name, temperature = 1, hard = false }: { readonly name: string; readonly temperature?: number; readonly hard?: boolean }): Node => {
  const soft = softmax(div(add(logits, randomInput(name, logits.shape, { kind: 'gumbel' })), temperature))
  return hard ? straightThrough(oneHot(argMax(soft, -1), logits.shape.at(-1)!), soft) : soft
})
