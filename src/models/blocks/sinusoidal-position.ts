import { circle, exp, ln } from '../../elementary.ts'
import { count, oneOf, options, tensor } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import type { Tensor } from '../../tensor.ts'
import type { Numbering } from '../model.ts'
import { frameNumbers } from './frame-numbers.ts'

/**
 * The position each frame is told, [V, T, d]: sin on even and cos on odd dimensions of frame / 10000^(2k / d), zeros in the padding. Vaswani et al., 2017.
 * `index`: the frame counts from 0 within its view; `rescaled`: frames of a view longer than `length` are squeezed into 0 .. length - 1, as CARL does at
 * evaluation; `none`: zeros. Frames are counted by the mask [V, T]; `start` [V] is the number of each view's first frame,
 * 0 when not given.
 */
export const positions = checked('positions', {
  mask: tensor, options: options({ rule: oneOf('none', 'index', 'rescaled'), length: count, width: count, start: tensor }, ['rule', 'length', 'width']),
}, (
  mask: Tensor, { rule, length, width, start }: { rule: Numbering; length: number; width: number; start?: Tensor | undefined },
): Tensor => {
  const [rows, frames] = mask.shape as [number, number]
  const data = new Float32Array(rows * frames * width)
  if (rule === 'none') return { shape: [rows, frames, width], data }
  const turns = turnsPerFrame(width)
  for (const { place, number } of frameNumbers(mask, { rule, length, start })) fillPosition(data.subarray(place * width, (place + 1) * width), number, turns)
  return { shape: [rows, frames, width], data }
})

/**
 * Where each of `across` x `across` patches lies, [1 + across^2, d]: the first half of the dimensions has the row's sines and cosines, the rest the column's; a class token before them has
 * zeros. He et al., Masked Autoencoders, CVPR 2022 (`get_2d_sincos_pos_embed`).
 */
export function patchPositions(across: number, width: number): Tensor {
  const data = new Float32Array((1 + across ** 2) * width)
  const half = Math.ceil(width / 2)
  const [rows, columns] = [turnsPerFrame(half), turnsPerFrame(width - half)]
  for (let patch = 0; patch < across ** 2; patch++) {
    const at = (1 + patch) * width
    fillPosition(data.subarray(at, at + half), Math.floor(patch / across), rows)
    fillPosition(data.subarray(at + half, at + width), patch % across, columns)
  }
  return { shape: [1 + across ** 2, width], data }
}

function fillPosition(out: Float32Array, position: number, turns: Float64Array): void {
  for (const [pair, turn] of turns.entries()) {
    const { cos, sin } = circle(position * turn)
    out[2 * pair] = sin
    if (2 * pair + 1 < out.length) out[2 * pair + 1] = cos
  }
}

/** 10000^(-2k / d) / 2 pi: whole turns of each pair of dimensions per frame. */
function turnsPerFrame(width: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(width / 2) }, (_, k) => exp((-2 * k * ln(10_000)) / width) / (2 * Math.PI))
}
