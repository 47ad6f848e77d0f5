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

/** Where a piece of the room begins that nobody else has; null = there is not enough left, and nothing is taken. */
export function takePiece({ memory, room: { start, end } }: KernelMemory, bytes: number): number | null {
  const counter = new Int32Array(memory.buffer, start, 1)
  for (;;) {
    const taken = Atomics.load(counter, 0)
    const at = start + counterBytes + taken
    if (at + bytes > end) return null
    if (Atomics.compareExchange(counter, 0, taken, taken + wholeLines(bytes)) === taken) return at
  }
}

const counterBytes = 64

function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}
