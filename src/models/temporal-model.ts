import { add, mul, type Node, relu, reshape, sub } from '../engine/index.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { positions } from './blocks/sinusoidal-position.ts'
import { transformerBlock, transformerBlockSpec } from './blocks/transformer-block.ts'
import type { Model, Nodes, PositionRule } from './model.ts'
import type { MatrixInit, ParameterSpec } from './parameter.ts'

/** What follows once a frame is a vector of d numbers. */
export type TemporalConfig = {
  /** d. */
  readonly width: number
  readonly heads: number
  readonly temporalLayers: number
  /** Hidden width of the MLPs as a multiple of d. */
  readonly mlp: number
  /** Numbers per evaluated frame. */
  readonly embedding: number
  /** How a frame is told where it is. */
  readonly position: PositionRule
  /** Frames of the longest view in training: what `rescaled` squeezes longer ones into. */
  readonly positionLength: number
  /** Of `rotary` positions: the last pair of numbers turns by about 1 / base radians a frame. */
  readonly rotaryBase: number
  readonly init: MatrixInit
}

/**
 * A model that makes a vector of every frame, `see`, and then has frames attend to one another: positions, pre-norm blocks with padding hidden, norm, a linear embedding, and a projection
 * linear, relu, linear that only the loss sees. `reads`: the shape per frame of each tensor that `see` is given; it answers [V, T, d]. `parameters` are those of `see`.
 */
export function temporalModel<Config extends TemporalConfig & Model['config']>({ name, config, reads, parameters, see }: {
  readonly name: string; readonly config: Config; readonly reads: Readonly<Record<string, readonly number[]>>; readonly parameters: readonly ParameterSpec[]
  readonly see: (inputs: Nodes, params: Nodes) => Node
}): Model {
  const { width, embedding, position: usual, positionLength: length } = config
  return {
    name, config, parameters: [...parameters, ...temporalSpec(config)], widths: { embedding, projection: embedding },
    inputs: (rows, frames) => ({
      ...Object.fromEntries(Object.entries(reads).map(([tensor, perFrame]) => [tensor, [rows, frames, ...perFrame]])), mask: [rows, frames], position: [rows, frames, width] }),
    feeds: ({ mask, start, ...tensors }, { position: rule = usual } = {}) => (
      { ...Object.fromEntries(Object.keys(reads).map((tensor) => [tensor, tensors[tensor]!])), mask: mask!, position: positions(mask!, { rule, length, width, start }) }),
    forward: ({ mask, position, ...seen }, params) => {
      const embedding = linear(attend(add(see(seen, params), position!), mask!, params, config), params, 'embedding')
      return { embedding, projection: linear(relu(linear(embedding, params, 'head-in')), params, 'head-out') }
    },
  }
}

function temporalSpec({ width, temporalLayers, mlp, embedding, init }: TemporalConfig): ParameterSpec[] {
  return [
    ...Array.from({ length: temporalLayers }, (_, layer) => transformerBlockSpec(`temporal.${layer}`, { width, mlp, init })).flat(), ...normSpec('temporal-norm', width),
    ...linearSpec('embedding', width, embedding, { init }),
    ...linearSpec('head-in', embedding, embedding, { init }), ...linearSpec('head-out', embedding, embedding, { init }),
  ]
}

/** [V, T, d] -> [V, T, d]: attention among the frames of one view, padding hidden. */
function attend(x: Node, mask: Node, params: Nodes, { heads, temporalLayers, position, rotaryBase: base }: TemporalConfig): Node {
  const [rows, frames] = mask.shape as [number, number]
  const bias = mul(sub(reshape(mask, [rows, 1, 1, frames]), 1), 1e9)
  const rotaryBase = position === 'rotary' ? base : undefined
  let hidden = x
  for (let layer = 0; layer < temporalLayers; layer++) hidden = transformerBlock(hidden, params, { name: `temporal.${layer}`, heads, bias, rotaryBase })
  return norm(hidden, params, 'temporal-norm')
}
