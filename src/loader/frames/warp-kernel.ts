import { createMemory, instantiateKernel, type WasmMemory, wasmPage } from '../../wasm.ts'
import type { Shrink, Size, Warp } from './warp.ts'

/** What `shrunk` and `warped` say, with SIMD: kernels/warp.ts. Each thread has its own. */
export type WarpKernel = {
  /** Where a picture is to be decoded to, [height, width, 3], until the next call; it is going to be sampled to `output`. */
  room(picture: Size, output: Size): Uint8Array
  /** Samples the picture in the room, made smaller before. `out` in the same memory is written in place, else copied to. */
  draw(shrink: Shrink, warp: Warp, out: Uint8Array | Float32Array): void
}

/** Bytes [start, end) of a shared memory that one thread has to itself. `start` is a multiple of 16. */
export type Scratch = { readonly memory: WasmMemory; readonly start: number; readonly end: number }

type Functions = {
  shrink(source: number, width: number, height: number, across: number, down: number, sums: number, out: number): void
  warp(source: number, width: number, height: number, settings: number, columns: number, rows: number, kind: number, line: number, out: number): void
}

type Held = Layout & Size & { readonly place: Place }

type Place = { readonly scratch: Scratch; readonly kernel: Functions }

const settingsBytes = 112

/**
 * Pictures that fit into `scratch` are drawn within its memory, with no copy, where `out` lies in that, too; others, and all without it, in a memory of the kernel's own.
 * It takes three bytes a px of the picture, half as much again, and some kB.
 */
export function createWarpKernel(scratch?: Scratch): WarpKernel {
  const given = scratch && placeOf(scratch)
  let own: Place | undefined
  let picture: Held | undefined

  function ownPlace({ bytes }: Layout): Place {
    if (own === undefined || own.scratch.end < bytes) own = placeOf(ownScratch(bytes, own?.scratch.memory))
    return own
  }

  return {
    room({ width, height }, output) {
      const layout = layoutOf({ width, height }, output)
      const place = given !== undefined && layout.out <= given.scratch.end - given.scratch.start ? given : ownPlace(layout)
      picture = { ...layout, place, width, height }
      return bytesOf(picture)
    },
    draw({ across, down }, warp, out) {
      if (picture === undefined) throw new Error('no picture was put into the kernel')
      if (picture.place === given && out.buffer !== given.scratch.memory.buffer) {
        const moved = { ...picture, place: ownPlace(picture) }
        bytesOf(moved).set(bytesOf(picture))
        picture = moved
      }
      const { place: { scratch: { memory, start }, kernel }, width, height } = picture
      const source = start + (across + down > 0 ? picture.shrunk : picture.picture)
      if (across + down > 0) kernel.shrink(start + picture.picture, width, height, across, down, start + picture.line, source)
      writeSettings(warp, memory, start)
      const isInPlace = out.buffer === memory.buffer
      const target = isInPlace ? out.byteOffset : start + picture.out
      const kind = (warp.normal === null ? 0 : 2) + (warp.layout === 'nchw' ? 1 : 0)
      kernel.warp(source, Math.ceil(width / 2 ** across), Math.ceil(height / 2 ** down), start, warp.columns, warp.rows, kind, start + picture.line, target)
      if (!isInPlace) out.set(warp.normal === null ? new Uint8Array(memory.buffer, target, out.length) : new Float32Array(memory.buffer, target, out.length))
    },
  }
}

/** Where everything lies, in bytes from the start, and how much it is; nothing of `out` where that is written in place. The kernel may read a row and some pixels beyond a picture. */
type Layout = { readonly picture: number; readonly shrunk: number; readonly line: number; readonly out: number; readonly bytes: number }

function layoutOf({ width, height }: Size, output: Size): Layout {
  const picture = settingsBytes
  const shrunk = aligned(picture + 3 * (width * (height + 1) + 8))
  const line = aligned(shrunk + 3 * (width + 1) * (Math.ceil(height / 2) + 2))
  // sums of boxes, one row; later samples, one row
  const out = aligned(line + Math.max(6 * width + 32, 24 * (output.width + 4)))
  return { picture, shrunk, line, out, bytes: out + 12 * output.width * output.height }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

function bytesOf({ place: { scratch: { memory, start } }, picture, width, height }: Held): Uint8Array {
  return new Uint8Array(memory.buffer, start + picture, width * height * 3)
}

function placeOf(scratch: Scratch): Place {
  return { scratch, kernel: instantiateKernel<Functions>('warp', scratch.memory) }
}

/** A memory with so many bytes: the one given, grown, or a new one. */
function ownScratch(bytes: number, memory = createMemory(0)): Scratch {
  memory.grow(Math.max(0, Math.ceil((bytes - memory.buffer.byteLength) / wasmPage)))
  return { memory, start: 0, end: memory.buffer.byteLength }
}

/** As kernels/warp.ts reads them. */
function writeSettings({ lattice: { xx, xy, dx, yx, yy, dy }, right, bottom, fill, normal }: Warp, { buffer }: WasmMemory, start: number): void {
  new Float64Array(buffer, start, 8).set([xx, xy, dx, yx, yy, dy, right, bottom])
  new Int32Array(buffer, start + 64, 4).set(fill)
  if (normal === null) return
  new Float32Array(buffer, start + 80, 4).set(normal.factors)
  new Float32Array(buffer, start + 96, 4).set(normal.terms)
}
