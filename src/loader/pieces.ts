import { createHeatmapKernel, type HeatmapKernel } from '../transforms/index.ts'
import type { WasmMemory } from '../wasm.ts'
import { type BatchTensors, bytesOfLayout, type TensorSpec, tensorsOn } from './recipe/recipe.ts'

/** What a kernel needs beside the tensors it draws into. */
const scratchBytes = 2 ** 20

/** Bytes of a piece of memory that has room for the tensors of a batch, and for what draws them. */
export function bytesOfPiece(layout: Readonly<Record<string, TensorSpec>>): number {
  return scratchBytes + Math.max(64, bytesOfLayout(layout))
}

/** The tensors of a batch in the piece that begins at `start`. */
export function tensorsIn(memory: WasmMemory, start: number, layout: Readonly<Record<string, TensorSpec>>): BatchTensors {
  return tensorsOn(memory.buffer, start + scratchBytes, layout)
}

/** What draws into a piece: one thread at a time works on it. */
export function kernelIn(memory: WasmMemory, start: number): HeatmapKernel {
  return createHeatmapKernel(memory, { start, end: start + scratchBytes })
}
