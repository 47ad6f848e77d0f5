import { sizeOf } from '../../tensor.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { normalise } from './layer-norm.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'

/** [C] each; 1 and 0 when not given. */
export type GroupNormOptions = { readonly gain?: Node; readonly bias?: Node; readonly epsilon?: number }

/** Group normalisation of x [N, C, ...]: each sample's channels in `groups` equal groups, every group to mean 0 and variance 1, then a gain and a bias per channel (Wu & He, ECCV 2018). */
export function groupNorm(x: Node, groups: number, options: GroupNormOptions = {}): Node {
  if (!Number.isInteger(groups) || groups < 1 || !Number.isInteger(x.shape[1]! / groups)) throw shapeError('groupNorm', `axis 1 is not ${groups} equal groups`, x)
  return normaliseGroups('groupNorm', x, groups, options)
}

/** Instance normalisation of x [N, C, ...]: every channel of every sample to mean 0 and variance 1 (Ulyanov et al., 2016). */
export function instanceNorm(x: Node, options: GroupNormOptions = {}): Node {
  if (sizeOf(x.shape.slice(2)) < 2) throw shapeError('instanceNorm', 'a channel of one number has no variance', x)
  return normaliseGroups('instanceNorm', x, x.shape[1]!, options)
}

function normaliseGroups(name: string, x: Node, groups: number, { gain, bias, epsilon }: GroupNormOptions): Node {
  const [samples, channels] = x.shape as [number, number]
  for (const node of [gain, bias]) {
    if (node !== undefined && node.shape.join() !== `${channels}`) throw shapeError(name, 'gain and bias must be [extent of axis 1]', x, node)
  }
  const alongChannels = (node: Node): Node => reshape(node, x.shape.slice(1).map((extent, axis) => (axis === 0 ? extent : 1)))
  const normalised = reshape(normalise(reshape(x, [samples, groups, sizeOf(x.shape.slice(1)) / groups]), epsilon), x.shape)
  const scaled = gain === undefined ? normalised : mul(normalised, alongChannels(gain))
  return bias === undefined ? scaled : add(scaled, alongChannels(bias))
}
