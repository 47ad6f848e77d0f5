import { constant, gelu, mul, type Node, reshape } from '../engine/index.ts'
import { norm, normSpec } from './blocks/layer-norm.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { boxInWords } from './box-in-words.ts'
import type { La2dsSettings } from './la2ds.ts'
import { matchedWidth, parametersOfLa2ds } from './matched-width.ts'
import { type Model, parameterCount } from './model.ts'
import type { ModelKind } from './model-kind.ts'
import { sizeSettings, sizesOf } from './profiles.ts'
import { type TemporalConfig, temporalModel } from './temporal-model.ts'

export type Coords2dConfig = TemporalConfig & {
  readonly persons: number
  readonly joints: number
  /** x and y are multiplied by it. */
  readonly scale: number
  /** Hidden layers that see one frame, and how wide they are. */
  readonly frameLayers: number
  readonly frameWidth: number
}

/**
 * LA2DS on coordinates in place of heatmaps: x, y, confidence and whether it is absent of every joint of a frame through an MLP (linear and GELU, a linear layer and a norm last, as a frame of LA2DS ends
 * with one), then the very same transformer in time, embedding and head. Inputs `coordinates` [V, T, M, J, 4], `mask` [V, T], `position` [V, T, d].
 */
export function coords2d(config: Coords2dConfig): Model {
  const { persons, joints, scale, frameLayers, frameWidth, width, init } = config
  const inputs = persons * joints * 4
  const widths = [inputs, ...Array.from({ length: frameLayers }, () => frameWidth)]
  return temporalModel({
    name: 'coords-2d', config, reads: { coordinates: [persons, joints, 4] },
    parameters: [...widths.slice(1).flatMap((to, layer) => linearSpec(`frame.${layer}`, widths[layer]!, to, { init })), ...linearSpec('frame-out', widths.at(-1)!, width, { init }), ...normSpec('frame-norm', width)],
    see: ({ coordinates }, params) => {
      const [rows, frames] = coordinates!.shape as [number, number]
      let hidden: Node = reshape(scaledCoordinates(coordinates!, scale), [rows, frames, inputs])
      for (let layer = 0; layer < frameLayers; layer++) hidden = gelu(linear(hidden, params, `frame.${layer}`))
      return norm(linear(hidden, params, 'frame-out'), params, 'frame-norm')
    },
  })
}

/** x and y of [.., 4] multiplied by `scale`. */
export function scaledCoordinates(coordinates: Node, scale: number): Node {
  return mul(coordinates, constant({ shape: [4], data: Float32Array.of(scale, scale, 1, 1) }))
}

/** What of a training decides the encoder and what it sees. */
export type Coords2dSettings = Omit<La2dsSettings, 'channels' | 'inputs' | 'readout' | 'spatialPosition' | 'spatialDeviation'> & {
  readonly coords2d: {
    /** Hidden layers that see one frame. */
    readonly layers: number
    /** How wide they are; 0 = so that the model has as many parameters as LA2DS of these sizes. */
    readonly width: number
    /** x and y are multiplied by it: in -1 to 1 over the box, joints deviate by about a third. */
    readonly scale: number
    /** What stands where a joint is absent. */
    readonly absent: 'interpolated' | 'zero'
  }
}

export const coords2dDefaults: Coords2dSettings['coords2d'] = { layers: 2, width: 0, scale: 3, absent: 'interpolated' }

export const coords2dKind: ModelKind<Coords2dSettings> = {
  name: 'coords-2d', summary: 'aligns 2D coordinates with flags for absent joints: an MLP for a frame, then the attention in time of la2ds',
  source: 'own: the coordinate side of a comparison with heatmaps',
  settings: [...sizeSettings, 'persons', 'mlp', 'embedding', 'position', 'rotaryBase', 'positionKernel', 'init', 'coords2d'],
  dims: () => 2,
  make: (settings, context) => {
    const { persons, padding, mlp, embedding, position, rotaryBase, positionKernel, init, coords2d: { layers, width: asked, scale, absent } } = settings
    const { width, heads, temporalLayers } = sizesOf(settings)
    const sized = (frameWidth: number): Model => coords2d({
      width, heads, temporalLayers, mlp, embedding, position, positionLength: context.frames, rotaryBase, positionKernel, init, persons, joints: context.skeleton.joints.length, scale, frameLayers: layers, frameWidth })
    const frameWidth = asked === 0 ? matchedWidth(parametersOfLa2ds(settings, context), (one) => parameterCount(sized(one))) : asked
    return {
      model: sized(frameWidth),
      inputs: {
        tensors: { coordinates: { persons, dims: 2, unit: 'frame', absent } }, placing: [{ name: 'crop', padding }], viewPlacing: [], padding: 'hidden', maps: null,
        numbersPerFrame: Math.max(frameWidth, mlp * width), ...coordinatesInWords(padding, absent),
      },
    }
  },
}

/** Coordinates in the clip's box, for whoever feeds an exported model. */
export function coordinatesInWords(padding: number, absent: 'interpolated' | 'zero'): { readonly about: Readonly<Record<string, string>>; readonly preprocessing: Readonly<Record<string, unknown>> } {
  return {
    about: { coordinates: `x, y, confidence and 1 where it is absent, of every joint [row, frame, person, joint, 4], in the clip's square box enlarged by ${padding}; all 0 in padding` },
    preprocessing: { box: boxInWords(padding), coordinates: { about: '-1 to 1 from the left of the box to the right, and from the top down', absent } },
  }
}
