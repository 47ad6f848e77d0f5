import { createMemory, type WasmMemory } from '../wasm.ts'

/** Joints in a memory that kernels read where they lie, in any thread; behind them is room of which each thread takes pieces for good. */
export type KernelMemory = { readonly memory: WasmMemory; readonly room: { readonly start: number; readonly end: number } }

/** Bytes of room: virtual until they are touched. */
const roomBytes = 2 ** 26

/** Most bytes of joints in one memory, which has 4 GB. */
export const mostKept = 2 ** 32 - 2 ** 27

/** A memory for so many bytes of joints, and a room that begins with how much of it is taken. */
export function kernelMemory(bytes: number, room = roomBytes): KernelMemory {
  const start = wholeLines(bytes)
  const end = start + counterBytes + wholeLines(room)
  return { memory: createMemory(end, end), room: { start, end } }
}

/** Where a piece of the room begins that nobody else has; null = there is not enough left. */
export function takePiece({ memory, room: { start, end } }: KernelMemory, bytes: number): number | null {
  const at = start + counterBytes + Atomics.add(new Int32Array(memory.buffer, start, 1), 0, wholeLines(bytes))
  return at + bytes <= end ? at : null
}

const counterBytes = 64

function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}
