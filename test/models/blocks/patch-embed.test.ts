import { expect, test } from 'vitest'
import { add, evaluate, gradients, input, layerNorm, matmul, sum } from '../../../src/engine/index.ts'
import { patchEmbed } from '../../../src/models/blocks/patch-embed.ts'
import { randomAt } from '../../../src/random.ts'

const random = randomAt({ seed: 11 })
const shapes = {
  'p.in-norm.gain': [12], 'p.in-norm.bias': [12], 'p.linear.weight': [12, 5], 'p.linear.bias': [5],
  'p.out-norm.gain': [5], 'p.out-norm.bias': [5],
}
const params = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]))
const patches = input('patches', [2, 3, 12])
// the first patch is empty, as most patches of a heatmap are
const feeds = {
  ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, Array.from({ length: shape.reduce((a, b) => a * b) }, random.normal)])),
  patches: Array.from({ length: 72 }, (_, i) => (i < 12 ? 0 : random.uniform())),
}

test('the folded norm is layer norm, linear, layer norm, and so is its gradient', () => {
  const plain = layerNorm(
    add(matmul(layerNorm(patches, params['p.in-norm.gain']!, params['p.in-norm.bias']!), params['p.linear.weight']!), params['p.linear.bias']!),
    params['p.out-norm.gain']!, params['p.out-norm.bias']!)
  const folded = patchEmbed(patches, params, 'p')
  const names = Object.keys(shapes).map((name) => params[name]!)
  const valuesOf = (tokens: typeof plain) => {
    const loss = sum(matmul(tokens, input('mix', [5, 1])), [0, 1, 2])
    return evaluate([tokens, ...gradients(loss, names)], { ...feeds, mix: [0.3, -1, 2, 0.5, -0.7] }).map((values) => Array.from(values))
  }
  expect(valuesOf(folded).flat()).toBeAllclose(valuesOf(plain).flat(), { atol: 1e-9, rtol: 1e-6 })
})
