import type { Tensor } from '../../tensor.ts'
import { nearestFrames } from '../metrics/nearest-neighbour.ts'

/**
 * Whether embeddings go with what frames hold (`content`) or with where they stand (`index`): 1 = always, 0 = not at all; they never sum to more than 1.
 * null = no frame stands where it did not stand before.
 */
export type Following = { readonly content: number | null; readonly index: number | null }

/** A clip's embedding [T, d], and that of the same frames in another order: place i shows frame order[i]. */
export type Reordered = { readonly whole: Tensor; readonly shown: Tensor; readonly order: readonly number[] }

/**
 * j(i) = the frame of the clip whose embedding is nearest to that of place i, f(i) = the frame shown there:
 *   content = 1 - sum |j(i) - f(i)| / sum |i - f(i)|,  index = 1 - sum |j(i) - i| / sum |i - f(i)|
 * in shares of each clip's length, summed over clips. As |j - f| + |j - i| >= |i - f|, content + index <= 1.
 */
export function followingOf(clips: readonly Reordered[]): Following {
  let [fromContent, fromIndex, apart] = [0, 0, 0]
  for (const { whole, shown, order } of clips) {
    const nearest = nearestFrames(shown, whole)
    for (const [place, frame] of order.entries()) {
      fromContent += Math.abs(nearest[place]! - frame) / order.length
      fromIndex += Math.abs(nearest[place]! - place) / order.length
      apart += Math.abs(place - frame) / order.length
    }
  }
  return apart === 0 ? { content: null, index: null } : { content: 1 - fromContent / apart, index: 1 - fromIndex / apart }
}
