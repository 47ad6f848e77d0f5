import { circle, exp, ln } from '../../elementary.ts'
import { count, oneOf, options, tensor } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import type { Tensor } from '../../tensor.ts'
import type { PositionRule } from '../model.ts'

/**
 * The position each frame is told, [V, T, d]: sin on even and cos on odd dimensions of frame / 10000^(2k / d), zeros in the padding. Vaswani et al., 2017.
 * `index`: the frame counts from 0 within its view; `rescaled`: frames of a view longer than `length` are squeezed into 0 .. length - 1, as CARL does at
 * evaluation; `none`: zeros, and so `rotary`, which attention itself turns by. Frames are counted by the mask [V, T]; `start` [V] is the number of each view's first frame,
 * 0 when not given.
 */
export const positions = checked('positions', {
  mask: tensor, options: options({ rule: oneOf('none', 'index', 'rescaled', 'rotary'), length: count, width: count, start: tensor }, ['rule', 'length', 'width']),
}, (
  mask: Tensor, { rule, length, width, start }: { rule: PositionRule; length: number; width: number; start?: Tensor | undefined },
): Tensor => {
  const [rows, frames] = mask.shape as [number, number]
  const data = new Float32Array(rows * frames * width)
  if (rule === 'none' || rule === 'rotary') return { shape: [rows, frames, width], data }
  const turns = turnsPerFrame(width)
  for (let row = 0; row < rows; row++) {
    const real = mask.data.subarray(row * frames, (row + 1) * frames).reduce((sum, one) => sum + one, 0)
    const pace = rule === 'rescaled' && real > length ? (length - 1) / (real - 1) : 1
    for (let t = 0; t < real; t++) {
      const at = (row * frames + t) * width
      fillPosition(data.subarray(at, at + width), (start?.data[row] ?? 0) + t * pace, turns)
    }
  }
  return { shape: [rows, frames, width], data }
})

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
