import type { Clip } from '../clip.ts'
import { exp, ln } from '../elementary.ts'
import type { Random } from '../random.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'
import { translated } from './translate.ts'

/**
 * With `probability`, takes a part of the frame as the frame: its area a share ~ U(low, high), its width over height e^u with u ~ U(-ln ratio, ln ratio), its
 * place even; drawn anew up to ten times until it fits, else the largest square in the middle. Maps and pictures stretch it to their size; joints outside stay
 * outside. RandomResizedCrop, in PoseC3D after the compact crop: Duan et al., CVPR 2022. There it is cut to whole pixels of 64, here it is not.
 */
export function resizedCrop({ low = 0.56, high = 1, ratio = 4 / 3, probability = 1 }: { low?: number; high?: number; ratio?: number; probability?: number } = {}): Transform {
  checkRange('high', high, 0, 1)
  checkRange('low', low, 1e-6, high)
  checkRange('ratio', ratio, 1, 100)
  return sometimes(probability, (clip, random) => {
    if (low === 1 && ratio === 1 && clip.width === clip.height) return clip
    const { x, y, width, height } = partOf(clip, { low, high, ratio }, random)
    return { ...translated(clip, -x, -y), width, height }
  })
}

function partOf({ width: wide, height: high }: Clip, range: { low: number; high: number; ratio: number }, random: Random): {
  x: number; y: number; width: number; height: number
} {
  const bound = ln(range.ratio)
  for (let tries = 0; tries < 10; tries++) {
    const area = random.between(range.low, range.high) * wide * high
    const shape = exp(random.between(-bound, bound))
    const [width, height] = [Math.sqrt(area * shape), Math.sqrt(area / shape)]
    if (width <= wide && height <= high) return { x: random.uniform() * (wide - width), y: random.uniform() * (high - height), width, height }
  }
  const side = Math.min(wide, high)
  return { x: (wide - side) / 2, y: (high - side) / 2, width: side, height: side }
}
