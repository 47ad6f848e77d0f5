import { aboutCentre, moved } from './affine.ts'
import { movedInSpace } from './linear.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, grows or shrinks the whole clip along each axis by a factor of its own ~ U(1 - amount, 1 + amount), in two dimensions about the centre of
 * the frame, in three about the origin. `RandomScale` of PYSKL: Duan et al., ACM MM 2022.
 */
export function randomScale({ amount = 0.2, probability = 1 }: { amount?: number; probability?: number } = {}): Transform {
  checkRange('amount', amount, 0, 1)
  return sometimes(probability, (clip, random) => {
    const factor = (): number => 1 + random.between(-amount, amount)
    if (clip.dims === 2) return moved(clip, aboutCentre(clip, { xx: factor(), xy: 0, yx: 0, yy: factor() }))
    return movedInSpace(clip, [[factor(), 0, 0], [0, factor(), 0], [0, 0, factor()]])
  })
}
