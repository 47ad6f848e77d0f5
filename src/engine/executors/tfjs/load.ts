import { createRequire } from 'node:module'
import { ToolkitError } from '../../../errors.ts'
import type { Tf } from './operator.ts'

/** A tfjs backend by the name that posetta has for it. */
export type TfjsBackend = 'cpu' | 'wasm' | 'webgpu' | 'node' | 'node-gpu'

/** The packages of each backend, and what tfjs calls it. The last package registers the backend. */
export const TFJS_PACKAGES: Readonly<Record<TfjsBackend, { readonly packages: readonly string[]; readonly name: string }>> = {
  cpu: { packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'], name: 'cpu' },
  wasm: { packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'], name: 'wasm' },
  webgpu: { packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu', 'webgpu'], name: 'webgpu' },
  node: { packages: ['@tensorflow/tfjs-node'], name: 'tensorflow' },
  'node-gpu': { packages: ['@tensorflow/tfjs-node-gpu'], name: 'tensorflow' },
}

/** The tfjs module with a backend registered. Throws E_DEVICE_UNUSABLE with the command that installs what is missing. */
export async function loadTfjs(backend: TfjsBackend): Promise<{ readonly tf: Tf; readonly name: string }> {
  const { packages, name } = TFJS_PACKAGES[backend]
  if (name === 'tensorflow') restoreUtil()
  if (backend === 'webgpu') await provideWebgpu()
  const modules: Tf[] = []
  for (const required of packages.filter((one) => one !== 'webgpu')) modules.push(await load(required, backend))
  // without it the backend cpu prints an advertisement of tfjs-node
  modules[0]!.enableProdMode()
  return { tf: modules[0]!, name }
}

async function load(required: string, backend: TfjsBackend): Promise<Tf> {
  try {
    return await import(/* @vite-ignore */ required) as Tf
  } catch (cause) {
    throw new ToolkitError('E_DEVICE_UNUSABLE', `tfjs:${backend} needs the package ${required}, which cannot be loaded`, { hint: installing(backend), cause })
  }
}

/** The command that makes a backend usable. tfjs-node's own install script would download TensorFlow 2.9.1 (CUDA 11.2): hence another. */
export function installing(backend: TfjsBackend): string {
  const install = `npm install ${TFJS_PACKAGES[backend].packages.map((name) => `${name}@${name === 'webgpu' ? '0.6.2' : '4.22.0'}`).join(' ')}`
  return backend === 'node' || backend === 'node-gpu' ? `${install} --ignore-scripts && npm run tfjs:native -- FOLDER # of a libtensorflow: docs/engine.md, "Devices"` : install
}

/** Node 23 has taken functions out of `util` that tfjs-node 4.22 calls at every run. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}

/** Node has no `navigator.gpu` of its own: Dawn's, from the package webgpu. */
async function provideWebgpu(): Promise<void> {
  const scope = globalThis as { navigator?: { gpu?: unknown } }
  if (scope.navigator?.gpu !== undefined) return
  const dawn = await load('webgpu', 'webgpu') as unknown as { create(flags: readonly string[]): unknown; globals: object }
  Object.assign(globalThis, dawn.globals)
  Object.defineProperty(globalThis, 'navigator', { value: { ...scope.navigator, gpu: dawn.create([]), userAgent: 'Node' }, configurable: true })
}
