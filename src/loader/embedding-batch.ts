import type { Clip } from '../clip.ts'
import { randomAt } from '../random.ts'
import { crop } from '../transforms/crop.ts'
import { drawHeatmaps } from '../transforms/heatmap-kernel.ts'
import { heatmapShape, type HeatmapSpec } from '../transforms/heatmap-spec.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { type Buffers, createBuffers } from './buffers.ts'

/** What an encoder eats: T frames of heatmaps in patch order, drawn in the clip's own square box. */
export type InputSpec = {
  readonly heatmaps: HeatmapSpec & { readonly patch: number }
  /** T: shorter clips are padded, longer ones refused. */
  readonly frames: number
  /** By how much the box is enlarged; 0.25. */
  readonly padding?: number
}

/**
 * Clips as they are, boxed and drawn: `patches` [rows, T, N, P], `mask` [rows, T] with 1 for a frame and 0 for padding; rows beyond the clips are padding.
 * Throws an Error for a clip of more than T frames: cut it into windows first.
 */
export function embeddingBatch(
  clips: readonly Clip[], { rows = clips.length, padding = 0.25, ...spec }: InputSpec & { readonly rows?: number }, buffers: Buffers = createBuffers(1),
): { patches: Tensor; mask: Tensor } {
  const { patches, mask } = buffers({ patches: [rows, ...heatmapShape(spec.frames, spec.heatmaps)], mask: [rows, spec.frames] })
  const box = crop({ padding })
  for (let row = 0; row < rows; row++) {
    const clip = clips[row]
    drawRow(clip === undefined ? null : box(clip, unused), { spec, row, patches, mask })
  }
  return { patches, mask }
}

/** Draws a boxed clip into a row of `patches` and marks its frames in `mask`; null and what is beyond the clip's frames is 0. */
export function drawRow(clip: Clip | null, { spec, row, patches, mask }: { spec: InputSpec; row: number; patches: Tensor; mask: Tensor }): void {
  const frames = clip?.frames ?? 0
  if (frames > spec.frames) throw new Error(`${clip!.id} has ${frames} frames, the batch has room for ${spec.frames}`)
  const perFrame = sizeOf(heatmapShape(1, spec.heatmaps))
  const [start, end] = [row * spec.frames * perFrame, (row + 1) * spec.frames * perFrame]
  if (clip === null) patches.data.fill(0, start, end)
  else drawHeatmaps(clip, spec.heatmaps, patches.data.subarray(start, end))
  mask.data.fill(1, row * spec.frames, row * spec.frames + frames).fill(0, row * spec.frames + frames, (row + 1) * spec.frames)
}

/** A crop draws nothing. */
const unused = randomAt({ seed: 0 })
