import { type Node, reshape } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { type LimbNames, namedLimbs } from '../skeleton.ts'
import { frameEncoder, frameEncoderSpec, type Readout, type SpatialPosition } from './blocks/frame-encoder.ts'
import { renderHeatmaps, type RenderOptions } from './blocks/heatmap-render.ts'
import { patchEmbed, patchEmbedSpec } from './blocks/patch-embed.ts'
import type { Model, Nodes } from './model.ts'
import type { MapSizes, ModelInputs } from './model-inputs.ts'
import type { ModelContext, ModelKind } from './model-kind.ts'
import type { ParameterSpec } from './parameter.ts'
import { boxInWords } from './box-in-words.ts'
import { type SizeSettings, sizeSettings, sizesOf } from './profiles.ts'
import { type TemporalConfig, temporalModel } from './temporal-model.ts'

/**
 * The encoder's options. The paper's own values are not known: [I] marks a decision of this project, not a fact about the paper.
 * MLPs are 4 d wide [I], as ViT's; an evaluated frame has 128 numbers [I], as TCC's, CASA's peers' and CARL's; a frame's position is its `index` within its view [I], as CASA's re-indexed copy.
 */
export type La2dsConfig = TemporalConfig & {
  /** Patches per frame and numbers per patch: of the heatmaps. */
  readonly tokens: number
  readonly patchInputs: number
  readonly spatialLayers: number
  /** What stands for a frame: its class token [I] or the mean of its tokens. */
  readonly readout: Readout
  /** How patches are told apart by their places: learned positions [I], as ViT's and ViViT's. */
  readonly spatialPosition: SpatialPosition
  /** Deviation of the learned spatial positions at the start: 0.5 [I]; at ViT's 0.02 the encoder takes twice the steps to tell the patches apart. */
  readonly spatialDeviation: number
}

/** What the graph draws of points, and the room they have for persons. */
export type PointInputs = RenderOptions & { readonly persons: number }

export const la2dsDefaults = {
  mlp: 4, embedding: 128, readout: 'class-token', position: 'rotary', positionLength: 64, rotaryBase: 100, positionKernel: 9, init: 'fan-in', spatialPosition: 'learned', spatialDeviation: 0.5,
} as const satisfies Partial<La2dsConfig>

/**
 * LA2DS-style encoder: a video transformer with attention in space, then in time (ViViT's factorised encoder; frames are never merged, each has its
 * embedding). Inputs `patches` [V, T, N, P], `mask` [V, T], `position` [V, T, d]; with `render` `points` [V, T, M, J, 3] on the grid in place of `patches`, of
 * which the graph draws the patches itself.
 * Tran et al., Learning by Aligning 2D Skeleton Sequences and Multi-Modality Fusion,
 * ECCV 2024, re-implemented without its text; Arnab et al., ViViT, ICCV 2021.
 */
export function la2ds(config: La2dsConfig, render: PointInputs | null = null): Model {
  return temporalModel({
    name: 'la2ds', config, reads: heatmapReads(config, render), parameters: heatmapSpec(config),
    see: (inputs, params) => heatmapVectors(patchesOf(inputs, render), params, config),
  })
}

/** The shape per frame of what `patchesOf` is given. */
export function heatmapReads({ tokens, patchInputs }: La2dsConfig, render: PointInputs | null): Readonly<Record<string, readonly number[]>> {
  return render === null ? { patches: [tokens, patchInputs] } : { points: [render.persons, render.joints, 3] }
}

/** Heatmaps in patches [V, T, N, P], as they are or drawn of points. */
export function patchesOf(inputs: Nodes, render: PointInputs | null): Node {
  return render === null ? inputs['patches']! : renderHeatmaps(inputs['points']!, render)
}

/** Parameters of `heatmapVectors`. */
export function heatmapSpec({ tokens, patchInputs, width, spatialLayers: layers, mlp, init, spatialPosition: position, spatialDeviation: deviation }: La2dsConfig): ParameterSpec[] {
  return [...patchEmbedSpec('patch', { inputs: patchInputs, width, init }), ...frameEncoderSpec({ tokens, width, layers, mlp, init, deviation, position })]
}

/** Patches [V, T, N, P] -> [V, T, d], each frame by itself. */
export function heatmapVectors(patches: Node, params: Nodes, { tokens, patchInputs, width, heads, spatialLayers: layers, readout, spatialPosition: position }: La2dsConfig): Node {
  const [rows, frames] = patches.shape as [number, number]
  const seen = patchEmbed(reshape(patches, [rows * frames, tokens, patchInputs]), params, 'patch')
  return reshape(frameEncoder(seen, params, { heads, layers, readout, position }), [rows, frames, width])
}

/** What of a training decides the encoder and what it sees. */
export type La2dsSettings = SizeSettings & Pick<La2dsConfig, 'mlp' | 'embedding' | 'readout' | 'position' | 'rotaryBase' | 'init' | 'spatialPosition' | 'spatialDeviation'> & {
  /** Frames that positions by `convolution` see at once: 9 [I]. */
  readonly positionKernel: number
  /** What has a heatmap channel. */
  readonly channels: RenderOptions['channels']
  /**
   * Which pairs of joints are limbs: `skeleton`, those of the catalog [I] (PoseC3D's models and CASA's release have lists of their own, of 17 and 18 pairs of COCO's 17 joints), or a list by anatomical names,
   * `left_hip-left_knee,left_knee-left_ankle`.
   */
  readonly limbs: string
  /** What batches hold: heatmaps in patches, or points, of which the model draws them. */
  readonly inputs: 'patches' | 'points'
  /** Room for persons in batches of points. */
  readonly persons: number
  /** By how much the box of a view is enlarged. */
  readonly padding: number
  /** The confidence, 0 to 1, with which an absent joint is drawn where it would be on a line in time between the frames that have it: its maps are multiplied by it. 0 = it is not drawn, as in PoseC3D's. */
  readonly absentConfidence: number
}

export const la2dsKind: ModelKind<La2dsSettings> = {
  name: 'la2ds', summary: 'aligns 2D skeleton heatmaps: attention in space, then in time',
  source: 'after Tran et al., ECCV 2024 (re-implemented without its text); ViViT, ICCV 2021',
  settings: [...sizeSettings, 'channels', 'limbs', 'inputs', 'absentConfidence', 'persons', 'mlp', 'embedding', 'readout', 'position', 'rotaryBase', 'positionKernel', 'init', 'spatialPosition', 'spatialDeviation'],
  dims: () => 2,
  make: (settings, context) => {
    const { inputs, persons, padding, absentConfidence: confidence } = settings
    const fill = confidence === 0 ? [] : [{ name: 'fill-absent', confidence }] as const
    const { config, maps, render } = la2dsSizes(settings, context)
    const { tokens, patchInputs } = config
    return {
      model: la2ds(config, render),
      inputs: {
        tensors: inputs === 'patches' ? { heatmaps: maps } : { points: { persons, dims: 2, grid: maps.size } }, placing: [{ name: 'crop', padding }, ...fill], viewPlacing: fill, padding: 'hidden', maps,
        numbersPerFrame: tokens * patchInputs, about: aboutInputs(padding), preprocessing: preprocessing(padding, maps, confidence),
      },
    }
  },
}

/** Sizes of encoder and heatmaps of a training's settings. Throws E_LIMBS. */
export function la2dsSizes(settings: La2dsSettings, { skeleton, frames }: ModelContext): { readonly config: La2dsConfig; readonly maps: MapSizes; readonly render: PointInputs | null } {
  const { channels, inputs, persons, mlp, embedding, readout, position, rotaryBase, positionKernel, init, spatialPosition, spatialDeviation } = settings
  const { size, patch, sigma, ...sizes } = sizesOf(settings)
  const limbs = limbNames(settings)
  const [joints, edges] = [skeleton.joints.length, limbs === null ? skeleton.edges : namedLimbs(skeleton, limbs)]
  const drawn = (channels === 'limb' ? 0 : joints) + (channels === 'joint' ? 0 : edges.length)
  const maps = { channels, ...(limbs === null ? {} : { limbs }), size, sigma, patch }
  return {
    config: { ...sizes, tokens: (size / patch) ** 2, patchInputs: drawn * patch ** 2, mlp, embedding, readout, position, positionLength: frames, rotaryBase, positionKernel, init, spatialPosition, spatialDeviation },
    maps, render: inputs === 'patches' ? null : { joints, edges, channels, size, sigma, patch, persons },
  }
}

/** The limbs that a setting names; null = those of the skeleton. */
function limbNames({ limbs, channels }: Pick<La2dsSettings, 'limbs' | 'channels'>): LimbNames | null {
  if (limbs === 'skeleton') return null
  if (channels === 'joint') throw new ToolkitError('E_LIMBS', `--set limbs=${limbs}: with channels=joint no limb is drawn`, { hint: 'let channels be limb or both' })
  return limbs.split(',').map((limb) => {
    const [a, b, ...rest] = limb.split('-')
    if (!a || !b || rest.length > 0) throw new ToolkitError('E_LIMBS', `--set limbs=${limbs}: "${limb}" is not two joints`, { hint: 'for example limbs=left_hip-left_knee,left_knee-left_ankle, or skeleton' })
    return [a, b] as const
  })
}

function aboutInputs(padding: number): ModelInputs['about'] {
  return {
    patches: 'heatmaps of joints and limbs in patches [row, frame, patch, channel x pixel], as posetta draws them',
    points: `x, y on the grid of the heatmaps and confidence [row, frame, person, joint, 3], of the clip's square box enlarged by ${padding}; 0, 0, 0 where a joint is absent`,
  }
}

/** The box and the grid. */
function preprocessing(padding: number, grid: MapSizes, absentConfidence: number): ModelInputs['preprocessing'] {
  return {
    grid, box: boxInWords(padding),
    absent: absentConfidence === 0 ? 'not drawn' : `on the line in time between the frames that have the joint, with confidence ${absentConfidence}`,
    points: 'x = (px - left of the box) * size / side - 0.5, y likewise from the top',
  }
}
