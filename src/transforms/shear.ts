import { aboutCentre, moved } from './affine.ts'
import { movedInSpace } from './linear.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, shears the whole clip: every coordinate gets a share ~ U(-amount, amount) of every other one, in two dimensions about the centre of the
 * frame, in three about the origin. Do and Kim, SkateFormer, ECCV 2024 (amount 0.5, after AimCLR); Shah et al., HaLP, CVPR 2023 (amount 1).
 */
export function shear({ amount = 0.5, probability = 0.5 }: { amount?: number; probability?: number } = {}): Transform {
  checkRange('amount', amount, 0, 4)
  return sometimes(probability, (clip, random) => {
    const share = (): number => random.between(-amount, amount)
    if (clip.dims === 2) return moved(clip, aboutCentre(clip, { xx: 1, xy: share(), yx: share(), yy: 1 }))
    return movedInSpace(clip, [[1, share(), share()], [share(), 1, share()], [share(), share(), 1]])
  })
}
