import { nowhere } from '../affine.ts'
import type { Clip } from '../clip.ts'
import type { Skeleton } from '../skeleton.ts'
import { casaAxes, type Place, spineOf } from './anatomy.ts'
import { distancesOf, ofFirst, trackOf } from './track.ts'
import { checkRange, type Transform } from './transform.ts'

/**
 * Every frame by itself: the top of the spine of the first person who has one lies in the centre of a square frame of `spines` spine lengths, and the spine
 * is `spine` px long. CASA's numbers are these less the centre, over `spine`. Its neck is the mean of the shoulders where there is none. With `turn`, clips of three
 * dimensions are normalised as in CASA's release: about the joints of `casaAxes`, with the shoulders turned along x and then the spine along z, each the shortest way (which leaves the shoulders
 * a little off x again; one that points the other way stays). Frames without a spine take the nearest one's; a clip without
 * any stays. Draws nothing, and pictures cannot follow. Kwon et al., Context-Aware Sequence Alignment using 4D Skeletal Augmentation, CVPR 2022.
 */
export function casaNormalise({ skeleton, spine = 100, spines = 6, turn = false }: { skeleton: Skeleton; spine?: number; spines?: number; turn?: boolean }): Transform {
  checkRange('spine', spine, 1e-6, 1e6)
  checkRange('spines', spines, 1e-6, 1e6)
  const middle = spineOf(skeleton)
  const { spine: [root, end], shoulders } = casaAxes(skeleton)
  return (clip) => {
    const isTurned = turn && clip.dims === 3
    const [top, bottom] = isTurned ? [[root], [end]] : [middle.top, middle.bottom]
    const body = clip.keypoints === null ? null : ofFirst(clip, (person) => {
      const [root, lengths] = [trackOf(clip, top, person), distancesOf(clip, [top, bottom], person)]
      return root === null || lengths === null ? null : { root, lengths, turns: isTurned ? turnsOf(clip, { spine: [top, bottom], shoulders }, person) : null }
    })
    return body === null ? clip : placed(clip, body, { spine, side: spine * spines })
  }
}

/** Per frame: [T, dims], [T] and the matrices of three dimensions, row by row. */
type Body = { readonly root: Float64Array; readonly lengths: Float64Array; readonly turns: readonly Matrix[] | null }
type Matrix = readonly number[]

function placed(clip: Clip, { root, lengths, turns }: Body, { spine, side }: { spine: number; side: number }): Clip {
  const { dims } = clip
  const frameOf = (at: number, width: number): number => Math.floor(at / width)
  const scaled = (value: number, frame: number, axis: number): number => ((value - root[frame * dims + axis]!) * spine) / lengths[frame]!
  const centred = (value: number, axis: number): number => value + (axis === 2 ? 0 : side / 2)
  const row = clip.persons * clip.joints * (dims + 1)
  const keypoints = clip.keypoints!.slice()
  for (let at = 0; at < keypoints.length; at += dims + 1) {
    const frame = frameOf(at, row)
    const from = Array.from({ length: dims }, (_, axis) => scaled(keypoints[at + axis]!, frame, axis))
    const to = turns === null ? from : times(turns[frame]!, from)
    for (let axis = 0; axis < dims; axis++) keypoints[at + axis] = centred(to[axis]!, axis)
  }
  // a box in the plane has no place in a space that was turned
  const boxes = turns === null ? clip.boxes?.map((value, at) => centred(scaled(value, frameOf(at, 4), at % 2), at % 2)) ?? null : null
  return { ...clip, width: side, height: side, raw: null, placement: nowhere, keypoints, boxes }
}

/** What turns the shoulders along x and then the spine along z, frame by frame. */
function turnsOf(clip: Clip, { spine, shoulders }: { spine: readonly [Place, Place]; shoulders: readonly [number, number] | null }, person: number): Matrix[] {
  const across = shoulders === null ? null : between(clip, [[shoulders[0]], [shoulders[1]]], person)
  const down = between(clip, spine, person)!
  return Array.from({ length: clip.frames }, (_, frame) => {
    const first = across === null ? still : shortestTurn(across(frame), [1, 0, 0])
    const second = shortestTurn(times(first, down(frame)), [0, 0, 1])
    return product(second, first)
  })
}

/** The way from one place of a person to another in a frame; null = one of them is never located. */
function between(clip: Clip, [a, b]: readonly [Place, Place], person: number): ((frame: number) => number[]) | null {
  const [from, to] = [trackOf(clip, a, person), trackOf(clip, b, person)]
  return from === null || to === null ? null : (frame) => [0, 1, 2].map((axis) => to[frame * 3 + axis]! - from[frame * 3 + axis]!)
}

const still: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/** The rotation about their common normal that takes the direction of `from` to that of `to`, a unit vector: 1 + [v] + [v]^2 / (1 + c) with v = from x to and c their cosine. None where they have no normal. */
function shortestTurn(from: readonly number[], to: readonly [number, number, number]): Matrix {
  const length = Math.sqrt(from.reduce((sum, value) => sum + value * value, 0))
  const [x, y, z] = (length === 0 ? to : from.map((value) => value / length)) as [number, number, number]
  const [a, b, c] = [y * to[2] - z * to[1], z * to[0] - x * to[2], x * to[1] - y * to[0]]
  const cosine = x * to[0] + y * to[1] + z * to[2]
  if (Math.abs(a) + Math.abs(b) + Math.abs(c) < 1e-6) return still
  const cross: Matrix = [0, -c, b, c, 0, -a, -b, a, 0]
  const square = product(cross, cross)
  return still.map((value, at) => value + cross[at]! + square[at]! / (1 + cosine))
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((_, at) => [0, 1, 2].reduce((sum, k) => sum + a[at - (at % 3) + k]! * b[3 * k + (at % 3)]!, 0))
}

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return [0, 1, 2].map((row) => [0, 1, 2].reduce((sum, k) => sum + matrix[3 * row + k]! * vector[k]!, 0))
}
