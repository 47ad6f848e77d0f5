import { expect, test } from 'vitest'
import {
  attention, attentionSpec, flatParameters, gruLayers, gruSpec, input, linear, linearSpec, lstmLayers, lstmSpec, multiHeadAttention, multiHeadAttentionSpec, norm, normSpec, patchEmbed, patchEmbedSpec, positions,
  transformerBlock, transformerBlockSpec,
} from '../../../src/model.ts'

const init = 'fan-in'
const { params } = flatParameters([
  ...linearSpec('out', 4, 3, { init }), ...normSpec('norm', 4), ...transformerBlockSpec('block', { width: 4, mlp: 2, init }), ...multiHeadAttentionSpec('heads', 4), ...gruSpec('gru', { inputs: 4, width: 3 }),
  ...lstmSpec('lstm', { inputs: 4, width: 3 }), ...patchEmbedSpec('patch', { inputs: 4, width: 2, init }),
])
const [x, wide] = [input('x', [2, 5, 4]), input('wide', [2, 5, 6])]
/** What plain JavaScript lets through. */
const misuse = (value: unknown): never => value as never

test.each<[code: string, message: string, make: () => unknown]>([
  ['E_ARGUMENT', 'linear: x must be a node, not undefined', () => linear(misuse(undefined), params, 'out')],
  ['E_ARGUMENT', 'linear: params must be an object, not "out"', () => linear(x, misuse('out'), misuse(params))],
  ['E_ARGUMENT', 'linear: params.w must be a node, not [1]', () => linear(x, { w: misuse([1]) }, 'out')],
  ['E_ARGUMENT', 'norm: name must be a text, not undefined', () => norm(x, params, misuse(undefined))],
  ['E_ARGUMENT', 'attention: name must be a text, not undefined', () => attention(x, x, params, misuse({ heads: 2 }))],
  ['E_ARGUMENT', 'attention: heads must be a whole number of 1 or more, not 0', () => attention(x, x, params, { name: 'block.attention', heads: 0 })],
  ['E_ARGUMENT', 'transformerBlock: head is no option', () => transformerBlock(x, params, misuse({ name: 'block', head: 2 }))],
  ['E_ARGUMENT', 'transformerBlock: only must be "all" or "first", not "last"', () => transformerBlock(x, params, { name: 'block', heads: 2, only: misuse('last') })],
  ['E_ARGUMENT', 'transformerBlock: bias must be a node, not 1', () => transformerBlock(x, params, { name: 'block', heads: 2, bias: misuse(1) })],
  ['E_ARGUMENT', 'multiHeadAttention: sequences.values must be a node, not undefined', () => multiHeadAttention(misuse({ queries: x, keys: x }), params, { name: 'heads', heads: 2 })],
  ['E_ARGUMENT', 'multiHeadAttention: casual is no option', () => multiHeadAttention({ queries: x, keys: x, values: x }, params, misuse({ name: 'heads', heads: 2, casual: true }))],
  ['E_ARGUMENT', 'gruLayers: layers must be a whole number of 1 or more, not 1.5', () => gruLayers(x, params, { name: 'gru', layers: 1.5 })],
  ['E_ARGUMENT', 'gruLayers: initialCell is no option', () => gruLayers(x, params, misuse({ name: 'gru', initialCell: x }))],
  ['E_ARGUMENT', 'lstmLayers: dropout.rate must be a number, not undefined', () => lstmLayers(x, params, { name: 'lstm', dropout: misuse({ name: 'd' }) })],
  ['E_ARGUMENT', 'patchEmbed: patches must be a node, not null', () => patchEmbed(misuse(null), params, 'patch')],
  ['E_ARGUMENT', 'linearSpec: outputs must be a whole number of 1 or more, not undefined', () => linearSpec('w', 2, misuse(undefined), { init })],
  ['E_ARGUMENT', 'linearSpec: options must be an object with init, bias, not "fan-in"', () => linearSpec('w', 2, 3, misuse('fan-in'))],
  ['E_ARGUMENT', 'normSpec: width must be a whole number of 1 or more, not 1.5', () => normSpec('n', 1.5)],
  ['E_ARGUMENT', 'attentionSpec: init must be "xavier" or "fan-in", not "kaiming"', () => attentionSpec('a', 4, misuse('kaiming'))],
  ['E_ARGUMENT', 'transformerBlockSpec: mlp must be a whole number of 1 or more, not undefined', () => transformerBlockSpec('b', misuse({ width: 4, init }))],
  ['E_ARGUMENT', 'multiHeadAttentionSpec: width must be a whole number of 1 or more, not an object with width', () => multiHeadAttentionSpec('h', misuse({ width: 4 }))],
  ['E_ARGUMENT', 'gruSpec: shape.hidden is no option', () => gruSpec('g', misuse({ inputs: 2, hidden: 3 }))],
  ['E_ARGUMENT', 'lstmSpec: shape.bidirectional must be true or false, not "yes"', () => lstmSpec('l', { inputs: 2, width: 3, bidirectional: misuse('yes') })],
  ['E_ARGUMENT', 'patchEmbedSpec: inputs must be a whole number of 1 or more, not 0', () => patchEmbedSpec('p', { inputs: 0, width: 2, init })],
  ['E_ARGUMENT', 'positions: rule must be "none" or "index" or "rescaled", not "indx"', () => positions({ shape: [1, 2], data: new Float32Array(2) }, { rule: misuse('indx'), length: 2, width: 4 })],
  ['E_SHAPE', 'linear of [2, 5, 6] and [4, 3]: "out.weight" is not [last extent of x, outputs]', () => linear(wide, params, 'out')],
  ['E_SHAPE', 'norm: layerNorm of [2, 5, 6] and [4] and [4]: gain and bias must have the last extents', () => norm(wide, params, 'norm')],
  ['E_SHAPE', 'attention of [2, 5, 4]: a width of 4 does not come apart into 3 heads', () => attention(x, x, params, { name: 'block.attention', heads: 3 })],
  ['E_SHAPE', 'attention of [2, 5, 4] and [2, 5, 6]: they are not [B, Q, d] and [B, S, d]', () => attention(x, wide, params, { name: 'block.attention', heads: 2 })],
  ['E_SHAPE', 'multiHeadAttention of [2, 5, 4]: a width of 4 does not come apart into 3 heads', () => multiHeadAttention({ queries: x, keys: x, values: x }, params, { name: 'heads', heads: 3 })],
  ['E_SHAPE', 'transformerBlock: layerNorm of [2, 5, 6] and [4] and [4]: gain and bias must have the last extents', () => transformerBlock(wide, params, { name: 'block', heads: 2 })],
  ['E_SHAPE', 'gruLayers: matmul of [10, 6] and [4, 9]: the shapes do not fit', () => gruLayers(wide, params, { name: 'gru' })],
  ['E_SHAPE', 'patchEmbed of [2, 5, 6] and [4, 2]: "patch.linear.weight" is not [last extent of patches, width]', () => patchEmbed(wide, params, 'patch')],
])('%s: %s', (code, message, make) => {
  expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(placed(message)) as string }))
})

test.each<[message: string, make: () => unknown, hint: string]>([
  ['linear: no parameter "uot.weight"', () => linear(x, params, 'uot'), 'did you mean "out.weight"?'],
  ['norm: no parameter "nrm.gain"', () => norm(x, { 'norm.gain': params['norm.gain']!, 'norm.bias': params['norm.bias']! }, 'nrm'), 'did you mean "norm.gain"?'],
  ['transformerBlock: no parameter "blok.attention-norm.gain"', () => transformerBlock(x, params, { name: 'blok', heads: 2 }), 'did you mean "block.attention-norm.gain"?'],
  ['multiHeadAttention: no parameter "head.in_proj_weight"', () => multiHeadAttention({ queries: x, keys: x, values: x }, params, { name: 'head', heads: 2 }), 'did you mean "heads.in_proj_weight"?'],
  ['lstmLayers: no parameter "lstm.weight_ih_l0_reverse"', () => lstmLayers(x, params, { name: 'lstm', bidirectional: true }), 'did you mean "lstm.weight_ih_l0"?'],
])('names the block that reads a parameter there is not: %s', (message, make, hint) => {
  expect(make).toThrow(expect.objectContaining({ code: 'E_NAME', message, hint: expect.stringContaining(hint) as string }))
})

/** The message with a line of this file. */
function placed(message: string): RegExp {
  return new RegExp(`^${message.replaceAll(/[.[\]()]/g, String.raw`\$&`)} \\(misuse\\.test\\.ts:\\d+\\)$`)
}
