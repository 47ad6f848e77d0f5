import type { Tensor } from '../../tensor.ts'
import type { Numbering } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { learned } from './frame-encoder.ts'
import { frameNumbers } from './frame-numbers.ts'

/** A table of positions [length, width]. Deviation 0.02, as ViT's. */
export function learnedPositionSpec(name: string, length: number, width: number): ParameterSpec[] {
  return [learned(name, [length, width], 0.02)]
}

/**
 * What frames read of a table of `length` positions, [V, T, length]: times the table it is the position of each frame, 0 in the padding. Numbers between two rows are a mean of both, as ViT's tables
 * are resized; those beyond the last row read that. Dosovitskiy et al., ViT, ICLR 2021. Frames count from 0 in every view: a table has no room for later starts.
 */
export function learnedPositionWeights(mask: Tensor, { rule, length }: { readonly rule: Numbering; readonly length: number }): Tensor {
  const [rows, frames] = mask.shape as [number, number]
  const data = new Float32Array(rows * frames * length)
  for (const { place, number } of frameNumbers(mask, { rule, length })) {
    const at = Math.min(number, length - 1)
    const [below, share] = [Math.floor(at), at - Math.floor(at)]
    data[place * length + below] = 1 - share
    if (share > 0) data[place * length + below + 1] = share
  }
  return { shape: [rows, frames, length], data }
}
