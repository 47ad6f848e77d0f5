import { ToolkitError } from '../errors.ts'
import { add, concat, mul, type Node, relu, reshape, slice } from '../engine/index.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { linearAttention } from './blocks/linear-attention.ts'
import { positions } from './blocks/sinusoidal-position.ts'
import type { Model, Nodes, Numbering } from './model.ts'
import type { ModelKind } from './model-kind.ts'
import type { ParameterSpec } from './parameter.ts'

/** The encoder's options: Penn Action 25 joints in space, d = 75 and 15 heads; IKEA ASM 17, 51 and 17; H2O 42, 126 and 21; 4 layers each. */
export type CasaConfig = {
  readonly persons: number
  readonly joints: number
  readonly dims: 2 | 3
  /** Each of attention within a view, then across both. */
  readonly layers: number
  readonly heads: number
  /** `attended`: frames of padding are attended to as if they were frames, as the release does. */
  readonly padding: 'masked' | 'attended'
  readonly position: Numbering
  readonly positionLength: number
}

/**
 * CASA's encoder: the coordinates of a frame through two layers to as many numbers, d, scaled by sqrt(d) and told their position, then linear attention within each view and across both, by turns. Across:
 * the first view attends to the second, then the second to what the first has become. Two views only meet in training; else a view meets itself. The embedding is what a projection of two layers is made of, which only the
 * loss sees. Inputs `coordinates` [V, T, M, J, D + 2] (of which it sees the first D), `position` [V, T, d or d + 1: an even number], `mask` [V, T] unless padding is attended.
 * Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022; layers of LoFTR, CVPR 2021.
 */
export function casa(config: CasaConfig): Model {
  const { persons, joints, dims, padding, position: usual, positionLength } = config
  const width = widthOf(config)
  const even = width + (width % 2)
  const isMasked = padding === 'masked'
  return {
    name: 'casa', config, parameters: parametersOf(config), widths: { embedding: width, projection: width },
    inputs: (rows, frames) => (
      { coordinates: [rows, frames, persons, joints, dims + 2], position: [rows, frames, even], ...(isMasked ? { mask: [rows, frames] } : {}) }),
    feeds: ({ coordinates, mask, start }, { position: rule = usual } = {}) => {
      const numbered = isMasked ? mask! : { shape: mask!.shape, data: new Float32Array(mask!.data.length).fill(1) }
      return { coordinates: coordinates!, position: positions(numbered, { rule, length: positionLength, width: even, start }), ...(isMasked ? { mask: mask! } : {}) }
    },
    forward: ({ coordinates, position, mask }, params, { training }) => {
      const embedding = aligned(told(coordinates!, position!, params, config), { mask, params, config, isPair: training })
      return { embedding, projection: linear(relu(linear(embedding, params, 'head-in')), params, 'head-out') }
    },
  }
}

/** d: all coordinates of a frame. */
function widthOf({ persons, joints, dims }: Pick<CasaConfig, 'persons' | 'joints' | 'dims'>): number {
  return persons * joints * dims
}

function parametersOf(config: CasaConfig): ParameterSpec[] {
  const width = widthOf(config)
  return [
    ...asInPyTorch('joints-in', width), ...asInPyTorch('joints-out', width),
    ...Array.from({ length: 2 * config.layers }, (_, layer) => layerSpec(`layers.${layer}`, width)).flat(),
    ...asInPyTorch('head-in', width), ...asInPyTorch('head-out', width),
  ]
}

/** A linear layer with the starting values of torch.nn.Linear: weights and biases within 1 / sqrt(in). */
function asInPyTorch(name: string, width: number): ParameterSpec[] {
  return linearSpec(name, width, width, { init: 'fan-in' }).map((parameter) => ({ ...parameter, init: { kind: 'uniform', bound: 1 / Math.sqrt(width) } }))
}

function layerSpec(name: string, width: number): ParameterSpec[] {
  const matrix = (part: string, inputs: number, outputs: number): ParameterSpec[] => linearSpec(`${name}.${part}`, inputs, outputs, { init: 'xavier', bias: false })
  return [
    ...['query', 'key', 'value', 'merge'].flatMap((part) => matrix(part, width, width)), ...normSpec(`${name}.attention-norm`, width),
    ...matrix('mlp-in', 2 * width, 2 * width), ...matrix('mlp-out', 2 * width, width), ...normSpec(`${name}.mlp-norm`, width),
  ]
}

/** [V, T, M, J, D + 2] -> [V, T, d], with the positions, of which an odd d leaves out the last number. */
function told(coordinates: Node, position: Node, params: Nodes, { dims }: CasaConfig): Node {
  const [rows, frames, persons, joints] = coordinates.shape as [number, number, number, number]
  const width = persons * joints * dims
  const flat = reshape(slice(coordinates, 4, 0, dims), [rows, frames, width])
  const seen = relu(linear(relu(linear(flat, params, 'joints-in')), params, 'joints-out'))
  return add(mul(seen, Math.sqrt(position.shape[2]!)), slice(position, 2, 0, width))
}

/** The rows through all layers. With `isPair` rows b and b + B are the two views of a clip, else every row is both. */
function aligned(x: Node, { mask, params, config: { layers, heads }, isPair }: { mask: Node | undefined; params: Nodes; config: CasaConfig; isPair: boolean }): Node {
  const half = (node: Node, which: 0 | 1): Node => (isPair ? slice(node, 0, (which * node.shape[0]!) / 2, ((which + 1) * node.shape[0]!) / 2) : node)
  const keep = ([0, 1] as const).map((which) => mask && half(mask, which))
  let views: [Node, Node] = [half(x, 0), half(x, 1)]
  for (let layer = 0; layer < layers; layer++) {
    const attend = (at: number, of: Node, to: Node, kept: Node | undefined): Node => encoderLayer(of, to, params, { name: `layers.${at}`, heads, keep: kept })
    const within: [Node, Node] = [attend(2 * layer, views[0], views[0], keep[0]), attend(2 * layer, views[1], views[1], keep[1])]
    const first = attend(2 * layer + 1, within[0], within[1], keep[1])
    views = [first, attend(2 * layer + 1, within[1], first, keep[0])]
  }
  return isPair ? concat(views, 0) : views[0]
}

/** x += norm(W relu(W [x, norm(merge(attention of x to source))])), all without biases. */
function encoderLayer(x: Node, source: Node, params: Nodes, { name, heads, keep }: { name: string; heads: number; keep: Node | undefined }): Node {
  const part = (of: Node, which: string): Node => linear(of, params, `${name}.${which}`)
  const mixed = linearAttention({ queries: part(x, 'query'), keys: part(source, 'key'), values: part(source, 'value') }, { heads, keep })
  const message = norm(part(mixed, 'merge'), params, `${name}.attention-norm`)
  return add(x, norm(part(relu(part(concat([x, message], 2), 'mlp-in')), 'mlp-out'), params, `${name}.mlp-norm`))
}

/** What of a training decides the encoder and what it sees. */
export type CasaSettings = {
  readonly persons: number
  readonly casa: Pick<CasaConfig, 'layers' | 'heads' | 'padding' | 'position'> & {
    /** Coordinates per joint: which clips of a data set it takes. */
    readonly dims: number
    /** What stands where a joint is absent, which the release knows none of: a place on a line in time between the frames that have it, or the root of the body. */
    readonly absent: 'interpolated' | 'zero'
  }
}

/** `heads` 0 = those of `usualHeads`. */
export const casaDefaults: CasaSettings['casa'] = { layers: 4, heads: 0, padding: 'attended', position: 'index', dims: 2, absent: 'interpolated' }

/** px of a spine, once normalised: it counts as 1. */
const SPINE = 100

export const casaKind: ModelKind<CasaSettings> = {
  name: 'casa', summary: 'aligns normalised coordinates, 2D or 3D: linear attention in time, within a view and across both',
  source: 'Kwon et al., CASA, CVPR 2022',
  settings: ['persons', 'casa'],
  dims: ({ casa: { dims } }) => dims as 2 | 3,
  make: ({ persons, casa: { layers, heads, padding, position, dims: asked, absent } }, { skeleton, frames }) => {
    const dims = asked as 2 | 3
    const joints = skeleton.joints.length
    const width = widthOf({ persons, joints, dims })
    if (heads > 0 && width % heads !== 0) {
      throw new ToolkitError('E_SETTING_VALUE', `--set casa.heads=${heads}: ${width} numbers a frame do not come apart into ${heads} heads`, { hint: `casa.heads=0 makes them ${usualHeads(width)}` })
    }
    const placing = [{ name: 'casa-normalise', turn: dims === 3 }] as const
    return {
      model: casa({ persons, joints, dims, layers, heads: heads === 0 ? usualHeads(width) : heads, padding, position, positionLength: frames }),
      inputs: {
        tensors: { coordinates: { persons, dims, unit: SPINE, absent } }, placing, viewPlacing: placing, padding: padding === 'attended' ? 'attended' : 'hidden', maps: null, numbersPerFrame: 2 * width,
        about: { coordinates: `${dims === 3 ? 'x, y, z' : 'x, y'}, confidence and 1 where it is absent, of every joint [row, frame, person, joint, ${dims + 2}]; all 0 in padding` },
        preprocessing: { coordinates: { unit: 'the spine of each frame', centre: 'the top of the spine', turned: dims === 3, absent } },
      },
    }
  },
}

/** Of the numbers of heads that d comes apart into, the one with heads nearest to 5 numbers wide, of two the more heads: it is 15 of 75, 17 of 51 and 21 of 126, as the release has them. */
export function usualHeads(width: number): number {
  const depths = Array.from({ length: width }, (_, i) => i + 1).filter((depth) => width % depth === 0)
  return width / depths.reduce((best, depth) => (Math.abs(depth - 5) < Math.abs(best - 5) ? depth : best))
}
