import type { Clip } from '../clip.ts'
import { circle } from '../elementary.ts'
import type { Random } from '../random.ts'
import type { Skeleton } from '../skeleton.ts'
import { fromTheRoot, parentsOf } from './anatomy.ts'
import { checkCount, checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, bends every limb at its joint nearer to the root by an angle that changes slowly, and all that hangs on it with it: noise of variance
 * `variance` degrees^2, covariance between frames i and j (T - |i - j| / 2) / T of that, then the moving average of `window` frames. The `noise_angle` of CASA
 * in the plane, of limbs where CASA has the Euler angles of a body model. CASA's code makes this noise and never adds it: `applied` = false draws it and leaves
 * the clip as it is. Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022.
 */
export function noiseAngle({ skeleton, variance = 10, window = 10, applied = true, probability = 0.3 }: {
  skeleton: Skeleton; variance?: number; window?: number; applied?: boolean; probability?: number
}): Transform {
  checkRange('variance', variance, 0, 1e4)
  checkCount('window', window, 1)
  const parents = parentsOf(skeleton)
  const order = fromTheRoot(parents)
  return sometimes(probability, (clip, random) => {
    const noise = Array.from({ length: clip.persons * clip.joints }, () => movingAverage(correlatedNoise(clip.frames, variance, random), window))
    return applied && clip.keypoints !== null ? bent(clip, { noise, parents, order }) : clip
  })
}

/**
 * Normal noise with covariance variance (n - |i - j| / 2) / n: half of it one normal for all, half a sum over n of 2n - 1 normals that two places share as many
 * of as they are near.
 */
export function correlatedNoise(count: number, variance: number, random: Random): Float64Array {
  const common = Math.sqrt(variance / 2) * random.normal()
  const normals = Array.from({ length: 2 * count - 1 }, () => Math.sqrt(variance / (2 * count)) * random.normal())
  let sum = normals.slice(0, count).reduce((sum, one) => sum + one, 0)
  return Float64Array.from({ length: count }, (_, i) => {
    if (i > 0) sum += normals[i + count - 1]! - normals[i - 1]!
    return common + sum
  })
}

/** numpy's convolve(values, ones(window), 'same') / window: what lies beyond the ends counts as 0. */
export function movingAverage(values: Float64Array, window: number): Float64Array {
  const after = Math.floor((window - 1) / 2)
  return values.map((_, i) => {
    let sum = 0
    for (let k = Math.max(0, i + after - window + 1); k <= Math.min(values.length - 1, i + after); k++) sum += values[k]!
    return sum / window
  })
}

type Tree = { readonly parents: readonly number[]; readonly order: readonly number[] }

/** Each joint goes to its nearest located ancestor's new place plus the old way from there, turned by the noise of all limbs in between and above. In x and y. */
function bent(clip: Clip, { noise, parents, order }: Tree & { noise: readonly Float64Array[] }): Clip {
  const keypoints = clip.keypoints!.slice()
  const width = clip.dims + 1
  for (let body = 0; body < clip.frames * clip.persons; body++) {
    const [frame, person] = [Math.floor(body / clip.persons), body % clip.persons]
    const start = body * clip.joints * width
    const turned = new Float64Array(clip.joints)
    for (const joint of order) {
      const parent = parents[joint]!
      if (parent === joint) continue
      turned[joint] = turned[parent]! + noise[person * clip.joints + joint]![frame]!
      const from = locatedAncestor(clip.keypoints!, start, { parents, joint, width })
      if (from === null) continue
      const [to, base] = [start + joint * width, start + from * width]
      const [x, y] = [clip.keypoints![to]! - clip.keypoints![base]!, clip.keypoints![to + 1]! - clip.keypoints![base + 1]!]
      const { cos, sin } = circle(turned[joint]! / 360)
      keypoints[to] = keypoints[base]! + cos * x - sin * y
      keypoints[to + 1] = keypoints[base + 1]! + sin * x + cos * y
    }
  }
  return { ...clip, keypoints, raw: null }
}

function locatedAncestor(keypoints: Float32Array, start: number, { parents, joint, width }: { parents: readonly number[]; joint: number; width: number }): number | null {
  for (let at = parents[joint]!; ; at = parents[at]!) {
    if (!Number.isNaN(keypoints[start + at * width]!)) return at
    if (parents[at] === at) return null
  }
}
