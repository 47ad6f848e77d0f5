import type { counterAt } from '../random.ts'
import { createMemory, instantiateKernel } from '../wasm.ts'

/** What kernels/masks.ts exports. */
type Functions = {
  keep(out: number, blocks: number, first: number, c1: number, c2: number, c3: number, k0: number, k1: number, dropped: number, kept: number): void
}

/** Numbers that are drawn before they are copied: they stay in the nearest cache. */
const AT_ONCE = 4096
let kernel: { readonly functions: Functions; readonly drawn: Float32Array } | null = null

/** Fills a mask by step: 16 bits decide one number, eight of a block of the stream; 0 with the rate rounded to 1/65,536, else what keeps the mean 1. */
export function maskFill({ key, after }: ReturnType<typeof counterAt>, rate: number, data: Float32Array): (step: number) => void {
  const dropped = Math.min(Math.round(rate * 65536), 65535)
  const kept = 65536 / (65536 - dropped)
  return (step) => {
    const { functions, drawn } = (kernel ??= openKernel())
    for (let start = 0; start < data.length; start += AT_ONCE) {
      const numbers = Math.min(AT_ONCE, data.length - start)
      functions.keep(0, 4 * Math.ceil(numbers / 32), start / 8, ...after(step), ...key, dropped, kept)
      data.set(drawn.subarray(0, numbers), start)
    }
  }
}

function openKernel(): { functions: Functions; drawn: Float32Array } {
  const memory = createMemory(4 * AT_ONCE)
  return { functions: instantiateKernel<Functions>('masks', memory), drawn: new Float32Array(memory.buffer, 0, AT_ONCE) }
}
