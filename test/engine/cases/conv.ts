import {
  add, conv1d, conv2d, conv3d, type ConvOptions, convTranspose1d, convTranspose2d, convTranspose3d, type ConvTransposeOptions, gradients, type Node, reshape, square, sum,
} from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

type Convolution<Options> = (x: Node, w: Node, options?: Options) => Node

const of = <Options extends ConvOptions | ConvTransposeOptions>(convolution: Convolution<Options>, title: string, shapes: Case['shapes'], options: Options): Case => ({
  title, shapes, make: (x, w, bias) => convolution(x!, w!, bias === undefined ? options : { ...options, bias }),
})

/** The sum of the squares of a convolution's derivatives: its own derivatives are second ones. */
const slopes = (convolution: Convolution<ConvOptions>, options: ConvOptions) => (x?: Node, w?: Node): Node => {
  const total = (node: Node): Node => sum(reshape(square(node), [node.shape.reduce((a, b) => a * b, 1)]), [0])
  return gradients(total(convolution(x!, w!, options)), [x!, w!]).map(total).reduce((a, b) => add(a, b))
}

export const cases: readonly Case[] = [
  of(conv1d, 'conv1d', [[2, 3, 7], [4, 3, 3]], {}),
  of(conv1d, 'conv1d, bias, stride 2 with a place left over, padding', [[2, 3, 8], [4, 3, 3], [4]], { stride: 2, padding: 1 }),
  of(conv1d, 'conv1d, dilation 2 and stride 3', [[2, 2, 11], [3, 2, 3]], { dilation: 2, stride: 3, padding: [[3, 2]] }),
  of(conv1d, 'conv1d, stride 4 beyond a kernel of 2', [[1, 2, 11], [3, 2, 2]], { stride: 4 }),
  of(conv1d, 'conv1d, stride 2 and dilation 4: half of the places unseen', [[1, 2, 12], [2, 2, 2]], { stride: 2, dilation: 4 }),
  of(conv1d, 'conv1d, padding wider than the kernel', [[2, 2, 3], [3, 2, 2]], { padding: 4 }),
  of(conv1d, 'conv1d of one place', [[1, 1, 1], [1, 1, 1]], {}),
  of(conv1d, 'conv1d, an even kernel, same', [[2, 2, 5], [3, 2, 4], [3]], { padding: 'same' }),
  of(conv2d, 'conv2d', [[2, 3, 4, 5], [4, 3, 2, 3], [4]], { padding: [0, 1] }),
  of(conv2d, 'conv2d, 1 x 1', [[2, 3, 4, 2], [4, 3, 1, 1], [4]], {}),
  of(conv2d, 'conv2d, 1 x 1 with padding at the end', [[2, 3, 3, 2], [2, 3, 1, 1], [2]], { padding: [[0, 1], [0, 0]] }),
  of(conv2d, 'conv2d, 1 x 1 with stride', [[2, 3, 5, 4], [4, 3, 1, 1]], { stride: 2 }),
  of(conv2d, 'conv2d, 3 x 1 over time, dilated and strided', [[2, 2, 9, 3], [4, 2, 3, 1]], { dilation: [2, 1], stride: [2, 1], padding: [2, 0] }),
  of(conv2d, 'conv2d, dilated along both axes', [[1, 2, 6, 7], [2, 2, 2, 3]], { dilation: [2, 3], padding: 2 }),
  of(conv2d, 'conv2d, 2 groups', [[2, 4, 4, 3], [6, 2, 3, 2], [6]], { groups: 2, padding: 1, stride: [2, 1] }),
  of(conv2d, 'conv2d, 2 groups of 5 filters', [[2, 4, 3, 2], [10, 2, 2, 1], [10]], { groups: 2 }),
  of(conv2d, 'conv2d, depthwise, two filters per channel', [[2, 3, 4, 4], [6, 1, 3, 3]], { groups: 3, padding: 1 }),
  of(conv1d, 'conv1d, depthwise over more channels than are computed at once', [[2, 12, 4], [12, 1, 3]], { groups: 12, padding: 1 }),
  of(conv2d, 'conv2d, 1 x 1, 2 groups', [[2, 4, 3, 2], [2, 2, 1, 1]], { groups: 2 }),
  of(conv3d, 'conv3d', [[2, 2, 3, 4, 3], [3, 2, 3, 3, 3], [3]], { padding: 1 }),
  of(conv3d, 'conv3d, stride 2, uneven padding', [[1, 2, 4, 5, 4], [2, 2, 2, 3, 2]], { stride: [1, 2, 2], padding: [[1, 0], [0, 2], [1, 1]] }),
  of(conv3d, 'conv3d, dilated along all axes', [[1, 1, 4, 4, 5], [2, 1, 2, 2, 2]], { dilation: 2, stride: [1, 1, 2] }),
  of(conv3d, 'conv3d, 2 groups, strided along all axes', [[1, 2, 4, 3, 4], [2, 1, 2, 2, 2]], { groups: 2, stride: 2, padding: 1 }),
  of(convTranspose1d, 'convTranspose1d, stride 3, more places', [[2, 3, 4], [3, 2, 2], [2]], { stride: 3, outputPadding: 2 }),
  of(convTranspose1d, 'convTranspose1d, dilation 3, more places than the stride', [[1, 2, 3], [2, 2, 2]], { stride: 2, dilation: 3, outputPadding: 2, padding: 1 }),
  of(convTranspose2d, 'convTranspose2d, uneven padding, 2 groups', [[2, 4, 3, 3], [4, 2, 3, 2]], { stride: [2, 1], padding: [[1, 0], [0, 1]], groups: 2 }),
  of(convTranspose3d, 'convTranspose3d', [[1, 2, 2, 3, 2], [2, 2, 2, 3, 2], [2]], { stride: [1, 2, 2], padding: [0, 1, 0], outputPadding: [0, 1, 0] }),
  { title: 'derivatives of a convolution', shapes: [[1, 2, 5], [2, 2, 2]], make: slopes(conv1d, { stride: 2, padding: 1 }) },
  { title: 'derivatives of a convolution with groups', shapes: [[1, 2, 3, 3], [2, 1, 2, 2]], make: slopes(conv2d, { groups: 2 }) },
]
