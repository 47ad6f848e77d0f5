import { sizeOf } from '../../tensor.ts'
import { node, notNegative, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { inverseDeviation, normalise } from './layer-norm.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'
import { expand, sum } from './sum.ts'
import { withGradient } from './with-gradient.ts'

/** [C] each; 1 and 0 when not given. */
export type GroupNormOptions = { readonly gain?: Node; readonly bias?: Node; readonly epsilon?: number }

const groupNormOptions = options({ gain: node, bias: node, epsilon: notNegative })

/** Group normalisation of x [N, C, ...]: each sample's channels in `groups` equal groups, every group to mean 0 and variance 1, then a gain and a bias per channel (Wu & He, ECCV 2018). */
export const groupNorm = checked('groupNorm', { x: node, groups: whole, options: groupNormOptions }, (x: Node, groups: number, options: GroupNormOptions = {}): Node => {
  if (groups < 1 || !Number.isInteger(x.shape[1]! / groups)) throw shapeError('groupNorm', `axis 1 is not ${groups} equal groups`, x)
  return normaliseGroups('groupNorm', x, groups, options)
})

/** Instance normalisation of x [N, C, ...]: every channel of every sample to mean 0 and variance 1 (Ulyanov et al., 2016). */
export const instanceNorm = checked('instanceNorm', { x: node, options: groupNormOptions }, (x: Node, options: GroupNormOptions = {}): Node => {
  if (sizeOf(x.shape.slice(2)) < 2) throw shapeError('instanceNorm', 'a channel of one number has no variance', x)
  return normaliseGroups('instanceNorm', x, x.shape[1]!, options)
})

function normaliseGroups(name: string, x: Node, groups: number, { gain, bias, epsilon }: GroupNormOptions): Node {
  const [samples, channels] = x.shape as [number, number]
  for (const node of [gain, bias]) {
    if (node !== undefined && node.shape.join() !== `${channels}`) throw shapeError(name, 'gain and bias must be [extent of axis 1]', x, node)
  }
  const alongChannels = (node: Node): Node => reshape(node, x.shape.slice(1).map((extent, axis) => (axis === 0 ? extent : 1)))
  const size = sizeOf(x.shape.slice(1)) / groups
  const grouped = normalise(reshape(x, [samples, groups, size]), epsilon)
  const normalised = reshape(grouped, x.shape)
  const scaled = gain === undefined ? normalised : mul(normalised, alongChannels(gain))
  const y = bias === undefined ? scaled : add(scaled, alongChannels(bias))
  // in closed form, of sums over each sample's channels: fewer passes over memory
  return withGradient(name, y, [x, gain, bias].filter((node) => node !== undefined), (upstream) => {
    const inChannels = (node: Node): Node => reshape(node, [samples, channels, sizeOf(x.shape.slice(2))])
    const [arriving, standard] = [inChannels(upstream), inChannels(grouped)]
    const totals = sum(arriving, [2])
    const slopes = sum(mul(arriving, standard), [2])
    const gained = (node: Node): Node => (gain === undefined ? node : mul(node, gain))
    /** Of a number per sample and channel the share of its group, for each of the group's channels. */
    const shares = (node: Node): Node => {
      const members = reshape(gained(node), [samples, groups, channels / groups])
      return expand(mul(sum(members, [2], { keepDims: true }), div(scale, size)), members.shape)
    }
    const scale = inverseDeviation(grouped)
    const perChannel = (node: Node): Node => reshape(node, [samples, channels, 1])
    const kept = perChannel(gained(reshape(expand(scale, [samples, groups, channels / groups]), [samples, channels])))
    const dx = sub(mul(arriving, kept), add(mul(standard, perChannel(shares(slopes))), perChannel(shares(totals))))
    return [reshape(dx, x.shape), ...(gain === undefined ? [] : [sum(slopes, [0])]), ...(bias === undefined ? [] : [sum(totals, [0])])]
  })
}
