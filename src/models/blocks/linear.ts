import { count, flag, node, options, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { shapeError } from '../../engine/graph.ts'
import { add, matmul, type Node, reshape } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import { matrixInit, type MatrixInit, matrixInitKind, type ParameterSpec } from '../parameter.ts'
import { parameterOf, paramsKind } from './parameter-of.ts'

/** Parameters `<name>.weight` [inputs, outputs] and `<name>.bias` [outputs], which starts at 0. */
export const linearSpec = checked('linearSpec', {
  name: text, inputs: count, outputs: count, options: options({ init: matrixInitKind, bias: flag }, ['init']),
}, (name: string, inputs: number, outputs: number, { init, bias = true }: { init: MatrixInit; bias?: boolean }): ParameterSpec[] => {
  const weight: ParameterSpec = { name: `${name}.weight`, shape: [inputs, outputs], init: matrixInit(init, inputs, outputs), decay: true }
  return bias ? [weight, { name: `${name}.bias`, shape: [outputs], init: { kind: 'constant', value: 0 }, decay: false }] : [weight]
})

/** x W + b over the last axis, W [in, out]; without `<name>.bias` among the parameters there is no b. */
export const linear = checked('linear', { x: node, params: paramsKind, name: text }, (x: Node, params: Nodes, name: string): Node => {
  const weight = parameterOf(params, `${name}.weight`)
  const bias = `${name}.bias` in params ? params[`${name}.bias`] : undefined
  const [inputs, outputs] = weight.shape as [number, number]
  if (weight.shape.length !== 2 || x.shape.at(-1) !== inputs) throw shapeError('linear', `"${name}.weight" is not [last extent of x, outputs]`, x, weight)
  const leading = x.shape.slice(0, -1)
  // one matrix product of all rows, in the gradient too: a batched one would make a [in, out] per batch and add them up
  const product = matmul(reshape(x, [leading.reduce((size, extent) => size * extent, 1), inputs]), weight)
  return reshape(bias === undefined ? product : add(product, bias), [...leading, outputs])
})
