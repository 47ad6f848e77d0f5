import { add, concat, expand, mean, mul, type Node, relu, reshape, sub } from '../engine/index.ts'
import { renderHeatmaps, type RenderOptions } from './blocks/heatmap-render.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { patchEmbed, patchEmbedSpec } from './blocks/patch-embed.ts'
import { positions } from './blocks/sinusoidal-position.ts'
import { transformerBlock, transformerBlockSpec } from './blocks/transformer-block.ts'
import type { Model, Nodes, Outputs, PositionRule } from './model.ts'
import type { ModelInputs } from './model-inputs.ts'
import type { ModelKind } from './model-kind.ts'
import type { MatrixInit, ParameterSpec } from './parameter.ts'
import { profileOf } from './profiles.ts'

/**
 * The encoder's options. The paper's own values are not known: [I] marks a decision of this project, not a fact about the paper.
 */
export type La2dsConfig = {
  /** Patches per frame and numbers per patch: of the heatmaps. */
  readonly tokens: number
  readonly patchInputs: number
  /** d. */
  readonly width: number
  readonly heads: number
  readonly spatialLayers: number
  readonly temporalLayers: number
  /** Hidden width of the MLPs as a multiple of d: 4 [I], as ViT. */
  readonly mlp: number
  /** Numbers per evaluated frame: 128 [I], as TCC, CASA's peers and CARL. */
  readonly embedding: number
  /** What stands for a frame: its class token [I] or the mean of its tokens. */
  readonly readout: 'class-token' | 'token-mean'
  /** How a frame is told where it is: `index` within its view [I], as CASA's re-indexed copy. */
  readonly position: PositionRule
  /** Frames of the longest view in training: what `rescaled` squeezes longer ones into. */
  readonly positionLength: number
  readonly init: MatrixInit
  /** Deviation of the learned spatial positions at the start: 0.5 [I]; at ViT's 0.02 the encoder takes twice the steps to tell the patches apart. */
  readonly spatialDeviation: number
}

/** What the graph draws of points, and the room they have for persons. */
export type PointInputs = RenderOptions & { readonly persons: number }

export const la2dsDefaults = {
  mlp: 4, embedding: 128, readout: 'class-token', position: 'index', positionLength: 64, init: 'fan-in', spatialDeviation: 0.5,
} as const satisfies Partial<La2dsConfig>

/**
 * LA2DS-style encoder: a video transformer with attention in space, then in time (ViViT's factorised encoder; frames are never merged, each has its
 * embedding). Inputs `patches` [V, T, N, P], `mask` [V, T], `position` [V, T, d]; with `render` `points` [V, T, M, J, 3] on the grid in place of `patches`, of
 * which the graph draws the patches itself.
 * Tran et al., Learning by Aligning 2D Skeleton Sequences and Multi-Modality Fusion,
 * ECCV 2024, re-implemented without its text; Arnab et al., ViViT, ICCV 2021.
 */
export function la2ds(config: La2dsConfig, render: PointInputs | null = null): Model {
  const { tokens, patchInputs, width } = config
  const eaten = render === null ? 'patches' : 'points'
  const perFrame = render === null ? [tokens, patchInputs] : [render.persons, render.joints, 3]
  return {
    name: 'la2ds',
    config,
    parameters: parametersOf(config),
    widths: { embedding: config.embedding, projection: config.embedding },
    inputs: (rows, frames) => ({ [eaten]: [rows, frames, ...perFrame], mask: [rows, frames], position: [rows, frames, width] }),
    feeds: ({ [eaten]: drawn, mask, start }, { position = config.position } = {}) => (
      { [eaten]: drawn!, mask: mask!, position: positions(mask!, { rule: position, length: config.positionLength, width, start }) }),
    forward: (inputs, params) => forward(render === null ? inputs : { ...inputs, patches: renderHeatmaps(inputs['points']!, render) }, params, config),
  }
}

/** What of a training decides the encoder and what it sees. */
export type La2dsSettings = Pick<La2dsConfig, 'embedding' | 'readout' | 'position' | 'init' | 'spatialDeviation'> & {
  readonly profile: string
  /** What has a heatmap channel. */
  readonly channels: RenderOptions['channels']
  /** What batches hold: heatmaps in patches, or points, of which the model draws them. */
  readonly inputs: 'patches' | 'points'
  /** Room for persons in batches of points. */
  readonly persons: number
  /** By how much the box of a view is enlarged. */
  readonly padding: number
}

export const la2dsKind: ModelKind<La2dsSettings> = {
  name: 'la2ds', summary: 'aligns 2D skeleton heatmaps: attention in space, then in time',
  source: 'after Tran et al., ECCV 2024 (re-implemented without its text); ViViT, ICCV 2021',
  make: ({ profile, channels, inputs, persons, padding, embedding, readout, position, init, spatialDeviation }, { skeleton: { joints, edges }, frames }) => {
    const { size, patch, sigma, ...sizes } = profileOf(profile)
    const drawn = (channels === 'limb' ? 0 : joints.length) + (channels === 'joint' ? 0 : edges.length)
    const [tokens, patchInputs] = [(size / patch) ** 2, drawn * patch ** 2]
    const config = { ...la2dsDefaults, ...sizes, tokens, patchInputs, embedding, readout, position, positionLength: frames, init, spatialDeviation }
    const maps = { channels, size, sigma, patch }
    return {
      model: la2ds(config, inputs === 'patches' ? null : { joints: joints.length, edges, ...maps, persons }),
      inputs: {
        tensors: inputs === 'patches' ? { heatmaps: maps } : { points: { persons, dims: 2, grid: size } }, placing: [{ name: 'crop', padding }], maps,
        numbersPerFrame: tokens * patchInputs, about: aboutInputs(padding), preprocessing: preprocessing(padding, maps),
      },
    }
  },
}

function aboutInputs(padding: number): ModelInputs['about'] {
  return {
    patches: 'heatmaps of joints and limbs in patches [row, frame, patch, channel x pixel], as posetta draws them',
    points: `x, y on the grid of the heatmaps and confidence [row, frame, person, joint, 3], of the clip's square box enlarged by ${padding}; 0, 0, 0 where a joint is absent`,
  }
}

/** The box and the grid. */
function preprocessing(padding: number, { size, sigma, channels, patch }: NonNullable<ModelInputs['maps']>): ModelInputs['preprocessing'] {
  return {
    grid: { size, sigma, channels, patch },
    box: { padding, least: 10, about: 'the square about all joints of the clip: the longer side of their tight box, at least `least` px, times 1 + padding' },
    points: 'x = (px - left of the box) * size / side - 0.5, y likewise from the top',
  }
}

function parametersOf({ tokens, patchInputs, width, spatialLayers, temporalLayers, mlp, embedding, init, spatialDeviation }: La2dsConfig): ParameterSpec[] {
  const blocks = (name: string, layers: number) =>
    Array.from({ length: layers }, (_, layer) => transformerBlockSpec(`${name}.${layer}`, { width, mlp, init })).flat()
  return [
    ...patchEmbedSpec('patch', { inputs: patchInputs, width, init }),
    learned('class-token', [width], 0.02), learned('spatial-position', [tokens + 1, width], spatialDeviation),
    ...blocks('spatial', spatialLayers), ...normSpec('spatial-norm', width),
    ...blocks('temporal', temporalLayers), ...normSpec('temporal-norm', width),
    ...linearSpec('embedding', width, embedding, { init }),
    ...linearSpec('head-in', embedding, embedding, { init }), ...linearSpec('head-out', embedding, embedding, { init }),
  ]
}

function learned(name: string, shape: readonly number[], deviation: number): ParameterSpec {
  return { name, shape, init: { kind: 'truncated-normal', deviation }, decay: false }
}

function forward({ patches, mask, position }: Nodes, params: Nodes, config: La2dsConfig): Outputs {
  const [rows, frames] = mask!.shape as [number, number]
  const seen = spatial(reshape(patches!, [rows * frames, config.tokens, config.patchInputs]), params, config)
  const embedding = linear(temporal(add(reshape(seen, [rows, frames, config.width]), position!), mask!, params, config), params, 'embedding')
  return { embedding, projection: linear(relu(linear(embedding, params, 'head-in')), params, 'head-out') }
}

/** [F, N, P] -> [F, d]: attention among the patches of one frame. */
function spatial(patches: Node, params: Nodes, { tokens, width, heads, spatialLayers, readout }: La2dsConfig): Node {
  const frames = patches.shape[0]!
  const classToken = expand(reshape(params['class-token']!, [1, 1, width]), [frames, 1, width])
  let x = add(concat([classToken, patchEmbed(patches, params, 'patch')], 1), reshape(params['spatial-position']!, [1, tokens + 1, width]))
  for (let layer = 0; layer < spatialLayers; layer++) {
    const only = readout === 'class-token' && layer === spatialLayers - 1 ? 'first' : 'all'
    x = transformerBlock(x, params, { name: `spatial.${layer}`, heads, only })
  }
  const normed = norm(x, params, 'spatial-norm')
  return readout === 'class-token' ? reshape(normed, [frames, width]) : mean(normed, [1])
}

/** [V, T, d] -> [V, T, d]: attention among the frames of one view, padding hidden. */
function temporal(x: Node, mask: Node, params: Nodes, { heads, temporalLayers }: La2dsConfig): Node {
  const [rows, frames] = mask.shape as [number, number]
  const bias = mul(sub(reshape(mask, [rows, 1, 1, frames]), 1), 1e9)
  let hidden = x
  for (let layer = 0; layer < temporalLayers; layer++) hidden = transformerBlock(hidden, params, { name: `temporal.${layer}`, heads, bias })
  return norm(hidden, params, 'temporal-norm')
}
