import { expect, test } from 'vitest'
import {
  add, any, avgPool1d, clamp, conv1d, convTranspose1d, crossEntropy, dropout, einsum, expand, flip, groupNorm, gru, gumbelSoftmax, input, klDivergence, layerNorm, matmul, max, maxPool2d, mean, type Node, norm, ntXent, pad,
  randomInput, recompute, reshape, roll, scaledDotProductAttention, scan, scatterAdd, softmax, squeeze, stack, sum,
} from '../../src/engine/index.ts'
import { refusalOf } from './check-refusals.ts'

const [x, image, filters] = [input('x', [2, 3]), input('image', [1, 2, 8, 8]), input('filters', [2, 2, 3])]
/** What plain JavaScript lets through. */
const misuse = (value: unknown): never => value as never

test.each<[message: string, make: () => unknown, hint?: string]>([
  ['add: b must be a node or a number, not undefined', () => add(x, misuse(undefined)), 'a name that is misspelt gives undefined'],
  ['softmax: x must be a node, not undefined', () => softmax(misuse(undefined)), 'a name that is misspelt gives undefined'],
  ['matmul: b must be a node, not an object with shape, data', () => matmul(x, misuse({ shape: [3], data: [1, 2, 3] }))],
  ['stack: nodes[1] must be a node, not null', () => stack([x, misuse(null)])],
  ['einsum: operands[1] must be a node, not undefined', () => einsum('ij,jk', x, misuse(undefined)), 'a name that is misspelt gives undefined'],
  ['recompute: inputs[0] must be a node, not "x"', () => recompute((y) => y, misuse('x'))],
  ['recompute: what make answers must be a node, not undefined', () => recompute(misuse(() => {}), x), 'a name that is misspelt gives undefined'],
  ['recompute: what make answers must be a node, not an object with y', () => recompute(misuse((y: Node) => ({ y })), x)],
  ['scan: what step answers must be a node, not 0', () => scan({ initial: x, sequences: [x] }, misuse(() => 0))],
  ['dropout: rate must be a number, not NaN', () => dropout(x, { name: 'd', rate: NaN })],
  ['groupNorm: groups must be a whole number, not 1.5', () => groupNorm(image, 1.5)],
  ['sum: axes must be a list of whole numbers, not 1', () => sum(x, misuse(1))],
  ['norm: axes must be a list of whole numbers, not [0.5]', () => norm(x, [0.5])],
  ['mean: keepdims is no option', () => mean(x, [0], misuse({ keepdims: true })), 'did you mean "keepDims"? There is: keepDims'],
  ['mean: keepDims must be true or false, not "yes"', () => mean(x, [0], { keepDims: misuse('yes') })],
  ['mean: options must be an object with keepDims, not true', () => mean(x, [0], misuse(true))],
  ['roll: shift must be a whole number, not 0.5', () => roll(x, 0.5, 0)],
  ['clamp: high must be a number, not NaN', () => clamp(x, 0, NaN)],
  ['reshape: shape must be a list of whole numbers, not [1.5, 4]', () => reshape(x, [1.5, 4])],
  ['expand: shape must be a list of whole numbers, not [2.5]', () => expand(x, [2.5])],
  ['scatterAdd: extent must be a whole number, not 2.5', () => scatterAdd(x, input('i', [2]), 2.5)],
  ['pad: mode must be "constant" or "edge" or "reflect" or "circular", not "reflct"', () => pad(x, 1, 1, 0, { mode: misuse('reflct') }), 'did you mean "reflect"?'],
  ['conv1d: padding must be "same", a whole number, or one or [before, after] for each spatial axis, not "valid"', () => conv1d(image, filters, { padding: misuse('valid') })],
  ['conv1d: padding must be "same", a whole number, or one or [before, after] for each spatial axis, not [[1, 0, 5]]', () => conv1d(image, filters, { padding: misuse([[1, 0, 5]]) })],
  ['convTranspose1d: padding must be a whole number, or one or [before, after] for each spatial axis, not "same"', () => convTranspose1d(image, filters, { padding: misuse('same') })],
  ['maxPool2d: kernel must be a whole number or a list of them, not undefined', () => maxPool2d(image, misuse(undefined)), 'a name that is misspelt gives undefined'],
  ['avgPool1d: dilation is no option', () => avgPool1d(image, 2, misuse({ dilation: 2 })), 'There is: stride, padding, countPadding'],
  ['gumbelSoftmax: temperature must be a finite number above 0, not 0', () => gumbelSoftmax(x, { name: 'g', temperature: 0 })],
  ['ntXent: temperature must be a finite number above 0, not 0', () => ntXent(x, x, { temperature: 0 })],
  ['randomInput: law.kind must be "keep" or "normal" or "uniform" or "gumbel", not "norml"', () => randomInput('r', [2], { kind: misuse('norml') }), 'did you mean "normal"?'],
  ['klDivergence: reduction must be "mean" or "sum" or "none", not "batchmean"', () => klDivergence(x, x, { reduction: misuse('batchmean') }), 'did you mean "mean"?'],
  ['scaledDotProductAttention: dropout.rate must be a number, not undefined', () => scaledDotProductAttention(x, x, x, { dropout: misuse({ name: 'd' }) }), 'a name that is misspelt gives undefined'],
  ['gru: inputs.bias must be a node, not undefined', () => gru(misuse({ gates: x, initial: x, weight: x })), 'a name that is misspelt gives undefined'],
])('refuses %s', (message, make, hint) => {
  const error = refusalOf(make)
  expect(error.code).toBe('E_ARGUMENT')
  expect(error.message.replace(/:\d+\)$/, ')')).toBe(`${message} (arguments.test.ts)`)
  expect(error.hint).toBe(hint)
})

test.each<[message: string, make: () => unknown]>([
  ['any: max of [2, 3]: no axes [2]', () => any(x, [2])],
  ['any: max of [2, 3]: no axes [0, 0]', () => any(x, [0, 0])],
  ['max of [2, 3]: no axes [2]', () => max(x, [2])],
  ['flip of [2, 3]: no axes [1, -1]', () => flip(x, [1, -1])],
  ['squeeze of [1, 1]: no axes [0, 0]', () => squeeze(input('y', [1, 1]), [0, 0])],
  ['scaledDotProductAttention: matmul of [2, 4, 3] and [3, 3, 5]: the shapes do not fit', () => scaledDotProductAttention(input('q', [2, 4, 3]), input('k', [3, 5, 3]), input('v', [3, 5, 3]))],
  ['layerNorm of [2, 3] and [2] and [2]: gain and bias must have the last extents', () => layerNorm(x, input('g', [2]), input('b', [2]))],
  ['crossEntropy of [2, 3]: no axis 2', () => crossEntropy(x, input('y', [2]), { axis: 2 })],
])('names the operation that was called: %s', (message, make) => {
  const error = refusalOf(make)
  expect(error.code).toBe('E_SHAPE')
  expect(error.message.replace(/:\d+\)$/, ')')).toBe(`${message} (arguments.test.ts)`)
})

test('looks at what is called within recompute', () => {
  expect(() => recompute((y: Node) => add(y, misuse('1')), x)).toThrow(/^add: b must be a node or a number, not "1" \(arguments\.test\.ts:\d+\)$/)
})

test('names the next call after one that failed', () => {
  expect(() => any(x, [2])).toThrow(/^any: max of/)
  expect(() => max(x, [2])).toThrow(/^max of/)
})

test('says where a composed operation was called as the place of all of its nodes', () => {
  const scores = softmax(x, 0)
  expect(scores.inputs[0]!.madeAt()).toBe(scores.madeAt())
  expect(scores.madeAt()).toMatch(/^arguments\.test\.ts:\d+$/)
})
