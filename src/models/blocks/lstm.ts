import { checked } from '../../engine/checked.ts'
import { add, lstm, type Node } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { recurrentKinds, recurrentLayers, type RecurrentOptions, type RecurrentShape, recurrentSpec, recurrentSpecKinds, type Unit } from './recurrent-layers.ts'

/** The parameters of torch.nn.LSTM by its names, in its layout (gates i, f, g, o) and with its starting values. */
export const lstmSpec = checked('lstmSpec', recurrentSpecKinds, (name: string, shape: RecurrentShape): ParameterSpec[] => recurrentSpec(name, 4, shape))

export type LstmOptions = RecurrentOptions & {
  /** States and cells [layers * directions, B, H], layer by layer, forward first; zeros when not given. */
  readonly initial?: Node
  readonly initialCell?: Node
}

/**
 * x [B, T, I] through torch.nn.LSTM: `states` [B, T, directions * H] of the last layer, and the `last` state and `lastCell` of each layer and direction [layers * directions, B, H].
 */
export const lstmLayers = checked('lstmLayers', recurrentKinds('initial', 'initialCell'), (
  x: Node, params: Nodes, { initial, initialCell, ...options }: LstmOptions,
): { states: Node; last: Node; lastCell: Node } => {
  const { states, last: [last, lastCell] } = recurrentLayers(x, params, { ...options, initial: [initial, initialCell], unit })
  return { states, last: last!, lastCell: lastCell! }
})

const unit: Unit = {
  bias: (parameter) => add(parameter('bias_ih'), parameter('bias_hh')),
  over: (gates, { parameter, initial: [initial, initialCell], keep }) => {
    const { states, cells } = lstm({ gates, initial: initial!, initialCell: initialCell!, weight: parameter('weight_hh'), ...(keep === undefined ? {} : { keep }) })
    return [states, cells]
  },
}
