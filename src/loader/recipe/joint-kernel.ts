import type { Move } from '../../transforms/index.ts'
import { instantiateKernel } from '../../wasm.ts'
import { type KernelMemory, kernelMemory, takePiece } from '../kernel-memory.ts'
import type { BatchTensors } from './recipe.ts'

/** A window of a clip, as a row of a batch. */
export type Window = {
  /** [real, M, J, dims + 1] of its frames, one at least. */
  readonly keypoints: Float32Array
  readonly move: Move | null
  /** Its first frame, how many frames of the clip it has, and with the last one held. */
  readonly start: number
  readonly real: number
  readonly shown: number
}

/** T frames of so many persons, joints, and numbers of a joint. */
export type RowShape = { readonly frames: number; readonly persons: number; readonly joints: number; readonly width: number }

/** Fills `points`, `mask` and `time` of row `at` of a batch: joints moved, absent ones 0, what lies beyond the window 0. Joints are read where they lie when it is in one of the memories. */
export type JointKernel = { draw(window: Window, memories: readonly KernelMemory[], out: BatchTensors['tensors'], at: number): void }

export function createJointKernel(shape: RowShape): JointKernel {
  const { frames, persons, joints, width } = shape
  const perFrame = persons * joints * width
  let [own, row]: [Row | null, Row | null] = [null, null]

  /** The row beside the joints, or where there is no room for it, or they lie elsewhere, one of the kernel's own. */
  function rowFor({ buffer }: Float32Array, memories: readonly KernelMemory[]): Row {
    if (row?.buffer === buffer) return row
    const kept = memories.find(({ memory }) => memory.buffer === buffer)
    return (row = (kept === undefined ? null : rowBeside(kept, shape)) ?? (own ??= rowIn(kernelMemory(0, rowBytes(shape)), shape)!))
  }

  return {
    draw({ keypoints, move, start, real, shown }, memories, { points, time, mask }, at) {
      const row = rowFor(keypoints, memories)
      const { functions, to } = row
      let from = keypoints.byteOffset
      if (keypoints.buffer !== row.buffer) {
        row.given.set(keypoints)
        from = row.given.byteOffset
      }
      if (move === null) functions.settle(from, to, real * perFrame)
      else {
        const { affine: { xx, xy, yx, yy, dx, dy }, order } = move
        functions.move(from, to, real * persons * joints, width, xx, xy, yx, yy, dx, dy)
        if (order !== null) for (let joint = 0; joint < joints; joint++) if (order[joint]! > joint) functions.swap(to, real * persons, joint, order[joint]!, joints, width)
      }
      functions.fill(to, row.time.byteOffset, row.mask.byteOffset, perFrame, start, real, shown, frames)
      points!.data.set(row.points, at * frames * perFrame)
      time!.data.set(row.time, at * frames)
      mask!.data.set(row.mask, at * frames)
    },
  }
}

/** Room for one row in a memory, and what draws there. */
type Row = {
  readonly buffer: ArrayBufferLike
  readonly functions: Functions
  /** Of `points`, in bytes. */
  readonly to: number
  readonly points: Float32Array
  /** For joints that lie elsewhere. */
  readonly given: Float32Array
  readonly time: Float32Array
  readonly mask: Float32Array
}

/** Rows of this thread: used by one kernel at a time, within one call. */
const rows = new WeakMap<KernelMemory, Map<string, Row | null>>()

function rowBeside(kept: KernelMemory, shape: RowShape): Row | null {
  const known = rows.get(kept) ?? new Map<string, Row | null>()
  rows.set(kept, known)
  const name = JSON.stringify(shape)
  if (!known.has(name)) known.set(name, rowIn(kept, shape))
  return known.get(name)!
}

function rowIn(kept: KernelMemory, shape: RowShape): Row | null {
  const { frames, persons, joints, width } = shape
  const numbers = frames * persons * joints * width
  const to = takePiece(kept, rowBytes(shape))
  if (to === null) return null
  const { memory } = kept
  const floats = (at: number, length: number): Float32Array => new Float32Array(memory.buffer, to + 4 * at, length)
  return { buffer: memory.buffer, functions: instantiateKernel<Functions>('joints', memory), to, points: floats(0, numbers), given: floats(numbers, numbers), time: floats(2 * numbers, frames), mask: floats(2 * numbers + frames, frames) }
}

/** Its points, as many for given ones, then `time` and `mask`. */
function rowBytes({ frames, persons, joints, width }: RowShape): number {
  return 8 * frames * (persons * joints * width + 1)
}

/** What kernels/joints.ts exports. */
type Functions = {
  settle(from: number, to: number, numbers: number): void
  move(from: number, to: number, joints: number, width: number, xx: number, xy: number, yx: number, yy: number, dx: number, dy: number): void
  swap(points: number, persons: number, left: number, right: number, joints: number, width: number): void
  fill(points: number, time: number, mask: number, perFrame: number, start: number, real: number, shown: number, frames: number): void
}
