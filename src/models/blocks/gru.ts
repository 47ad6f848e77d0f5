import {
  add, concat, constant, dropout, type DropoutOptions, flip, gru, matmul, mul, type Node, reshape, slice, squeeze, stack, transpose, transposeLast, where,
} from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'

export type GruShape = { readonly inputs: number; readonly width: number; readonly layers?: number; readonly bidirectional?: boolean }

/** The parameters of torch.nn.GRU by its names, in its layout and with its starting values. */
export function gruSpec(name: string, { inputs, width, layers = 1, bidirectional = false }: GruShape): ParameterSpec[] {
  const init = { kind: 'uniform', bound: 1 / Math.sqrt(width) } as const
  return suffixesOf(layers, bidirectional).flatMap((suffix, i) => {
    const from = i < (bidirectional ? 2 : 1) ? inputs : width * (bidirectional ? 2 : 1)
    return [
      { name: `${name}.weight_ih${suffix}`, shape: [3 * width, from], init, decay: true }, { name: `${name}.weight_hh${suffix}`, shape: [3 * width, width], init, decay: true },
      { name: `${name}.bias_ih${suffix}`, shape: [3 * width], init, decay: false }, { name: `${name}.bias_hh${suffix}`, shape: [3 * width], init, decay: false },
    ]
  })
}

export type GruOptions = {
  readonly name: string
  readonly layers?: number
  readonly bidirectional?: boolean
  /** [layers * directions, B, H], layer by layer, forward first; zeros when not given. */
  readonly initial?: Node
  /** [B, T], 1 = a step of the sequence, 0 = padding, whatever lies there: it leaves the state as it is and gives 0, as a packed sequence. */
  readonly keep?: Node
  /** Between layers. */
  readonly dropout?: DropoutOptions
}

/** x [B, T, I] through torch.nn.GRU: `states` [B, T, directions * H] of the last layer, and the `last` state of each layer and direction [layers * directions, B, H]. */
export function gruLayers(x: Node, params: Nodes, { name, layers = 1, bidirectional = false, initial, keep, dropout: dropped }: GruOptions): { states: Node; last: Node } {
  const directions = bidirectional ? 2 : 1
  const suffixes = suffixesOf(layers, bidirectional)
  const last: Node[] = []
  const steps = transpose(x, [1, 0, 2])
  // not times 0, which would leave a NaN
  let below = keep === undefined ? steps : where(stepMajor(keep), steps, 0)
  for (let layer = 0; layer < layers; layer++) {
    const from = layer > 0 && dropped !== undefined ? dropout(below, { ...dropped, name: `${dropped.name} ${layer}` }) : below
    const own = suffixes.slice(layer * directions, (layer + 1) * directions)
    const start = initial === undefined ? undefined : slice(initial, 0, layer * directions, (layer + 1) * directions)
    const states = layerOf(from, (part, direction) => params[`${name}.${part}${own[direction]}`]!, { directions, start, keep })
    last.push(...states.map((state, direction) => squeeze(slice(state, 0, direction === 1 ? 0 : -1, direction === 1 ? 1 : undefined), [0])))
    below = concat(keep === undefined ? states : states.map((state) => mul(state, stepMajor(keep))), 2)
  }
  return { states: transpose(below, [1, 0, 2]), last: stack(last) }
}

type Direction = (part: string, direction: number) => Node

/** States [T, B, H] of each direction of a layer over x [T, B, I], both at once. */
function layerOf(x: Node, of: Direction, { directions, start, keep }: { directions: number; start: Node | undefined; keep: Node | undefined }): Node[] {
  const [steps, batch] = x.shape as [number, number]
  const each = [...Array(directions).keys()]
  const width = of('weight_hh', 0).shape[1]!
  const turned = (node: Node, direction: number): Node => (direction === 1 ? flip(node, [0]) : node)
  const rows = reshape(x, [steps * batch, x.shape[2]!])
  const gates = each.map((direction) => {
    const summed = reshape(add(matmul(rows, transposeLast(of('weight_ih', direction))), of('bias_ih', direction)), [steps, batch, 3 * width])
    return turned(keep === undefined ? summed : where(stepMajor(keep), summed, holding(width)), direction)
  })
  const together = (part: string): Node => stack(each.map((direction) => of(part, direction)))
  const initial = start ?? constant({ shape: [directions, batch, width], data: new Float32Array(directions * batch * width) })
  const states = gru({ gates: stack(gates, 1), initial, weight: together('weight_hh'), bias: together('bias_hh') })
  return each.map((direction) => turned(squeeze(slice(states, 1, direction, direction + 1), [1]), direction))
}

/** Gates [3H] that leave a state as it is: z = sigmoid(10,000) is exactly 1. */
function holding(width: number): Node {
  return constant({ shape: [3 * width], data: new Float32Array(3 * width).fill(1e4, width, 2 * width) })
}

/** [B, T] -> [T, B, 1]. */
function stepMajor(keep: Node): Node {
  return reshape(transposeLast(keep), [...keep.shape.toReversed(), 1])
}

/** _l0, _l0_reverse, _l1, ... */
function suffixesOf(layers: number, bidirectional: boolean): string[] {
  return Array.from({ length: layers }, (_, layer) => (bidirectional ? [`_l${layer}`, `_l${layer}_reverse`] : [`_l${layer}`])).flat()
}
