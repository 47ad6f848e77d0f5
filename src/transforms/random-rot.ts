import { circle } from '../elementary.ts'
import { movedInSpace, type Matrix, product } from './linear.ts'
import { rotated } from './rotate.ts'
import { checkRange, sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, turns the whole clip by angles ~ U(-radians, radians): in three dimensions about the x, then the y, then the z axis through the origin, in
 * two by one angle about the centre of the frame. The `random_rot` of CTR-GCN: Chen et al., ICCV 2021. (PYSKL's in two dimensions draws from -radians to 1.)
 */
export function randomRot({ radians = 0.3, probability = 1 }: { radians?: number; probability?: number } = {}): Transform {
  checkRange('radians', radians, 0, Math.PI)
  return sometimes(probability, (clip, random) => {
    const angle = (): number => random.between(-radians, radians) / (2 * Math.PI)
    if (clip.dims === 2) return rotated(clip, angle() * 360)
    const [x, y, z] = [circle(angle()), circle(angle()), circle(angle())]
    const about: Record<'x' | 'y' | 'z', Matrix> = {
      x: [[1, 0, 0], [0, x.cos, x.sin], [0, -x.sin, x.cos]],
      y: [[y.cos, 0, -y.sin], [0, 1, 0], [y.sin, 0, y.cos]],
      z: [[z.cos, z.sin, 0], [-z.sin, z.cos, 0], [0, 0, 1]],
    }
    return movedInSpace(clip, product(about.z, product(about.y, about.x)))
  })
}
