import { ToolkitError } from '../errors.ts'
import { add, matmul, mul, type Node, reshape, slice, sub, transpose } from '../engine/index.ts'
import { frameEncoder, frameEncoderSpec, learned, type Readout } from './blocks/frame-encoder.ts'
import { linear, linearSpec } from './blocks/linear.ts'
import { coordinatesInWords, scaledCoordinates } from './coords-2d.ts'
import type { La2dsSettings } from './la2ds.ts'
import { matchedWidth, parametersOfLa2ds } from './matched-width.ts'
import { type Model, type Nodes, parameterCount } from './model.ts'
import type { ModelKind } from './model-kind.ts'
import { matrixInit } from './parameter.ts'
import { sizeSettings, sizesOf } from './profiles.ts'
import { type TemporalConfig, temporalModel } from './temporal-model.ts'

export type JointTokensConfig = TemporalConfig & {
  readonly persons: number
  readonly joints: number
  /** x and y are multiplied by it. */
  readonly scale: number
  /** Blocks of attention among the joints of a frame, and the width of a joint's token. */
  readonly jointLayers: number
  readonly jointWidth: number
  readonly readout: Readout
  /** Deviation of the joints' learned embeddings at the start. */
  readonly spatialDeviation: number
}

/**
 * LA2DS with joints for patches: a token of every joint of a frame, linear in x, y, confidence and whether it is absent by a matrix of the joint's own, as a patch has weights of its own for every joint; one and the same
 * learned token for joints that are absent, and a learned embedding of which joint it is; attention among a class token and the joints of one frame, then the very same transformer in time, embedding and head. Inputs `coordinates` [V, T, M, J, 4], `mask` [V, T], `position` [V, T, d].
 */
export function jointTokens(config: JointTokensConfig): Model {
  const { persons, joints, scale, jointLayers: layers, jointWidth, readout, spatialDeviation: deviation, width, heads, mlp, init } = config
  const tokens = persons * joints
  return temporalModel({
    name: 'joint-tokens', config, reads: { coordinates: [persons, joints, 4] },
    parameters: [
      { name: 'joint.weight', shape: [tokens, 4, jointWidth], init: matrixInit(init, 4, jointWidth), decay: true }, learned('absent-token', [jointWidth], 0.02),
      ...frameEncoderSpec({ tokens, width: jointWidth, layers, mlp, init, deviation }), ...linearSpec('frame-out', jointWidth, width, { init }),
    ],
    see: ({ coordinates }, params) => {
      const [rows, frames] = coordinates!.shape as [number, number]
      const seen = tokensOf(reshape(scaledCoordinates(coordinates!, scale), [rows * frames, tokens, 4]), params)
      return linear(reshape(frameEncoder(seen, params, { heads, layers, readout }), [rows, frames, jointWidth]), params, 'frame-out')
    },
  })
}

/** [F, N, 4] -> [F, N, w]. */
function tokensOf(joints: Node, params: Nodes): Node {
  const isAbsent = slice(joints, 2, 3, 4)
  const seen = transpose(matmul(transpose(joints, [1, 0, 2]), params['joint.weight']!), [1, 0, 2])
  return add(mul(seen, sub(1, isAbsent)), mul(isAbsent, reshape(params['absent-token']!, [1, 1, params['absent-token']!.shape[0]!])))
}

/** What of a training decides the encoder and what it sees. */
export type JointTokensSettings = Omit<La2dsSettings, 'channels' | 'inputs' | 'spatialPosition'> & {
  readonly jointTokens: {
    /** Blocks of attention among the joints of a frame; 0 = as many as LA2DS of these sizes has among patches. */
    readonly layers: number
    /** Of a joint's token, a multiple of `heads`; 0 = so that the model has as many parameters as LA2DS of these sizes. */
    readonly width: number
    /** x and y are multiplied by it: in -1 to 1 over the box, joints deviate by about a third. */
    readonly scale: number
  }
}

export const jointTokensDefaults: JointTokensSettings['jointTokens'] = { layers: 0, width: 0, scale: 3 }

export const jointTokensKind: ModelKind<JointTokensSettings> = {
  name: 'joint-tokens', summary: 'aligns 2D joints as tokens, with one for what is absent: attention among the joints of a frame, then that in time of la2ds',
  source: 'own: the transformer on coordinates of a comparison with heatmaps',
  settings: [...sizeSettings, 'persons', 'mlp', 'embedding', 'readout', 'position', 'rotaryBase', 'positionKernel', 'init', 'spatialDeviation', 'jointTokens'],
  dims: () => 2,
  make: (settings, context) => {
    const { persons, padding, mlp, embedding, readout, position, rotaryBase, positionKernel, init, spatialDeviation, jointTokens: { layers, width: asked, scale } } = settings
    const { width, heads, temporalLayers, spatialLayers } = sizesOf(settings)
    const sized = (jointWidth: number): Model => jointTokens({
      width, heads, temporalLayers, mlp, embedding, position, positionLength: context.frames, rotaryBase, positionKernel, init, persons, joints: context.skeleton.joints.length, scale,
      jointLayers: layers === 0 ? spatialLayers : layers, jointWidth, readout, spatialDeviation })
    if (asked % heads !== 0) {
      throw new ToolkitError('E_SETTING_VALUE', `--set jointTokens.width=${asked}: it does not come apart into ${heads} heads`, { hint: `choose a multiple of ${heads}, or 0` })
    }
    const jointWidth = asked === 0 ? matchedWidth(parametersOfLa2ds(settings, context), (one) => parameterCount(sized(one)), heads) : asked
    return {
      model: sized(jointWidth),
      inputs: {
        tensors: { coordinates: { persons, dims: 2, unit: 'frame', absent: 'zero' } }, placing: [{ name: 'crop', padding }], viewPlacing: [], padding: 'hidden', maps: null,
        numbersPerFrame: (persons * context.skeleton.joints.length + 1) * mlp * jointWidth, ...coordinatesInWords(padding, 'zero'),
      },
    }
  },
}
