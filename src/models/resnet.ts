import { add, batchNorm, type CarriedState, conv2d, groupNorm, max, maxPool2d, mean, type Node, relu, runningStatistics } from '../engine/index.ts'
import { parameterOf } from './blocks/parameter-of.ts'
import type { Nodes } from './model.ts'
import type { ParameterSpec } from './parameter.ts'

/** Sizes of a residual network. */
export type ResNetConfig = {
  /** Of a picture: 3, or more where heatmaps are beside the colours. */
  readonly channels: number
  /** `imagenet`: 7 x 7 px, every second, then the largest of 3 x 3, every second, as torchvision's; `small`: 3 x 3 px, every second, for pictures of 32 to 64 px. */
  readonly stem: 'imagenet' | 'small'
  readonly block: 'basic' | 'bottleneck'
  /** Filters of the 3 x 3 convolutions of each stage, a multiple of 8 for group norm; `bottleneck` has four times as many channels after a block. */
  readonly widths: readonly number[]
  /** Blocks of each stage; all but the first begin with every second px. */
  readonly blocks: readonly number[]
  /** `group`: 8 groups of channels, each picture by itself (Wu and He, 2018); `batch`: of all pictures of a batch, padding too, as pretrained networks have it. */
  readonly norm: 'group' | 'batch'
  /** What is left of a picture's places: their mean, as torchvision's, or the largest of each channel, as TCC's and CARL's frame encoders. */
  readonly pool: 'mean' | 'max'
}

const GROUPS = 8

/** How a stage's block is strided and what it makes of how many channels. */
type Block = { readonly name: string; readonly inputs: number; readonly width: number; readonly outputs: number; readonly stride: 1 | 2 }

/** Channels that `resnet` answers. */
export function resnetWidth({ block, widths }: Pick<ResNetConfig, 'block' | 'widths'>): number {
  return widths.at(-1)! * expansionOf(block)
}

/**
 * Parameters of `resnet`, in the order and by the names of torchvision's `ResNet` below `<name>.`, without its `fc`: `conv1.weight` [filters, channels, 7, 7],
 * `bn1.weight`, `bn1.bias`, `layer1.0.conv1.weight`, ..., `layer2.0.downsample.0.weight`. Filters start as torchvision's, normal with variance
 * 2 / (filters x places) (He et al., 2015), cut off at two deviations.
 */
export function resnetSpec(name: string, config: ResNetConfig): ParameterSpec[] {
  const size = config.stem === 'imagenet' ? 7 : 3
  return [
    filters(`${name}.conv1`, [config.widths[0]!, config.channels, size, size]), ...normSpec(`${name}.bn1`, config.widths[0]!),
    ...blocksOf(name, config).flatMap((block) => [
      ...convolutionsOf(block, config).flatMap(({ shape }, i) => [filters(`${block.name}.conv${i + 1}`, shape), ...normSpec(`${block.name}.bn${i + 1}`, shape[0])]),
      ...(isProjected(block) ? [filters(`${block.name}.downsample.0`, [block.outputs, block.inputs, 1, 1]), ...normSpec(`${block.name}.downsample.1`, block.outputs)] : []),
    ]),
  ]
}

/**
 * A residual network over pictures [N, C, H, W]: `vectors` [N, `resnetWidth`], and the `state` of its batch normalisations. He et al., Deep Residual Learning, CVPR 2016, with the
 * stride in a bottleneck's 3 x 3 convolution, as torchvision's.
 */
export function resnet(
  pictures: Node, params: Nodes, { name, training, ...config }: ResNetConfig & { readonly name: string; readonly training: boolean },
): { readonly vectors: Node; readonly state: readonly CarriedState[] } {
  const state: CarriedState[] = []
  const convolved = (x: Node, conv: string, norm: string, { stride, size }: { stride: 1 | 2; size: number }): Node => {
    const y = conv2d(x, parameterOf(params, `${conv}.weight`), { stride, padding: (size - 1) / 2 })
    const [gain, bias] = [parameterOf(params, `${norm}.weight`), parameterOf(params, `${norm}.bias`)]
    if (config.norm === 'group') return groupNorm(y, Math.min(GROUPS, y.shape[1]!), { gain, bias })
    const normed = batchNorm(y, runningStatistics(norm, y.shape[1]!, params), { training, gain, bias })
    state.push(...normed.state)
    return normed.y
  }
  const stem = relu(convolved(pictures, `${name}.conv1`, `${name}.bn1`, { stride: 2, size: config.stem === 'imagenet' ? 7 : 3 }))
  const blockOf = (x: Node, block: Block): Node => {
    const convolutions = convolutionsOf(block, config)
    const through = convolutions.reduce((hidden, { stride, shape }, i) => {
      const y = convolved(hidden, `${block.name}.conv${i + 1}`, `${block.name}.bn${i + 1}`, { stride, size: shape[2] })
      return i === convolutions.length - 1 ? y : relu(y)
    }, x)
    const past = isProjected(block) ? convolved(x, `${block.name}.downsample.0`, `${block.name}.downsample.1`, { stride: block.stride, size: 1 }) : x
    return relu(add(through, past))
  }
  const seen = blocksOf(name, config).reduce(blockOf, config.stem === 'imagenet' ? maxPool2d(stem, 3, { stride: 2, padding: 1 }) : stem)
  return { vectors: config.pool === 'mean' ? mean(seen, [2, 3]) : max(seen, [2, 3]), state }
}

function blocksOf(name: string, { block, widths, blocks }: ResNetConfig): Block[] {
  let inputs = widths[0]!
  return blocks.flatMap((count, stage) => Array.from({ length: count }, (_, i): Block => {
    const [width, outputs] = [widths[stage]!, widths[stage]! * expansionOf(block)]
    const own = { name: `${name}.layer${stage + 1}.${i}`, inputs, width, outputs, stride: stage > 0 && i === 0 ? 2 : 1 } as const
    inputs = outputs
    return own
  }))
}

type Convolution = { readonly shape: readonly [filters: number, channels: number, height: number, width: number]; readonly stride: 1 | 2 }

function convolutionsOf({ inputs, width, outputs, stride }: Block, { block }: ResNetConfig): Convolution[] {
  if (block === 'basic') return [{ shape: [width, inputs, 3, 3], stride }, { shape: [outputs, width, 3, 3], stride: 1 }]
  return [{ shape: [width, inputs, 1, 1], stride: 1 }, { shape: [width, width, 3, 3], stride }, { shape: [outputs, width, 1, 1], stride: 1 }]
}

/** Where a block answers other channels or places than it is given, what goes past it is convolved too. */
function isProjected({ inputs, outputs, stride }: Block): boolean {
  return inputs !== outputs || stride === 2
}

function expansionOf(block: ResNetConfig['block']): number {
  return block === 'basic' ? 1 : 4
}

function filters(name: string, shape: readonly [number, number, number, number]): ParameterSpec {
  return { name: `${name}.weight`, shape, init: { kind: 'truncated-normal', deviation: Math.sqrt(2 / (shape[0] * shape[2] * shape[3])) }, decay: true }
}

function normSpec(name: string, channels: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [channels], init: { kind: 'constant', value: 1 }, decay: false },
    { name: `${name}.bias`, shape: [channels], init: { kind: 'constant', value: 0 }, decay: false },
  ]
}
