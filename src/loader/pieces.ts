import { createHeatmapKernel, type HeatmapKernel } from '../transforms/index.ts'
import type { WasmMemory } from '../wasm.ts'
import type { RecipeSpec } from './recipe/recipe-spec.ts'
import { type BatchTensors, bytesOfLayout, type Recipe, type TensorSpec, tensorsOn } from './recipe/recipe.ts'

/** Bytes that a kernel needs beside the tensors it draws into. */
export function scratchFor({ heatmaps }: Pick<RecipeSpec, 'heatmaps'>): number {
  return heatmaps === undefined ? 0 : 2 ** 20
}

/** Bytes of a piece of memory that has room for the tensors of a batch, and `scratch` bytes for what draws them. */
export function bytesOfPiece(layout: Readonly<Record<string, TensorSpec>>, scratch: number): number {
  return scratch + Math.max(64, bytesOfLayout(layout))
}

/** The tensors of a batch of so many samples in the piece that begins at `start`; those of a piece are made anew when their number changes. */
export function tensorsIn({ memory, scratch }: Memory, layout: Recipe['layout']): (start: number, samples: number) => BatchTensors {
  const kept = new Map<number, { readonly samples: number; readonly out: BatchTensors }>()
  return (start, samples) => {
    if (kept.get(start)?.samples !== samples) kept.set(start, { samples, out: tensorsOn(memory.buffer, start + scratch, layout(samples)) })
    return kept.get(start)!.out
  }
}

/** What draws into a piece: one thread at a time works on it. */
export function kernelIn({ memory, scratch }: Memory, start: number): HeatmapKernel {
  return createHeatmapKernel(memory, { start, end: start + scratch })
}

/** A memory of pieces, and the scratch bytes that each begins with. */
type Memory = { readonly memory: WasmMemory; readonly scratch: number }
