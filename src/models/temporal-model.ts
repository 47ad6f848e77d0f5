import { add, type CarriedState, concat, matmul, mul, type Node, relu, reshape, sub } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { convolutionPosition, convolutionPositionSpec } from './blocks/convolution-position.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { learnedPositionSpec, learnedPositionWeights } from './blocks/learned-position.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { relativePosition, relativePositionSpec } from './blocks/relative-position.ts'
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
  /** Frames of the longest view in training: what `rescaled` squeezes longer ones into, and the rows of the table that `learned` has. */
  readonly positionLength: number
  /** Of `rotary` positions: the last pair of numbers turns by about 1 / base radians a frame. */
  readonly rotaryBase: number
  /** Frames that `convolution` sees at once: 9 [I] when not given. */
  readonly positionKernel?: number
  readonly init: MatrixInit
}

/** Vectors [V, T, d] of frames, one for each stream, and the `state` of batch normalisations. */
export type Seen = { readonly vectors: readonly Node[]; readonly state: readonly CarriedState[] }

/**
 * A model that makes a vector of every frame, `see`, and then has frames attend to one another: positions, pre-norm blocks with padding hidden, norm, a linear embedding, and a projection
 * linear, relu, linear that only the loss sees. `reads`: the shape per frame of each tensor that `see` is given; it answers [V, T, d]. `parameters` are those of `see`.
 * Of several `streams` each attends by itself, its parameters below the stream's prefix, and a linear map of all their embeddings, `fusion`, is the embedding.
 */
export function temporalModel<Config extends TemporalConfig & Model['config']>({ name, config, reads, parameters, see, streams = [''] }: {
  readonly name: string; readonly config: Config; readonly reads: Readonly<Record<string, readonly number[]>>; readonly parameters: readonly ParameterSpec[]
  readonly see: (inputs: Nodes, params: Nodes, mode: { readonly training: boolean }) => Node | Seen; readonly streams?: readonly string[]
}): Model {
  const { width, heads, embedding, position: usual, positionLength: length } = config
  if (usual === 'rotary' && (width / heads) % 2 !== 0) {
    throw new ToolkitError('E_MODEL_SIZES', `${heads} heads of ${width / heads} numbers each: rotary positions turn pairs of numbers`, { hint: `width must be a multiple of ${2 * heads}, or position another` })
  }
  const told = { learned: length, relative: null, rotary: null, convolution: null, none: width, index: width, rescaled: width }[usual]
  return {
    name, config, parameters: [...parameters, ...temporalSpec(config, streams)], widths: { embedding, projection: embedding },
    inputs: (rows, frames) => ({
      ...Object.fromEntries(Object.entries(reads).map(([tensor, perFrame]) => [tensor, [rows, frames, ...perFrame]])), mask: [rows, frames],
      ...(told === null ? {} : { position: [rows, frames, told] }) }),
    feeds: ({ mask, start, ...tensors }, { position: numbering } = {}) => ({
      ...Object.fromEntries(Object.keys(reads).map((tensor) => [tensor, tensors[tensor]!])), mask: mask!,
      ...(usual === 'relative' || usual === 'rotary' || usual === 'convolution' ? {} : {
        position: usual === 'learned' ? learnedPositionWeights(mask!, { rule: numbering ?? 'index', length }) : positions(mask!, { rule: numbering ?? usual, length, width, start }) }),
    }),
    forward: (inputs, params, mode) => {
      const seen = see(inputs, params, mode)
      const { vectors, state } = 'vectors' in seen ? seen : { vectors: [seen], state: [] }
      const embeddings = vectors.map((x, i) => {
        const stream = { ...config, prefix: streams[i]! }
        return linear(attend(placed(x, inputs, params, stream), inputs['mask']!, params, stream), params, `${stream.prefix}embedding`)
      })
      const embedding = embeddings.length === 1 ? embeddings[0]! : linear(concat(embeddings, 2), params, 'fusion')
      return { embedding, projection: linear(relu(linear(embedding, params, 'head-in')), params, 'head-out'), state }
    },
  }
}

/** Frames a convolution sees at once **[I]**. */
const USUAL_KERNEL = 9

function temporalSpec(config: TemporalConfig, streams: readonly string[]): ParameterSpec[] {
  const { embedding, init } = config
  return [
    ...streams.flatMap((prefix) => streamSpec({ ...config, prefix })), ...(streams.length === 1 ? [] : linearSpec('fusion', streams.length * embedding, embedding, { init })),
    ...linearSpec('head-in', embedding, embedding, { init }), ...linearSpec('head-out', embedding, embedding, { init }),
  ]
}

/** The config of a stream, and what its parameters' names begin with. */
type Stream = TemporalConfig & { readonly prefix: string }

function streamSpec({ prefix, width, heads, temporalLayers, mlp, embedding, init, position, positionLength, positionKernel = USUAL_KERNEL }: Stream): ParameterSpec[] {
  return [
    ...(position === 'learned' ? learnedPositionSpec(`${prefix}temporal-position`, positionLength, width) : []),
    ...(position === 'relative' ? relativePositionSpec(`${prefix}temporal-position`, heads) : []),
    ...(position === 'convolution' ? convolutionPositionSpec(`${prefix}temporal-position`, width, positionKernel) : []),
    ...Array.from({ length: temporalLayers }, (_, layer) => transformerBlockSpec(`${prefix}temporal.${layer}`, { width, mlp, init })).flat(), ...normSpec(`${prefix}temporal-norm`, width),
    ...linearSpec(`${prefix}embedding`, width, embedding, { init }),
  ]
}

/** Frames [V, T, d] that know where they are, but for what attention is told. */
function placed(x: Node, inputs: Nodes, params: Nodes, { prefix, position: rule }: Stream): Node {
  if (rule === 'relative' || rule === 'rotary') return x
  if (rule === 'convolution') return add(x, convolutionPosition(x, inputs['mask']!, params, `${prefix}temporal-position`))
  return add(x, rule === 'learned' ? matmul(inputs['position']!, params[`${prefix}temporal-position`]!) : inputs['position']!)
}

/** [V, T, d] -> [V, T, d]: attention among the frames of one view, padding hidden. */
function attend(x: Node, mask: Node, params: Nodes, { prefix, heads, temporalLayers, position, rotaryBase: base }: Stream): Node {
  const [rows, frames] = mask.shape as [number, number]
  const hidden = mul(sub(reshape(mask, [rows, 1, 1, frames]), 1), 1e9)
  const bias = position === 'relative' ? add(hidden, relativePosition(params, `${prefix}temporal-position`, frames)) : hidden
  const rotaryBase = position === 'rotary' ? base : undefined
  let attended = x
  for (let layer = 0; layer < temporalLayers; layer++) attended = transformerBlock(attended, params, { name: `${prefix}temporal.${layer}`, heads, bias, rotaryBase })
  return norm(attended, params, `${prefix}temporal-norm`)
}
