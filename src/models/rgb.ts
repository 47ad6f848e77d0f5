import { type CarriedState, type Node, reshape } from '../engine/index.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { boxInWords } from './box-in-words.ts'
import type { La2dsSettings } from './la2ds.ts'
import type { Model, Nodes } from './model.ts'
import type { ModelInputs, Pictures } from './model-inputs.ts'
import type { ModelKind } from './model-kind.ts'
import type { ParameterSpec } from './parameter.ts'
import { type SizeSettings, sizesOf } from './profiles.ts'
import { resnet, type ResNetConfig, resnetSpec, resnetWidth } from './resnet.ts'
import { resnetOf } from './resnets.ts'
import { type TemporalConfig, temporalModel } from './temporal-model.ts'

/** What of a picture a frame's vector is made of. */
export type PictureConfig = {
  /** A name of `resnets`. */
  readonly network: string
  /** px of a picture's side: 32 [I]. */
  readonly size: number
  /** `group` [I]; `batch` is what networks trained elsewhere have. */
  readonly norm: ResNetConfig['norm']
  /** `max`, as TCC's and CARL's frame encoders; `mean`, as torchvision's. */
  readonly pool: ResNetConfig['pool']
}

export const pictureDefaults = { network: 'small', size: 32, norm: 'group', pool: 'max' } as const satisfies PictureConfig

export type RgbConfig = TemporalConfig & PictureConfig

/**
 * Pictures alone: a residual network over each frame, then LA2DS's attention in time. Inputs `pictures` [V, T, 3, size, size], `mask` [V, T], `position` [V, T, d]. The frame encoder is of the kind of TCC's,
 * LAV's and CARL's (ResNet, pooled over places, linear), learned from nothing or begun with weights of one's own.
 */
export function rgb(config: RgbConfig): Model {
  return temporalModel({
    name: 'rgb', config, reads: pictureReads(config), parameters: pictureSpec(config),
    see: ({ pictures }, params, { training }) => {
      const { vectors, state } = pictureVectors(pictures!, params, { ...config, training })
      return { vectors: [vectors], state }
    },
  })
}

/** The shape per frame of what `pictureVectors` is given. */
export function pictureReads({ size }: PictureConfig): Readonly<Record<string, readonly number[]>> {
  return { pictures: [3, size, size] }
}

/** Parameters of `pictureVectors` of so many channels: those of the network below `rgb.`, `rgb.out` and `rgb.out-norm`. */
export function pictureSpec({ width, init, ...config }: PictureConfig & Pick<TemporalConfig, 'width' | 'init'>, channels = 3): ParameterSpec[] {
  const network = networkOf(config, channels)
  return [...resnetSpec('rgb', network), ...linearSpec('rgb.out', resnetWidth(network), width, { init }), ...normSpec('rgb.out-norm', width)]
}

/** Pictures [V, T, C, size, size] -> `vectors` [V, T, d], each frame by itself, and the `state` of batch normalisations. */
export function pictureVectors(
  pictures: Node, params: Nodes, { training, ...config }: PictureConfig & { readonly training: boolean },
): { readonly vectors: Node; readonly state: readonly CarriedState[] } {
  const [rows, frames, channels, height, width] = pictures.shape as [number, number, number, number, number]
  const { vectors, state } = resnet(reshape(pictures, [rows * frames, channels, height, width]), params, { ...networkOf(config, channels), name: 'rgb', training })
  const out = norm(linear(vectors, params, 'rgb.out'), params, 'rgb.out-norm')
  return { vectors: reshape(out, [rows, frames, out.shape[1]!]), state }
}

function networkOf({ network, norm, pool }: PictureConfig, channels: number): ResNetConfig {
  return { ...resnetOf(network), norm, pool, channels }
}

/** What of a training decides the encoder of pictures and what it sees. */
export type RgbSettings = SizeSettings & Pick<La2dsSettings, 'padding' | 'mlp' | 'embedding' | 'position' | 'rotaryBase' | 'positionKernel' | 'init'> & { readonly rgb: PictureConfig }

export const rgbKind: ModelKind<RgbSettings> = {
  name: 'rgb', summary: 'aligns pictures: a small ResNet over each frame, then attention in time',
  source: 'after the frame encoders of Dwibedi et al., CVPR 2019, Haresh et al., CVPR 2021 and Chen et al., CVPR 2022; He et al., CVPR 2016',
  settings: ['profile', 'width', 'heads', 'temporalLayers', 'mlp', 'embedding', 'position', 'rotaryBase', 'positionKernel', 'init', 'rgb'],
  dims: () => 2,
  make: (settings, { frames }) => {
    const { mlp, embedding, position, rotaryBase, positionKernel, init, rgb: { network, size, norm, pool } } = settings
    const { width, heads, temporalLayers } = sizesOf(settings)
    return {
      model: rgb({ width, heads, temporalLayers, mlp, embedding, position, positionLength: frames, rotaryBase, positionKernel, init, network, size, norm, pool }),
      inputs: rgbInputs(settings),
    }
  },
}

/** What of a clip reaches it: the recorded frames within the box around the joints. */
export function rgbInputs({ padding, rgb: { size, network } }: Pick<RgbSettings, 'padding' | 'rgb'>): ModelInputs {
  const pictures = picturesOf(size)
  return {
    tensors: { pictures }, placing: [{ name: 'crop', padding }], viewPlacing: [], padding: 'hidden', maps: null,
    numbersPerFrame: Math.max(3 * size ** 2, resnetOf(network).widths[0]! * (size / 2) ** 2),
    about: { pictures: `the recorded frames within the clip's square box enlarged by ${padding} [row, frame, colour, row of px, column]: red, green, blue, (v / 255 - mean) / std; 0 where the box leaves the frame` },
    preprocessing: { box: boxInWords(padding), pictures },
  }
}

/** Normalised by the means and deviations of ImageNet, as torchvision's networks are fed. */
function picturesOf(size: number): Pictures {
  return { width: size, height: size, layout: 'nchw', dtype: 'float32', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], region: 'box', frames: 'every' }
}
