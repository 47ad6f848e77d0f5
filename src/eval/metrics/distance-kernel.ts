import type { Tensor } from '../../tensor.ts'

/** Squared Euclidean distances of one row to many, in a fixed order of summation: equal rows have equal distances to the last bit. */
export type DistanceKernel = {
  /** Takes the rows [P, d] that are measured against, until the next call. */
  load(pool: Tensor): void
  /** [P] distances of row `index` of `queries` [Q, d] to the loaded rows, in float64; valid until the next call. */
  distances(queries: Tensor, index: number): Float64Array
}

/**
 * The kernel as WebAssembly with two float64 lanes at a time, four times as fast as the loop it stands for:
 *   for p: for k: sum[k mod 4] += (query[k] - pool[p][k])^2;  out[p] = (sum[0] + sum[2]) + (sum[1] + sum[3])
 * Rows lie in its memory as float64, filled up with zeros to a multiple of four.
 */
export function distanceKernel(): DistanceKernel {
  const { memory, run } = instantiate()
  let [rows, width] = [0, 0]
  let [values, out] = [new Float64Array(), new Float64Array()]
  return {
    load: ({ shape, data }) => {
      const dims = shape[1]!
      rows = shape[0]!
      width = Math.max(4, Math.ceil(dims / 4) * 4)
      const needed = 8 * (width + rows * width + rows)
      if (needed > memory.buffer.byteLength) memory.grow(Math.ceil((needed - memory.buffer.byteLength) / 65536))
      values = new Float64Array(memory.buffer, 0, width + rows * width)
      out = new Float64Array(memory.buffer, 8 * values.length, rows)
      values.fill(0)
      for (let row = 0; row < rows; row++) for (let k = 0; k < dims; k++) values[(row + 1) * width + k] = data[row * dims + k]!
    },
    distances: ({ shape, data }, index) => {
      const dims = shape[1]!
      for (let k = 0; k < dims; k++) values[k] = data[index * dims + k]!
      if (rows > 0) run(0, 8 * width, 8 * width, 8 * values.length, 8 * (values.length + rows))
      return out
    },
  }
}

type Instance = {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly run: (query: number, row: number, bytes: number, out: number, end: number) => void
}
/** What Node has and the ECMAScript library of the compiler does not declare. */
type Assembly = { readonly Module: new (bytes: Uint8Array) => unknown; readonly Instance: new (module: unknown) => { readonly exports: unknown } }

function instantiate(): Instance {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly
  return new Instance(new Module(moduleBytes())).exports as Instance
}

/** Section `id` of a module, or any counted vector of bytes; all lengths here are below 2^14. */
const counted = (bytes: readonly number[]): number[] =>
  (bytes.length < 128 ? [bytes.length, ...bytes] : [(bytes.length & 127) | 128, bytes.length >> 7, ...bytes])
const name = (text: string): number[] => counted([...Buffer.from(text)])
const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const simd = (operation: number): number[] => [0xfd, operation, 0x01]
const [ADD, SUB, MUL] = [simd(0xf0), simd(0xf1), simd(0xf2)] as const
const load = (local: number, offset: number): number[] => [...get(local), 0xfd, 0x00, 3, offset]
const advance = (local: number, bytes: number): number[] => [...get(local), 0x41, bytes, 0x6a, ...set(local)]
const zero = (local: number): number[] => [0xfd, 0x0c, ...Array<number>(16).fill(0), ...set(local)]
const repeatIfBelow = (a: number, b: number): number[] => [...get(a), ...get(b), 0x49, 0x0d, 0]
const lane = (local: number, index: number): number[] => [...get(local), 0xfd, 0x21, index]

/** (query, row, bytes, out, end) -> (): distances of the row at `query` to the rows from `row` on, written from `out` to `end`. */
function moduleBytes(): Uint8Array {
  const [query, row, bytes, out, end, at, stop, even, odd, difference] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const
  const square = (sum: number, offset: number) => [
    ...load(at, offset), ...load(row, offset), ...SUB, ...set(difference), ...get(sum), ...get(difference), ...get(difference), ...MUL, ...ADD, ...set(sum),
  ]
  const body = [
    2, 2, 0x7f, 3, 0x7b,
    0x03, 0x40,
    ...get(query), ...set(at), ...get(query), ...get(bytes), 0x6a, ...set(stop), ...zero(even), ...zero(odd),
    0x03, 0x40, ...square(even, 0), ...square(odd, 16), ...advance(at, 32), ...advance(row, 32), ...repeatIfBelow(at, stop), 0x0b,
    ...get(even), ...get(odd), ...ADD, ...set(even),
    ...get(out), ...lane(even, 0), ...lane(even, 1), 0xa0, 0x39, 3, 0, ...advance(out, 8), ...repeatIfBelow(out, end), 0x0b,
    0x0b,
  ]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    1, ...counted([1, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
    3, ...counted([1, 0]),
    5, ...counted([1, 0, 1]),
    7, ...counted([2, ...name('memory'), 2, 0, ...name('run'), 0, 0]),
    10, ...counted([1, ...counted(body)]),
  ])
}
