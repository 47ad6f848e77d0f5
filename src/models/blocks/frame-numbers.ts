import type { Tensor } from '../../tensor.ts'
import type { Numbering } from '../model.ts'

/**
 * The number of every frame that is there, by its place row x T + t in the mask [V, T]. `index`: frames count from 0 within their view, or from `start` [V]; `rescaled`: those of a view longer than
 * `length` are squeezed into 0 .. length - 1, as CARL does at evaluation.
 */
export function* frameNumbers(mask: Tensor, { rule, length, start }: { readonly rule: Numbering; readonly length: number; readonly start?: Tensor | undefined }): Generator<{ place: number; number: number }> {
  const [rows, frames] = mask.shape as [number, number]
  for (let row = 0; row < rows; row++) {
    const real = mask.data.subarray(row * frames, (row + 1) * frames).reduce((sum, one) => sum + one, 0)
    const pace = rule === 'rescaled' && real > length ? (length - 1) / (real - 1) : 1
    for (let t = 0; t < real; t++) yield { place: row * frames + t, number: (start?.data[row] ?? 0) + t * pace }
  }
}
