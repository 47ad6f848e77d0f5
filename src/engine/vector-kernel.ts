import { sizeOf } from '../tensor.ts'
import { type FixedMemory, instantiateModule } from '../wasm.ts'
import type { Instruction, Node } from './graph.ts'
import { valueOf } from './ops/input.ts'

/** What is computed number by number from vectors of one length and from scalars. The values between have instructions, or are constant scalars. */
export type VectorExpression = { readonly vectors: readonly Node[]; readonly scalars: readonly Node[]; readonly results: readonly Node[] }

/** Computes `length` numbers of each result; addresses are those in memory of vectors, scalars and results, in this order. A result may not lie where something is read. */
export type VectorKernel = (length: number, ...addresses: readonly number[]) => void

/** Whether a node's numbers can be computed in a kernel, once those of its inputs are there. */
export function isComputable({ operation }: Node): boolean {
  return operation.instruction !== undefined && operation.isHalf !== true
}

/**
 * A kernel for each expression, in float32 over one memory: all of it in one pass, four numbers at a time, where a graph would make a pass for each operation. Each instruction rounds
 * as IEEE 754 asks (WebAssembly core specification 2.0, 4.3.3), so the numbers are those of any executor that does not contract products and sums.
 */
export function vectorKernels(expressions: readonly VectorExpression[], memory: FixedMemory): VectorKernel[] {
  return kernelsOf(expressions, written, memory)
}

/** As `vectorKernels`, but of each result the sum over all its numbers is written, one number; it is added up in float64, in a fixed order. */
export function sumKernels(expressions: readonly VectorExpression[], memory: FixedMemory): VectorKernel[] {
  return kernelsOf(expressions, summed, memory)
}

function kernelsOf(expressions: readonly VectorExpression[], end: Ending, memory: FixedMemory): VectorKernel[] {
  const codes = new Map<string, Code>()
  const keys = expressions.map((expression) => {
    const body = bodyOf(expression, end)
    const key = body.join(' ')
    if (!codes.has(key)) codes.set(key, { name: String(codes.size), parameters: addressesOf(expression) + 1, body })
    return key
  })
  const functions = instantiateModule<Record<string, VectorKernel>>(moduleOf([...codes.values()]), memory)
  return keys.map((key) => functions[codes.get(key)!.name]!)
}

/** A function from integers to nothing. */
type Code = { readonly name: string; readonly parameters: number; readonly body: readonly number[] }

// binary format: https://webassembly.github.io/spec/core/binary
const [I32, F32, F64, V128] = [0x7f, 0x7d, 0x7c, 0x7b] as const

/** An unsigned number of any length (LEB128). */
function count(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...count(Math.floor(value / 128))]
}
const counted = (bytes: readonly number[]): number[] => [...count(bytes.length), ...bytes]
const list = (items: readonly (readonly number[])[]): number[] => [...count(items.length), ...items.flat()]
const name = (of: string): number[] => counted([...new TextEncoder().encode(of)])
const get = (local: number): number[] => [0x20, ...count(local)]
const set = (local: number): number[] => [0x21, ...count(local)]
/** Below 64: signed numbers have a sign in their seventh bit. */
const integer = (value: number): number[] => [0x41, value]
const simd = (operation: number): number[] => [0xfd, ...count(operation)]

/** Instructions on one number, or on four at once. */
type Lanes = {
  readonly bytes: number
  readonly type: number
  readonly load: readonly number[]
  readonly store: readonly number[]
  /** Of a scalar in memory. */
  readonly loadScalar: readonly number[]
  constant(value: number): number[]
  readonly instructions: Readonly<Record<Exclude<Instruction, 'select'>, readonly number[]>>
  /** `condition`, `a` and `b` are locals. */
  select(condition: number, a: number, b: number): number[]
}

const number = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)]

const one: Lanes = {
  bytes: 4, type: F32, load: [0x2a, 2, 0], store: [0x38, 2, 0], loadScalar: [0x2a, 2, 0], constant: number,
  instructions: { abs: [0x8b], neg: [0x8c], sqrt: [0x91], add: [0x92], sub: [0x93], mul: [0x94], div: [0x95], min: [0x96], max: [0x97] },
  select: (condition, a, b) => [...get(a), ...get(b), ...get(condition), ...number(0), 0x5c, 0x1b],
}

const four: Lanes = {
  bytes: 16, type: V128, load: [...simd(0x00), 2, 0], store: [...simd(0x0b), 2, 0], loadScalar: [...simd(0x09), 2, 0],
  constant: (value) => [...number(value), ...simd(0x13)],
  instructions: {
    abs: simd(0xe0), neg: simd(0xe1), sqrt: simd(0xe3), add: simd(0xe4), sub: simd(0xe5), mul: simd(0xe6), div: simd(0xe7), min: simd(0xe8), max: simd(0xe9),
  },
  select: (condition, a, b) => [...get(a), ...get(b), ...get(condition), ...number(0), ...simd(0x13), ...simd(0x42), ...simd(0x52)],
}

/** What becomes of the results. A `partial` carries something from number to number: two numbers of float64 where four are computed at a time, else one. */
type Ending = {
  /** At each place, with the result's local, the address of its place and its partial. */
  each(lanes: Lanes, of: { value: number; place: readonly number[]; partial: number }): number[]
  /** At last, with the address of the result and its partials. */
  last(address: readonly number[], partials: readonly [number, number]): number[]
}

const written: Ending = {
  each: (lanes, { value, place }) => [...place, ...get(value), ...lanes.store],
  last: () => [],
}

/** The upper two numbers of four, as the lower ones. */
const upper = (value: number): number[] => [...get(value), ...get(value), ...simd(0x0d), 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
const lane = (partial: number, index: number): number[] => [...get(partial), ...simd(0x21), index]

const summed: Ending = {
  each: (lanes, { value, partial }) => (lanes === one
    ? [...get(partial), ...get(value), 0xbb, 0xa0, ...set(partial)]
    : [...get(partial), ...get(value), ...simd(0x5f), ...upper(value), ...simd(0x5f), ...simd(0xf0), ...simd(0xf0), ...set(partial)]),
  last: (address, [fours, ones]) => [...address, ...lane(fours, 0), ...lane(fours, 1), 0xa0, ...get(ones), 0xa0, 0xb6, ...one.store],
}

function moduleOf(codes: readonly Code[]): Uint8Array {
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...counted(bytes)]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list(codes.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 0]))),
    ...section(2, list([[...name('env'), ...name('memory'), 2, 0, 1]])),
    ...section(3, list(codes.map((_, i) => count(i)))),
    ...section(7, list(codes.map((code, i) => [...name(code.name), 0, ...count(i)]))),
    ...section(10, list(codes.map(({ body }) => counted(body)))),
  ])
}

const addressesOf = ({ vectors, scalars, results }: VectorExpression): number => vectors.length + scalars.length + results.length

/** (length, ...addresses) -> (): fours up to the last multiple of four, then one by one. */
function bodyOf(expression: VectorExpression, end: Ending): number[] {
  const { vectors, scalars, results } = expression
  const nodes = computedBy(expression)
  const [length, first] = [0, 1]
  const [at, stop] = [first + addressesOf(expression), first + addressesOf(expression) + 1]
  const values = [...vectors, ...scalars, ...nodes]
  const localOf = (start: number) => (node: Node): number => start + values.indexOf(node)
  const [fours, ones] = [stop + 1, stop + 1 + values.length + results.length]
  const addressOf = (index: number): number[] => get(first + index)
  const place = (index: number): number[] => [...addressOf(index), ...get(at), 0x6a]
  const result = (index: number): number => vectors.length + scalars.length + index
  const loop = (lanes: Lanes, start: number): number[] => {
    const local = localOf(start)
    return [
      // if at < stop: the scalars, then loop until at = stop
      ...get(at), ...get(stop), 0x49, 0x04, 0x40,
      ...scalars.flatMap((scalar, i) => [...addressOf(vectors.length + i), ...lanes.loadScalar, ...set(local(scalar))]),
      0x03, 0x40,
      ...vectors.flatMap((vector, i) => [...place(i), ...lanes.load, ...set(local(vector))]),
      ...nodes.flatMap((node) => [...valueIn(node, lanes, local), ...set(local(node))]),
      ...results.flatMap((node, i) => end.each(lanes, { value: local(node), place: place(result(i)), partial: start + values.length + i })),
      ...get(at), ...integer(lanes.bytes), 0x6a, ...set(at), ...get(at), ...get(stop), 0x49, 0x0d, 0, 0x0b,
      0x0b,
    ]
  }
  const locals = [[2, I32], [values.length, four.type], [results.length, V128], [values.length, one.type], [results.length, F64]] as const
  return [
    ...list(locals.map(([many, type]) => [...count(many), type])),
    ...get(length), ...integer(2), 0x76, ...integer(4), 0x74, ...set(stop),
    ...loop(four, fours),
    ...get(length), ...integer(2), 0x74, ...set(stop),
    ...loop(one, ones),
    ...results.flatMap((_, i) => end.last(addressOf(result(i)), [fours + values.length + i, ones + values.length + i])),
    0x0b,
  ]
}

/** The values between what is read and the results, inputs before users. */
function computedBy({ vectors, scalars, results }: VectorExpression): Node[] {
  const seen = new Set([...vectors, ...scalars])
  const order: Node[] = []
  const visit = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    node.inputs.forEach(visit)
    order.push(node)
  }
  results.forEach(visit)
  return order
}

function valueIn(node: Node, lanes: Lanes, local: (node: Node) => number): number[] {
  const value = valueOf(node)
  if (value !== null && sizeOf(node.shape) === 1) return lanes.constant(value[0]!)
  const { instruction } = node.operation
  if (instruction === undefined) throw new Error(`${node.operation.name} has no instruction`)
  const [a, b, c] = node.inputs.map(local)
  if (instruction === 'select') return lanes.select(a!, b!, c!)
  const isUnary = instruction === 'sqrt' || instruction === 'neg' || instruction === 'abs'
  return [...get(a!), ...(isUnary ? [] : get(b ?? a!)), ...lanes.instructions[instruction]]
}
