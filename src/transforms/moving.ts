import { type Affine, composed } from '../affine.ts'
import type { Clip } from '../clip.ts'
import type { Draws } from '../random.ts'
import { moved } from './affine.ts'
import type { Transform } from './transform.ts'

/** A map of the plane for all of a clip; `order` = which joint comes to stand where each stood, null = every joint its own. */
export type Move = { readonly affine: Affine; readonly order: readonly number[] | null }

/** Draws a move from the size of the frame alone; null = the clip stays as it is. It never changes the frame. */
export type Mover = (frame: Pick<Clip, 'width' | 'height'>, random: Draws) => Move | null

/** A transform that moves a clip as a whole. Several in a row are one map, so that joints are moved, and rounded, once. */
export type MovingTransform = Transform & { readonly move: Mover }

/** The transform of a mover. */
export function moving(move: Mover): MovingTransform {
  return Object.assign<Transform, { move: Mover }>((clip, random) => carried(clip, move(clip, random)), { move })
}

export function isMoving(transform: Transform): transform is MovingTransform {
  return 'move' in transform
}

/** `first`, then `then`; orders are those of one mirror, which twice is none. */
export function both(first: Move | null, then: Move | null): Move | null {
  if (first === null || then === null) return first ?? then
  return { affine: composed(first.affine, then.affine), order: first.order === null ? then.order : then.order === null ? first.order : null }
}

/** The clip after a move. Labels stay as they are, `view` included. */
export function carried(clip: Clip, move: Move | null): Clip {
  if (move === null) return clip
  const there = moved(clip, move.affine)
  return move.order === null ? there : { ...there, keypoints: swapped(there.keypoints, move.order, clip.dims + 1), states: swapped(there.states, move.order, 1) }
}

function swapped<A extends Float32Array | Uint8Array | null>(array: A, order: readonly number[], width: number): A
function swapped(array: Float32Array | Uint8Array | null, order: readonly number[], width: number): Float32Array | Uint8Array | null {
  if (array === null) return null
  const out = array.slice()
  const person = order.length * width
  for (let at = 0; at < array.length; at += person) {
    for (let joint = 0; joint < order.length; joint++) {
      const from = at + order[joint]! * width
      for (let i = 0; i < width; i++) out[at + joint * width + i] = array[from + i]!
    }
  }
  return out
}
