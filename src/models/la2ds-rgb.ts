import { concat, expand, type Node, reshape, transpose } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { heatmapReads, heatmapSpec, heatmapVectors, type La2dsConfig, la2dsKind, type La2dsSettings, la2dsSizes, patchesOf, type PointInputs } from './la2ds.ts'
import type { Model } from './model.ts'
import type { MapSizes } from './model-inputs.ts'
import type { ModelKind } from './model-kind.ts'
import type { ParameterSpec } from './parameter.ts'
import { type PictureConfig, pictureReads, pictureSpec, pictureVectors, rgbInputs, type RgbSettings } from './rgb.ts'
import { temporalModel } from './temporal-model.ts'

/** Where joints and pictures meet: `early`, heatmaps as channels of the image; `mid`, the vectors of a frame before attention in time; `late`, the embeddings. */
export type FusionLevel = 'early' | 'mid' | 'late'

type FusionConfig = La2dsConfig & PictureConfig & { readonly level: FusionLevel }

/** How heatmaps lie: px of their side, and of a patch's. */
type Maps = Pick<MapSizes, 'size' | 'patch'>

/**
 * LA2DS's heatmaps and the recorded frames of the same views, fused at one of three levels. Inputs `patches` (or, with `render`, `points`) as `la2ds` has them, `pictures` as `rgb`, `mask`, `position`. What of it
 * is one of the two is called as there, so that weights of either fit. How LA2DS itself fuses is not known: all of it is [I]. Early: heatmaps, each px as often as there is room, are channels beside the
 * colours. Mid: a linear map of both vectors of a frame. Late: both attend in time by themselves, and a linear map of both embeddings is the embedding.
 */
export function la2dsRgb(config: FusionConfig, maps: Maps, render: PointInputs | null = null): Model {
  const { level, size } = config
  return temporalModel({
    name: 'la2ds-rgb', config, reads: { ...heatmapReads(config, render), ...pictureReads(config) }, parameters: parametersOf(config, maps), streams: level === 'late' ? ['', 'rgb.'] : [''],
    see: (inputs, params, { training }) => {
      const [patches, pictures] = [patchesOf(inputs, render), inputs['pictures']!]
      const shown = level === 'early' ? concat([pictures, images(patches, { ...maps, pictures: size })], 2) : pictures
      const { vectors, state } = pictureVectors(shown, params, { ...config, training })
      if (level === 'early') return { vectors: [vectors], state }
      const joints = heatmapVectors(patches, params, config)
      if (level === 'late') return { vectors: [joints, vectors], state }
      return { vectors: [linear(concat([joints, vectors], 2), params, 'fusion')], state }
    },
  })
}

function parametersOf(config: FusionConfig, { patch }: Maps): ParameterSpec[] {
  const { level, width, init, patchInputs } = config
  if (level === 'early') return pictureSpec(config, 3 + patchInputs / patch ** 2)
  return [...heatmapSpec(config), ...pictureSpec(config), ...(level === 'late' ? [] : linearSpec('fusion', 2 * width, width, { init }))]
}

/** Patches [V, T, N, C p^2] of heatmaps as images [V, T, C, pictures, pictures], each px as many times as there is room for. */
export function images(patches: Node, { size, patch, pictures }: Maps & { readonly pictures: number }): Node {
  const [rows, frames, , inputs] = patches.shape as [number, number, number, number]
  const [side, channels, times] = [size / patch, inputs / patch ** 2, pictures / size]
  const grid = transpose(reshape(patches, [rows * frames, side, side, channels, patch, patch]), [0, 3, 1, 4, 2, 5])
  const spread = expand(reshape(grid, [rows * frames * channels, size, 1, size, 1]), [rows * frames * channels, size, times, size, times])
  return reshape(spread, [rows, frames, channels, pictures, pictures])
}

export type FusionSettings = La2dsSettings & RgbSettings & { readonly fusion: { readonly level: FusionLevel } }

export const la2dsRgbKind: ModelKind<FusionSettings> = {
  name: 'la2ds-rgb', summary: 'aligns skeleton heatmaps and pictures together: early, mid or late fusion',
  source: 'after Tran et al., ECCV 2024 (re-implemented without its text)',
  settings: [...la2dsKind.settings, 'rgb', 'fusion'],
  dims: () => 2,
  make: (settings, context) => {
    const { rgb: { network, size, norm, pool }, fusion: { level } } = settings
    const { config, maps, render } = la2dsSizes(settings, context)
    if (level === 'early' && size % maps.size !== 0) {
      throw new ToolkitError('E_SETTING_VALUE', `--set fusion.level=early: pictures of ${size} px, heatmaps of ${maps.size} px`, { hint: `let rgb.size be ${maps.size} or a multiple of it: heatmaps become channels of the pictures` })
    }
    const [joints, pictures] = [la2dsKind.make(settings, context).inputs, rgbInputs(settings)]
    return {
      model: la2dsRgb({ ...config, network, size, norm, pool, level }, maps, render),
      inputs: {
        ...joints, tensors: { ...joints.tensors, ...pictures.tensors }, numbersPerFrame: Math.max(joints.numbersPerFrame, pictures.numbersPerFrame),
        about: { ...joints.about, ...pictures.about }, preprocessing: { ...joints.preprocessing, ...pictures.preprocessing },
      },
    }
  },
}
