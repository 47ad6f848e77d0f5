import { describe, expect, test } from 'vitest'
import { type Node } from '../../src/engine/index.ts'
import { resnet, type ResNetConfig, resnetSpec, resnetWidth } from '../../src/models/resnet.ts'
import { resnetOf } from '../../src/models/resnets.ts'
import { sizeOf } from '../../src/tensor.ts'
import { checkRecorded } from '../engine/recorded.ts'

const basic: ResNetConfig = { channels: 2, stem: 'small', block: 'basic', widths: [2, 2], blocks: [1, 1], norm: 'group', pool: 'max' }

/** Pictures, the parameters in torchvision's order, then the running statistics of its batch normalisations, means and variances in turn. */
const module = (config: ResNetConfig, training: boolean) => (x?: Node, ...given: readonly Node[]): Node => {
  const spec = resnetSpec('net', config)
  const norms = spec.filter(({ name, shape }) => name.endsWith('.weight') && shape.length === 1).map(({ name }) => name.replace(/\.weight$/, ''))
  const statistics = training ? [] : norms.flatMap((norm, i) => [[`${norm}.mean`, given[spec.length + 2 * i]!], [`${norm}.variance`, given[spec.length + 2 * i + 1]!]])
  return resnet(x!, { ...Object.fromEntries(spec.map(({ name }, i) => [name, given[i]!])), ...Object.fromEntries(statistics) as Record<string, Node> }, { ...config, name: 'net', training }).vectors
}

checkRecorded('resnet', {
  'basic blocks, group norm, the largest': module(basic, true),
  'basic blocks, batch norm, training': module({ ...basic, channels: 3, widths: [2, 3], norm: 'batch', pool: 'mean' }, true),
  'bottlenecks, imagenet stem, batch norm, trained': module({ ...basic, channels: 1, widths: [1, 2], stem: 'imagenet', block: 'bottleneck', norm: 'batch', pool: 'mean' }, false),
})

describe('has as many parameters as torchvision\'s without fc, by its names', () => {
  // torchvision documents 11,689,512 and 25,557,032 with fc, which has 512 x 1000 + 1000 and 2048 x 1000 + 1000
  test.each([['basic', [2, 2, 2, 2], 11_689_512 - 513_000, 512], ['bottleneck', [3, 4, 6, 3], 25_557_032 - 2_049_000, 2048]] as const)('%s %j', (block, blocks, count, width) => {
    const config: ResNetConfig = { channels: 3, stem: 'imagenet', block, widths: [64, 128, 256, 512], blocks, norm: 'batch', pool: 'mean' }
    const spec = resnetSpec('net', config)
    expect(spec.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(count)
    expect(spec.map(({ name }) => name)).toEqual(expect.arrayContaining(['net.conv1.weight', 'net.layer1.0.bn2.bias', 'net.layer4.1.conv2.weight', 'net.layer2.0.downsample.1.weight']))
    expect(resnetWidth(config)).toBe(width)
  })
})

// 432 of the stem, 4,608, 14,336 and 57,344 of the stages' filters, two of each of 336 normalised channels
test('the network for two cores has 77,392 parameters', () => {
  expect(432 + 4608 + 14_336 + 57_344 + 2 * (16 + 2 * 16 + 3 * 32 + 3 * 64)).toBe(77_392)
  expect(resnetSpec('net', { ...resnetOf('small'), channels: 3, norm: 'group', pool: 'max' }).reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(77_392)
})
