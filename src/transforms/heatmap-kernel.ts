import type { Clip } from '../clip.ts'
import { sizeOf } from '../tensor.ts'
import { createMemory, instantiateKernel, type WasmMemory, wasmPage } from '../wasm.ts'
import { channelsOf, gaussianOf, heatmapShape, type HeatmapSpec } from './heatmap-spec.ts'

/** Draws maps as `heatmaps` defines them, to the last bit. */
export type HeatmapKernel = {
  /**
   * The maps of a clip into `out`, floats or bytes; what `out` holds beyond the clip's frames is emptied. In the kernel's own memory they are drawn where they lie;
   * any other `out` is copied to, which takes about as long again.
   */
  draw(clip: Clip, spec: HeatmapSpec, out: Float32Array | Uint8Array): void
}

/** Bytes [start, end) of a memory that nobody else uses while a kernel draws. 1 MB is ample. */
export type Scratch = { readonly start: number; readonly end: number }

/** A kernel over a memory that threads may share, each with a scratch region of its own; or over a memory of its own, which grows as needed. */
export function createHeatmapKernel(memory: WasmMemory = createMemory(wasmPage), scratch: Scratch | null = null): HeatmapKernel {
  const functions = instantiateKernel<Functions>('heatmaps', memory)
  return {
    draw: (clip, spec, out) => {
      const room = roomIn(out, clip, spec)
      if (scratch !== null && out.buffer === memory.buffer) {
        drawFrames(clip, { functions, memory, scratch, spec, at: out.byteOffset, asBytes: isBytes(out), first: 0, end: clip.frames })
        functions.clear(out.byteOffset + room, out.byteLength - room)
      } else if (scratch === null) drawAside(clip, spec, out, { functions, memory })
      else drawHeatmaps(clip, spec, out)
    },
  }
}

let own: HeatmapKernel | null = null

/** The maps of a clip into any array, by this thread's own kernel. */
export function drawHeatmaps(clip: Clip, spec: HeatmapSpec, out: Float32Array | Uint8Array): void {
  own ??= createHeatmapKernel()
  own.draw(clip, spec, out)
}

/** `drawHeatmaps` as a kernel. */
export const threadKernel: HeatmapKernel = { draw: drawHeatmaps }

/** What kernels/heatmaps.ts exports. */
type Functions = {
  scratchBytes(persons: number, joints: number, limbs: number, size: number): number
  draw(
    points: number, frames: number, persons: number, joints: number, drawnJoints: number, edges: number, limbs: number,
    size: number, patch: number, radius: number, scale: number, marks: number, out: number, asBytes: boolean,
  ): void
  clear(at: number, bytes: number): void
}

function isBytes(out: Float32Array | Uint8Array): boolean {
  return out instanceof Uint8Array
}

/** The bytes of a clip's maps, refused where `out` has less. */
function roomIn(out: Float32Array | Uint8Array, clip: Clip, spec: HeatmapSpec): number {
  const shape = heatmapShape(clip.frames, spec)
  if (sizeOf(shape) > out.length) throw new Error(`shape [${shape.join(', ')}] holds ${sizeOf(shape)} numbers, the data ${out.length}`)
  return sizeOf(shape) * out.BYTES_PER_ELEMENT
}

/** Draws some frames at a time into memory of its own, so few that they are copied while in the cache. */
function drawAside(clip: Clip, spec: HeatmapSpec, out: Float32Array | Uint8Array, { functions, memory }: { functions: Functions; memory: WasmMemory }): void {
  const perFrame = sizeOf(heatmapShape(1, spec))
  const frames = Math.max(1, Math.floor(2 ** 18 / (perFrame * out.BYTES_PER_ELEMENT)))
  const at = Math.ceil(placesOf(clip, { functions, spec, scratch: { start: 0, end: 0 } }, frames).end / wasmPage) * wasmPage
  const missing = at + frames * perFrame * out.BYTES_PER_ELEMENT - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / wasmPage))
  const drawn = isBytes(out) ? new Uint8Array(memory.buffer, at) : new Float32Array(memory.buffer, at)
  for (let first = 0; first < clip.frames; first += frames) {
    const end = Math.min(clip.frames, first + frames)
    drawFrames(clip, { functions, memory, scratch: { start: 0, end: at }, spec, at, asBytes: isBytes(out), first, end })
    out.set(drawn.subarray(0, (end - first) * perFrame), first * perFrame)
  }
  out.fill(0, clip.frames * perFrame)
}

type Task = {
  readonly functions: Functions
  readonly memory: WasmMemory
  readonly scratch: Scratch
  readonly spec: HeatmapSpec
  /** Where the maps go. */
  readonly at: number
  readonly asBytes: boolean
  /** Frames [first, end). */
  readonly first: number
  readonly end: number
}

/** As many frames at a time as the scratch region has room for the points of. */
function drawFrames(clip: Clip, task: Task): void {
  const { functions, memory, scratch, spec, asBytes } = task
  const { joints, limbs } = channelsOf(spec)
  const { radius, scale } = gaussianOf(spec, asBytes ? 'uint8' : 'float32')
  const perFrame = sizeOf(heatmapShape(1, spec)) * (asBytes ? 1 : 4)
  const persons = clip.keypoints === null ? 0 : clip.persons
  const places = placesOf(clip, task, 1)
  const frames = Math.floor((scratch.end - places.points) / Math.max(1, places.end - places.points))
  if (frames < 1) throw new Error(`a scratch region of ${scratch.end - scratch.start} bytes, ${clip.id} needs ${places.end - scratch.start}`)
  new Int32Array(memory.buffer, places.edges, limbs.length * 2).set(limbs.flat())
  for (let first = task.first; first < task.end; first += frames) {
    const end = Math.min(task.end, first + frames)
    if (persons > 0) setPoints(new Float64Array(memory.buffer, places.points), clip, { size: spec.size, first, end })
    functions.draw(places.points, end - first, persons, clip.joints, joints.length, places.edges, limbs.length, spec.size, spec.patch ?? spec.size,
      radius, scale, places.marks, task.at + (first - task.first) * perFrame, asBytes)
  }
}

/** Where in the scratch region what lies, with the points of so many frames at its end. */
function placesOf(clip: Clip, { functions, spec, scratch }: Pick<Task, 'functions' | 'spec' | 'scratch'>, frames: number): {
  marks: number; edges: number; points: number; end: number
} {
  const { joints, limbs } = channelsOf(spec)
  const marks = Math.ceil(scratch.start / 16) * 16
  const edges = marks + functions.scratchBytes(clip.persons, joints.length, limbs.length, spec.size)
  const points = edges + limbs.length * 8
  return { marks, edges, points, end: points + frames * clip.persons * clip.joints * 24 }
}

/** x, y, confidence of the joints of frames [first, end) on the grid, as `gridPoints` says. */
function setPoints(points: Float64Array, { keypoints, persons, joints, dims, width, height }: Clip, { size, first, end }: { size: number; first: number; end: number }): void {
  let to = 0
  for (let at = first * persons * joints * (dims + 1); at < end * persons * joints * (dims + 1); at += dims + 1) {
    points[to++] = (keypoints![at]! * size) / width - 0.5
    points[to++] = (keypoints![at + 1]! * size) / height - 0.5
    points[to++] = keypoints![at + dims]!
  }
}
