import { add, concat, expand, mean, type Node, reshape } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { MatrixInit, ParameterSpec } from '../parameter.ts'
import { norm, normSpec } from './layer-norm.ts'
import { transformerBlock, transformerBlockSpec } from './transformer-block.ts'

/** What stands for a frame: its class token, or the mean of its tokens. */
export type Readout = 'class-token' | 'token-mean'

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
}

/** Parameters of `frameEncoder`: `class-token`, `spatial-position` [N + 1, d], blocks `spatial.0` and on, `spatial-norm`. */
export function frameEncoderSpec({ tokens, width, layers, mlp, init, deviation }: FrameEncoderShape): ParameterSpec[] {
  return [
    learned('class-token', [width], 0.02), learned('spatial-position', [tokens + 1, width], deviation),
    ...Array.from({ length: layers }, (_, layer) => transformerBlockSpec(`spatial.${layer}`, { width, mlp, init })).flat(), ...normSpec('spatial-norm', width),
  ]
}

/** An array that nothing is multiplied by. */
export function learned(name: string, shape: readonly number[], deviation: number): ParameterSpec {
  return { name, shape, init: { kind: 'truncated-normal', deviation }, decay: false }
}

/** Tokens [F, N, d] of frames -> [F, d]: learned positions, attention among a class token and the tokens of one frame, norm, readout. Dosovitskiy et al., ViT, ICLR 2021. */
export function frameEncoder(tokens: Node, params: Nodes, { heads, layers, readout }: { readonly heads: number; readonly layers: number; readonly readout: Readout }): Node {
  const [frames, count, width] = tokens.shape as [number, number, number]
  const classToken = expand(reshape(params['class-token']!, [1, 1, width]), [frames, 1, width])
  let x = add(concat([classToken, tokens], 1), reshape(params['spatial-position']!, [1, count + 1, width]))
  for (let layer = 0; layer < layers; layer++) {
    const only = readout === 'class-token' && layer === layers - 1 ? 'first' : 'all'
    x = transformerBlock(x, params, { name: `spatial.${layer}`, heads, only })
  }
  const normed = norm(x, params, 'spatial-norm')
  return readout === 'class-token' ? reshape(normed, [frames, width]) : mean(normed, [1])
}
