import { describe, expect, test } from 'vitest'
import { mapTensors, type NameMap } from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor.ts'

const counting = (...shape: number[]): Tensor => ({ shape, data: Float32Array.from({ length: shape.reduce((size, extent) => size * extent, 1) }, (_, i) => i) })
const wanted = [{ name: 'block.0.linear.weight', shape: [2, 3] }, { name: 'block.0.linear.bias', shape: [3] }, { name: 'block.1.linear.weight', shape: [3, 2] }, { name: 'head', shape: [2] }]
const file = { 'layers.0.fc.weight': counting(3, 2), 'layers.0.fc.bias': counting(3), 'layers.1.fc.weight': counting(2, 3), 'classifier.weight': counting(4, 4), head: counting(2) }
const map: NameMap = {
  rules: [{ from: String.raw`layers\.(\d+)\.fc\.weight`, to: 'block.$1.linear.weight', transpose: [1, 0] }, { from: String.raw`layers\.(\d+)\.fc\.(.*)`, to: 'block.$1.linear.$2' }],
  skip: [String.raw`classifier\..*`],
}
const mapped = (change: Partial<NameMap> = {}, tensors: Record<string, Tensor> = file) => mapTensors(tensors, { wanted, map: { ...map, ...change }, source: 'w.safetensors' })

test('the first rule that fits renames, transposes and reshapes; a name without one stays; what is skipped is left out', () => {
  const { 'block.0.linear.weight': weight, 'block.0.linear.bias': bias, 'block.1.linear.weight': second, head, ...others } = mapped()
  // [[0, 1], [2, 3], [4, 5]] turned
  expect([weight!.shape, Array.from(weight!.data)]).toEqual([[2, 3], [0, 2, 4, 1, 3, 5]])
  expect([Array.from(bias!.data), Array.from(second!.data), Array.from(head!.data), others]).toEqual([[0, 1, 2], [0, 3, 1, 4, 2, 5], [0, 1], {}])
})

test('three axes are turned as numpy turns them, then reshaped', () => {
  const { w } = mapTensors({ v: counting(2, 3, 4) }, { wanted: [{ name: 'w', shape: [4, 6] }], map: { rules: [{ from: 'v', to: 'w', transpose: [2, 0, 1], reshape: [4, 6] }] }, source: 'x' })
  // numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).reshape(4, 6)
  expect(Array.from(w!.data)).toEqual([0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23])
})

test('a parameter that is kept may lack, and a scalar is a scalar', () => {
  const { head: _, ...without } = file
  expect(Object.keys(mapped({ keep: ['head'] }, without))).not.toContain('head')
  expect(mapTensors({ s: counting() }, { wanted: [{ name: 's', shape: [] }], map: {}, source: 'x' })['s']).toEqual(counting())
})

describe('refuses with names', () => {
  test.each<[string, Partial<NameMap>, Record<string, Tensor>, string, string]>([
    ['tensors that are no parameter', { skip: [] }, file, '1 tensors are no parameter of the model: classifier.weight', 'rename them by a rule, or skip them; parameters without a tensor: none'],
    ['tensors that a rule sends nowhere', { rules: [{ from: String.raw`layers\.(.*)`, to: 'blocks.$1' }] }, file, '3 tensors are no parameter of the model: layers.0.fc.weight (here blocks.0.fc.weight), layers.0.fc.bias (here blocks.0.fc.bias), layers.1.fc.weight (here blocks.1.fc.weight)', 'rename them by a rule, or skip them; parameters without a tensor: block.0.linear.weight, block.0.linear.bias, block.1.linear.weight'],
    ['parameters that nothing is', {}, { ...file, head: undefined! }, 'no tensor for 1 parameters: head', 'name them in a rule, or keep them as they are at the start'],
    ['a matrix that lies the other way', { rules: [{ from: String.raw`layers\.(\d+)\.fc\.(.*)`, to: 'block.$1.linear.$2' }] }, file, '"layers.0.fc.weight" is [3, 2], block.0.linear.weight is [2, 3]', 'a rule with transpose: [1, 0] turns it, as a linear layer of PyTorch needs'],
    ['another shape', {}, { ...file, head: counting(5) }, '"head" is [5], head is [2]', 'a rule may have transpose and reshape'],
    ['a shape of another size', { rules: [...map.rules!, { from: 'head', to: 'head', reshape: [3] }] }, file, '"head" [2] cannot be [3]', 'reshape keeps the number of numbers'],
    ['axes that there are not', { rules: [...map.rules!, { from: 'head', to: 'head', transpose: [1, 0] }] }, file, '"head" [2] has no axes 1, 0', 'transpose names every axis once'],
    ['two tensors for one parameter', {}, { ...file, 'layers.0.fc.head': counting(2), 'block.0.linear.bias': counting(3) }, '"layers.0.fc.bias" and "block.0.linear.bias" would both be block.0.linear.bias', 'let the patterns say which, or skip one'],
    ['numbers that are not finite', {}, { ...file, head: { shape: [2], data: Float32Array.of(1, Infinity) } }, '"head" holds Infinity at 1', 'weights are finite, as float32 too'],
    ['a pattern that is none', { skip: ['('] }, file, '"(" is no regular expression: Invalid regular expression: /^(?:()$/: Unterminated group', String.raw`a dot of a name is written \.`],
    ['patterns that fit nothing, such as a rule with a slip', { keep: ['haed'] }, file, 'patterns that fit no name: haed', 'names of the file: layers.0.fc.weight, layers.0.fc.bias, layers.1.fc.weight, classifier.weight, head'],
  ])('%s', (_, change, tensors, message, hint) => {
    const given = Object.fromEntries(Object.entries(tensors).filter(([, tensor]) => tensor !== undefined))
    expect(() => mapped(change, given)).toThrow(expect.objectContaining({ code: 'E_WEIGHTS', message: `w.safetensors: ${message}`, hint }) as Error)
  })
})

describe('a tensor that is no weight', () => {
  const asked = (map: NameMap) => mapTensors({}, { wanted: [{ name: 'head.bias', shape: [2] }], map, source: 'f', leftOut: { b: 'I64', 'bn.num_batches_tracked': 'I64' } })

  test('is told with its type where it would be a parameter', () => {
    expect(() => asked({ rules: [{ from: 'b', to: 'head.bias' }] })).toThrow(expect.objectContaining({ code: 'E_WEIGHTS', message: 'f: "b" is int64, head.bias is a parameter' }))
  })

  test('is left where it is none, and may be skipped', () => {
    expect(asked({ keep: [String.raw`head\.bias`] })).toEqual({})
    expect(asked({ skip: ['b'], keep: [String.raw`head\.bias`] })).toEqual({})
  })
})
