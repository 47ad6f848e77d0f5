import { unknownName } from '../errors.ts'
import type { ResNetConfig } from './resnet.ts'

const imagenet = { stem: 'imagenet', widths: [64, 128, 256, 512] } as const

/**
 * Networks over pictures by name. `small` is made for pictures of 32 to 64 px and two CPU cores, `tiny` tells whether a training runs [I]; the others are torchvision's, so that weights trained elsewhere fit:
 * `resnet-50` of CARL, `resnet-50-conv4c`, cut after the third block of its third stage, of LAV and VAOT.
 */
export const resnets: Readonly<Record<string, Pick<ResNetConfig, 'stem' | 'block' | 'widths' | 'blocks'>>> = {
  tiny: { stem: 'small', block: 'basic', widths: [8], blocks: [1] },
  small: { stem: 'small', block: 'basic', widths: [16, 32, 64], blocks: [1, 1, 1] },
  'resnet-18': { ...imagenet, block: 'basic', blocks: [2, 2, 2, 2] },
  'resnet-50': { ...imagenet, block: 'bottleneck', blocks: [3, 4, 6, 3] },
  'resnet-50-conv4c': { stem: 'imagenet', block: 'bottleneck', widths: [64, 128, 256], blocks: [3, 4, 3] },
}

/** The network of a name; throws E_NETWORK_UNKNOWN with what exists. */
export function resnetOf(name: string): Pick<ResNetConfig, 'stem' | 'block' | 'widths' | 'blocks'> {
  const found = resnets[name]
  if (found === undefined) throw unknownName('E_NETWORK_UNKNOWN', 'network', name, Object.keys(resnets))
  return found
}
