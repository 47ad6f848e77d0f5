import { circle } from '../elementary.ts'
import type { Random } from '../random.ts'
import { aboutCentre, movedEach } from './affine.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, turns, scales and shifts the clip from how it is drawn for the first frame to how it is drawn for the last, in between on a line: angles
 * out of 0, +-degrees / 2 and +-degrees, factors out of 1 and 1 +- factor, shifts out of 0, +-share / 2 and +-share of the frame. About the centre of the frame;
 * pictures cannot follow. The `random_move` of ST-GCN: Yan et al., Spatial Temporal Graph Convolutional Networks, AAAI 2018.
 */
export function randomMove({ degrees = 10, factor = 0.1, share = 0.2, probability = 1 }: {
  degrees?: number; factor?: number; share?: number; probability?: number
} = {}): Transform {
  checkRange('degrees', degrees, 0, 180)
  checkRange('factor', factor, 0, 1)
  checkRange('share', share, 0, 1)
  return sometimes(probability, (clip, random) => {
    const [angle, scale, dx, dy] = [along(random, halves(degrees)), along(random, [1 - factor, 1, 1 + factor]), along(random, halves(share)), along(random, halves(share))]
    if (degrees === 0 && factor === 0 && share === 0) return clip
    return movedEach(clip, (frame) => {
      const progress = clip.frames === 1 ? 0 : frame / (clip.frames - 1)
      const { cos, sin } = circle(angle(progress) / 360)
      const size = scale(progress)
      const map = aboutCentre(clip, { xx: size * cos, xy: -size * sin, yx: size * sin, yy: size * cos })
      return { ...map, dx: map.dx + dx(progress) * clip.width, dy: map.dy + dy(progress) * clip.height }
    })
  })
}

function halves(bound: number): number[] {
  return [-bound, -bound / 2, 0, bound / 2, bound]
}

/** Two of the choices, and what lies between them at 0 .. 1. */
function along(random: Random, choices: readonly number[]): (progress: number) => number {
  const [first, last] = [choices[random.integer(choices.length)]!, choices[random.integer(choices.length)]!]
  return (progress) => first + (last - first) * progress
}
