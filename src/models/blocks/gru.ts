import { checked } from '../../engine/checked.ts'
import { constant, gru, type Node, where } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { recurrentKinds, recurrentLayers, type RecurrentOptions, type RecurrentShape, recurrentSpec, recurrentSpecKinds, type Unit } from './recurrent-layers.ts'

/** The parameters of torch.nn.GRU by its names, in its layout and with its starting values. */
export const gruSpec = checked('gruSpec', recurrentSpecKinds, (name: string, shape: RecurrentShape): ParameterSpec[] => recurrentSpec(name, 3, shape))

export type GruOptions = RecurrentOptions & {
  /** [layers * directions, B, H], layer by layer, forward first; zeros when not given. */
  readonly initial?: Node
}

/** x [B, T, I] through torch.nn.GRU: `states` [B, T, directions * H] of the last layer, and the `last` state of each layer and direction [layers * directions, B, H]. */
export const gruLayers = checked('gruLayers', recurrentKinds('initial'), (x: Node, params: Nodes, { initial, ...options }: GruOptions): { states: Node; last: Node } => {
  const { states, last } = recurrentLayers(x, params, { ...options, initial: [initial], unit })
  return { states, last: last[0]! }
})

const unit: Unit = {
  bias: (parameter) => parameter('bias_ih'),
  over: (gates, { parameter, initial: [initial], keep }) => {
    const weight = parameter('weight_hh')
    const opening = keep === undefined ? gates : where(keep, gates, holding(initial!.shape[2]!))
    return [gru({ gates: opening, initial: initial!, weight, bias: parameter('bias_hh') })]
  },
}

/** Gates [3H] that leave a state as it is: z = sigmoid(10,000) is exactly 1. */
function holding(width: number): Node {
  return constant({ shape: [3 * width], data: new Float32Array(3 * width).fill(1e4, width, 2 * width) })
}
