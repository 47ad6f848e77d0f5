import { add, concat, constant, expand, mean, type Node, reshape } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { MatrixInit, ParameterSpec } from '../parameter.ts'
import { norm, normSpec } from './layer-norm.ts'
import { patchPositions } from './sinusoidal-position.ts'
import { transformerBlock, transformerBlockSpec } from './transformer-block.ts'

/** What stands for a frame: its class token, or the mean of its tokens. */
export type Readout = 'class-token' | 'token-mean'

/** How tokens are told apart by their places: a learned position each, sinusoids of row and column of a square of patches, or nothing but what they show. */
export type SpatialPosition = 'learned' | 'sinusoidal' | 'none'

export type FrameEncoderShape = {
  /** N, without the class token, and their width d. */
  readonly tokens: number
  readonly width: number
  readonly layers: number
  /** Hidden width of the MLPs as a multiple of d. */
  readonly mlp: number
  readonly init: MatrixInit
  /** Of the learned positions at the start. */
  readonly deviation: number
  /** learned when not given. */
  readonly position?: SpatialPosition
}

/** Parameters of `frameEncoder`: `class-token`, where positions are learned `spatial-position` [N + 1, d], blocks `spatial.0` and on, `spatial-norm`. */
export function frameEncoderSpec({ tokens, width, layers, mlp, init, deviation, position = 'learned' }: FrameEncoderShape): ParameterSpec[] {
  return [
    learned('class-token', [width], 0.02), ...(position === 'learned' ? [learned('spatial-position', [tokens + 1, width], deviation)] : []),
    ...Array.from({ length: layers }, (_, layer) => transformerBlockSpec(`spatial.${layer}`, { width, mlp, init })).flat(), ...normSpec('spatial-norm', width),
  ]
}

/** An array that nothing is multiplied by. */
export function learned(name: string, shape: readonly number[], deviation: number): ParameterSpec {
  return { name, shape, init: { kind: 'truncated-normal', deviation }, decay: false }
}

/** Tokens [F, N, d] of frames -> [F, d]: positions, attention among a class token and the tokens of one frame, norm, readout. Dosovitskiy et al., ViT, ICLR 2021. */
export function frameEncoder(tokens: Node, params: Nodes, { heads, layers, readout, position = 'learned' }: {
  readonly heads: number; readonly layers: number; readonly readout: Readout; readonly position?: SpatialPosition
}): Node {
  const [frames, count, width] = tokens.shape as [number, number, number]
  const classToken = expand(reshape(params['class-token']!, [1, 1, width]), [frames, 1, width])
  const shown = concat([classToken, tokens], 1)
  const places = position === 'learned' ? params['spatial-position']! : constant(patchPositions(Math.sqrt(count), width))
  let x = position === 'none' ? shown : add(shown, reshape(places, [1, count + 1, width]))
  for (let layer = 0; layer < layers; layer++) {
    const only = readout === 'class-token' && layer === layers - 1 ? 'first' : 'all'
    x = transformerBlock(x, params, { name: `spatial.${layer}`, heads, only })
  }
  const normed = norm(x, params, 'spatial-norm')
  return readout === 'class-token' ? reshape(normed, [frames, width]) : mean(normed, [1])
}
