import type { Random } from '../../random.ts'
import { sizeOf } from '../../tensor.ts'
import type { Colouring, FullPictureSpec } from './picture-spec.ts'

/** Of red, green and blue in grey: ITU-R BT.601, as torchvision's. */
const GREY = [0.299, 0.587, 0.114] as const

/**
 * Changes the colours of a view's pictures, all of its frames alike: v' = mean + contrast (s - mean) + brightness, with s = grey + saturation (v - grey), cut to 0 .. 1. `pictures` are float32, normalised as the
 * spec says. After TCC's and LAV's brightness and contrast; contrast is about the spec's mean, not each picture's [I].
 */
export function recolour(pictures: Float32Array, spec: Pick<FullPictureSpec, 'width' | 'height' | 'layout' | 'mean' | 'std'>, { brightness, contrast, saturation }: Colouring, random: Pick<Random, 'between'>): void {
  const [added, contrasted, saturated] = [random.between(-brightness, brightness), random.between(1 - contrast, 1 + contrast), random.between(1 - saturation, 1 + saturation)]
  const { layout, mean, std } = spec
  const perPicture = sizeOf([spec.width, spec.height])
  const [along, step] = layout === 'nchw' ? [1, perPicture] : [3, 1]
  const colours = [0, 0, 0]
  for (let picture = 0; picture < pictures.length; picture += 3 * perPicture) {
    for (let px = 0; px < perPicture; px++) {
      const at = picture + px * along
      let grey = 0
      for (let c = 0; c < 3; c++) grey += GREY[c]! * (colours[c] = pictures[at + c * step]! * std[c]! + mean[c]!)
      for (let c = 0; c < 3; c++) {
        const changed = mean[c]! + contrasted * (grey + saturated * (colours[c]! - grey) - mean[c]!) + added
        pictures[at + c * step] = (Math.min(1, Math.max(0, changed)) - mean[c]!) / std[c]!
      }
    }
  }
}
