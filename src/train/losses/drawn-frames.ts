import { arange, expand, gather, type Node, randomInput, reshape, takeAlong, topK, where } from '../../engine/index.ts'
import type { View } from './pairs.ts'

/**
 * `draws` times `frames` places of each row of a mask [R, T], drawn anew at each step, no place twice, in order: [R, draws, frames]. Where a row has fewer frames than that, padding comes
 * last; `frames` = 0 or more than T: all places. `name` is that of the random input, which the seed and the step decide (docs/random.md).
 */
export function drawnPlaces(name: string, mask: Node, { draws, frames }: { readonly draws: number; readonly frames: number }): Node {
  const [rows, places] = mask.shape as [number, number]
  if (frames === 0 || frames >= places) return expand(reshape(arange(places), [1, 1, places]), [rows, draws, places])
  const order = where(reshape(mask, [rows, 1, places]), randomInput(name, [rows, draws, places], { kind: 'uniform' }), -1)
  return topK(topK(order, frames).indices, frames, { largest: false }).values
}

/** So many frames of each row of a view, drawn at random, in order; `frames` = 0 or more than there are: the view as it is. */
export function drawnFrames(name: string, view: View, frames: number): View {
  const [rows, places] = view.mask.shape as [number, number]
  if (frames === 0 || frames >= places) return view
  return framesAt(view, reshape(drawnPlaces(name, view.mask, { draws: 1, frames }), [rows, frames]))
}

/** The frames of each row of a view at `places` [R, n]. */
export function framesAt({ projection, mask, time }: View, places: Node): View {
  return { projection: gather(projection, places, 1, { batchAxes: 1 }), mask: takeAlong(mask, places, 1), time: takeAlong(time, places, 1) }
}
