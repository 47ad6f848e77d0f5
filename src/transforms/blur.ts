import type { Clip } from '../clip.ts'
import { exp } from '../elementary.ts'
import { checkCount, checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, smooths the path of every joint by a Gaussian of sigma ~ U(low, high) frames over `radius` frames on either side, over the frames in which
 * the joint is located: absent joints stay absent and the weights of the others sum to 1 (the source's do not). Do and Kim, SkateFormer, ECCV 2024
 * (`gaussian_filter`, after AimCLR).
 */
export function blur({ low = 0.1, high = 2, radius = 7, probability = 0.5 }: { low?: number; high?: number; radius?: number; probability?: number } = {}): Transform {
  checkRange('high', high, 0, 1000)
  checkRange('low', low, 0, high)
  checkCount('radius', radius, 0)
  return sometimes(probability, (clip, random) => {
    const sigma = random.between(low, high)
    return sigma === 0 || clip.keypoints === null ? clip : blurred(clip, weightsOf(sigma, radius))
  })
}

/** exp(-d^2 / (2 sigma^2)) for d = 0 .. radius. */
function weightsOf(sigma: number, radius: number): number[] {
  return Array.from({ length: radius + 1 }, (_, d) => exp(Math.max(-699, -(d * d) / (2 * sigma * sigma))))
}

function blurred(clip: Clip, weights: readonly number[]): Clip {
  const source = clip.keypoints!
  const out = source.slice()
  const row = clip.persons * clip.joints * (clip.dims + 1)
  for (let at = 0; at < out.length; at++) {
    if (at % (clip.dims + 1) === clip.dims || Number.isNaN(source[at]!)) continue
    let [sum, total] = [0, 0]
    for (let d = 1 - weights.length; d < weights.length; d++) {
      const value = source[at + d * row]
      if (value === undefined || Number.isNaN(value)) continue
      sum += weights[Math.abs(d)]! * value
      total += weights[Math.abs(d)]!
    }
    out[at] = sum / total
  }
  return { ...clip, keypoints: out, raw: null }
}
