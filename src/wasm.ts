import { readFileSync } from 'node:fs'

/** A shared WebAssembly memory: threads that are handed it see the same bytes. */
export type WasmMemory = { readonly buffer: SharedArrayBuffer; grow(pages: number): number }

/** A WebAssembly memory of one thread, which does not grow: what lies in it stays where it is. */
export type FixedMemory = { readonly buffer: ArrayBuffer }

/** Bytes of a page, the unit in which memory grows. */
export const wasmPage = 65536

/** Most bytes that one memory can have: 4 GB. */
export const mostMemory = 2 ** 32

/** What Node has and the ECMAScript library of the compiler does not declare. */
type Assembly = {
  readonly Memory: (new (size: { initial: number; maximum: number; shared: true }) => WasmMemory) & (new (size: { initial: number; maximum: number }) => FixedMemory)
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: { env: { memory: WasmMemory | FixedMemory } }) => { readonly exports: object }
}
const assembly = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly

/** A memory of at least `bytes`, which can grow to `most` bytes: 4 GB at most. What is not touched takes no memory. */
export function createMemory(bytes: number, most = mostMemory): WasmMemory {
  return new assembly.Memory({ initial: Math.ceil(bytes / wasmPage), maximum: Math.ceil(most / wasmPage), shared: true })
}

/** A memory of at least `bytes`, all 0. */
export function createFixedMemory(bytes: number): FixedMemory {
  const pages = Math.ceil(bytes / wasmPage)
  return new assembly.Memory({ initial: pages, maximum: pages })
}

/** The functions of a module, given as bytes, over a memory that it imports as `env.memory`. */
export function instantiateModule<Functions>(bytes: Uint8Array, memory: FixedMemory): Functions {
  return new assembly.Instance(new assembly.Module(bytes), { env: { memory } }).exports as Functions
}

const modules = new Map<string, object>()

/** The functions of kernels/<name>.ts over a memory. Compiled once per thread. */
export function instantiateKernel<Functions>(name: string, memory: WasmMemory): Functions {
  if (!modules.has(name)) modules.set(name, new assembly.Module(readFileSync(new URL(`../dist/kernels/${name}.wasm`, import.meta.url))))
  return new assembly.Instance(modules.get(name)!, { env: { memory } }).exports as Functions
}
