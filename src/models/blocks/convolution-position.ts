import { conv1d, mul, type Node, reshape, transpose } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { parameterOf } from './parameter-of.ts'

/** Parameters of `convolutionPosition`: `<name>.weight` [width, 1, kernel] and `<name>.bias` [width], which begins at 0. */
export function convolutionPositionSpec(name: string, width: number, kernel: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [width, 1, kernel], init: { kind: 'uniform', bound: 1 / Math.sqrt(kernel) }, decay: true },
    { name: `${name}.bias`, shape: [width], init: { kind: 'constant', value: 0 }, decay: false },
  ]
}

/**
 * What each frame [V, T, d] is told by those around it: a depthwise convolution over time, padding 0. A frame knows where it is near the ends of its view alone.
 * Chu et al., Conditional Positional Encodings for Vision Transformers, ICLR 2023.
 */
export function convolutionPosition(x: Node, mask: Node, params: Nodes, name: string): Node {
  const real = mul(x, reshape(mask, [...mask.shape, 1]))
  const found = conv1d(transpose(real, [0, 2, 1]), parameterOf(params, `${name}.weight`), { groups: x.shape[2]!, padding: 'same', bias: parameterOf(params, `${name}.bias`) })
  return transpose(found, [0, 2, 1])
}
