import { count, flag, type Kind, node, options, text } from '../../engine/arguments.ts'
import { dropoutOptions } from '../../engine/ops/dropout.ts'
import {
  add, concat, constant, dropout, type DropoutOptions, flip, matmul, mul, type Node, reshape, slice, squeeze, stack, transpose, transposeLast, where,
} from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { parameterOf, paramsKind } from './parameter-of.ts'

export type RecurrentShape = { readonly inputs: number; readonly width: number; readonly layers?: number; readonly bidirectional?: boolean }

/** What the parameters of recurrent layers are asked for with. */
export const recurrentSpecKinds = { name: text, shape: options({ inputs: count, width: count, layers: count, bidirectional: flag }, ['inputs', 'width']) }

/** The parameters of torch.nn.GRU or LSTM by its names, in its layout and with its starting values; `gates`: 3 or 4. */
export function recurrentSpec(name: string, gates: number, { inputs, width, layers = 1, bidirectional = false }: RecurrentShape): ParameterSpec[] {
  const init = { kind: 'uniform', bound: 1 / Math.sqrt(width) } as const
  return suffixesOf(layers, bidirectional).flatMap((suffix, i) => {
    const from = i < (bidirectional ? 2 : 1) ? inputs : width * (bidirectional ? 2 : 1)
    return [
      { name: `${name}.weight_ih${suffix}`, shape: [gates * width, from], init, decay: true }, { name: `${name}.weight_hh${suffix}`, shape: [gates * width, width], init, decay: true },
      { name: `${name}.bias_ih${suffix}`, shape: [gates * width], init, decay: false }, { name: `${name}.bias_hh${suffix}`, shape: [gates * width], init, decay: false },
    ]
  })
}

export type RecurrentOptions = {
  readonly name: string
  readonly layers?: number
  readonly bidirectional?: boolean
  /** [B, T], 1 = a step of the sequence, 0 = padding, whatever lies there: it leaves the state as it is and gives 0, as a packed sequence. */
  readonly keep?: Node
  /** Between layers. */
  readonly dropout?: DropoutOptions
}

/** What recurrent layers are called with; `initial`: the names of the values they may begin with. */
export function recurrentKinds(...initial: readonly string[]): { readonly x: Kind; readonly params: Kind; readonly options: Kind } {
  const starts = Object.fromEntries(initial.map((name) => [name, node]))
  return { x: node, params: paramsKind, options: options({ name: text, layers: count, bidirectional: flag, keep: node, dropout: dropoutOptions, ...starts }, ['name']) }
}

/** Values [layers * directions, B, H], layer by layer, forward first; zeros when not given. */
type Initial = Node | undefined

/** What a layer is made of; D directions, `parameter` by its part of the name. */
export type Unit = {
  /** The bias of what is added up of the input, of one direction. */
  readonly bias: (parameter: (part: string) => Node) => Node
  /** What is carried over time, [T, D, B, H] each, states first, of what the input adds up, [T, D, B, gates * H]; `keep` [T, D, B, 1]. */
  readonly over: (gates: Node, given: { readonly parameter: (part: string) => Node; readonly initial: readonly Node[]; readonly keep: Node | undefined }) => readonly Node[]
}

/** x [B, T, I] through layers of a unit: `states` [B, T, directions * H] of the last layer, and the `last` of all that is carried, of each layer and direction [layers * directions, B, H]. */
export function recurrentLayers(
  x: Node, params: Nodes, { name, layers = 1, bidirectional = false, keep, dropout: dropped, initial, unit }: RecurrentOptions & { readonly initial: readonly Initial[]; readonly unit: Unit },
): { readonly states: Node; readonly last: readonly Node[] } {
  const directions = bidirectional ? 2 : 1
  const suffixes = suffixesOf(layers, bidirectional)
  const last: Node[][] = initial.map(() => [])
  const steps = transpose(x, [1, 0, 2])
  // not times 0, which would leave a NaN
  let below = keep === undefined ? steps : where(stepMajor(keep), steps, 0)
  for (let layer = 0; layer < layers; layer++) {
    const from = layer > 0 && dropped !== undefined ? dropout(below, { ...dropped, name: `${dropped.name} ${layer}` }) : below
    const own = suffixes.slice(layer * directions, (layer + 1) * directions)
    const starts = initial.map((one) => one && slice(one, 0, layer * directions, (layer + 1) * directions))
    const carried = layerOf(from, (part, direction) => parameterOf(params, `${name}.${part}${own[direction]}`), { directions, starts, keep, unit })
    for (const [i, each] of carried.entries()) last[i]!.push(...each.map((one, direction) => squeeze(slice(one, 0, direction === 1 ? 0 : -1, direction === 1 ? 1 : undefined), [0])))
    const [states] = carried as [Node[]]
    below = concat(keep === undefined ? states : states.map((state) => mul(state, stepMajor(keep))), 2)
  }
  return { states: transpose(below, [1, 0, 2]), last: last.map((each) => stack(each)) }
}

type Layer = { readonly directions: number; readonly starts: readonly Initial[]; readonly keep: Node | undefined; readonly unit: Unit }

/** What is carried over x [T, B, I] by each direction of a layer, [T, B, H] each; both directions are computed at once. */
function layerOf(x: Node, of: (part: string, direction: number) => Node, { directions, starts, keep, unit }: Layer): Node[][] {
  const [steps, batch] = x.shape as [number, number]
  const each = [...Array(directions).keys()]
  const width = of('weight_hh', 0).shape[1]!
  const turned = (node: Node, direction: number): Node => (direction === 1 ? flip(node, [0]) : node)
  const rows = reshape(x, [steps * batch, x.shape[2]!])
  const gates = each.map((direction) => {
    const weight = of('weight_ih', direction)
    return turned(reshape(add(matmul(rows, transposeLast(weight)), unit.bias((part) => of(part, direction))), [steps, batch, weight.shape[0]!]), direction)
  })
  const zeros = constant({ shape: [directions, batch, width], data: new Float32Array(directions * batch * width) })
  const carried = unit.over(stack(gates, 1), {
    parameter: (part) => stack(each.map((direction) => of(part, direction))), initial: starts.map((start) => start ?? zeros),
    keep: keep && stack(each.map((direction) => turned(stepMajor(keep), direction)), 1),
  })
  return carried.map((one) => each.map((direction) => turned(squeeze(slice(one, 1, direction, direction + 1), [1]), direction)))
}

/** [B, T] -> [T, B, 1]. */
function stepMajor(keep: Node): Node {
  return reshape(transposeLast(keep), [...keep.shape.toReversed(), 1])
}

/** _l0, _l0_reverse, _l1, ... */
function suffixesOf(layers: number, bidirectional: boolean): string[] {
  return Array.from({ length: layers }, (_, layer) => (bidirectional ? [`_l${layer}`, `_l${layer}_reverse`] : [`_l${layer}`])).flat()
}
