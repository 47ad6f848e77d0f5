import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { deviceUnusable, installing, type TfjsBackend, TFJS_PACKAGES } from '../engine/index.ts'
import type { Check } from './check.ts'
import { type Environment, failureOf } from './provider-probe.ts'

const require = createRequire(import.meta.url)

/** Which devices of `--device` are usable, or why not and the command that makes them so. Drivers are tried in processes of their own, since they can crash; nothing else is loaded. */
export async function examineDevices(environment: Environment): Promise<Check[]> {
  const ort = versionOf('onnxruntime-node')
  const native = [providerCheck('webgpu', environment, async () => `onnxruntime-node ${ort} on ${await adapterOf(environment)}`), providerCheck('cuda', environment, async () => `onnxruntime-node ${ort}, ${await nvidiaCard() ?? 'CUDA'}`)]
  return [
    ort === null ? notUsable('cpu', 'onnxruntime-node is not installed', 'npm ci') : usable('cpu', `onnxruntime-node ${ort}`),
    ...await Promise.all(native),
    packageCheck('wasm', ['onnxruntime-web'], 'npm install onnxruntime-web@1.30.0'),
    ...(['cpu', 'wasm', 'webgpu'] as const).map((backend) => packageCheck(`tfjs:${backend}`, TFJS_PACKAGES[backend].packages, installing(backend))),
    ...(['node', 'node-gpu'] as const).map(bindingCheck),
    usable('reference', 'float64, for tests and doubts'),
  ]
}

const usable = (device: string, detail: string): Check => ({ name: `device ${device}`, state: 'ok', detail, fix: null })
const notUsable = (device: string, detail: string, fix: string): Check => ({ name: `device ${device}`, state: 'warn', detail, fix })

/** Adds numbers on a provider of ONNX Runtime. CUDA's library alone is looked for first: without it nothing is started. */
async function providerCheck(device: 'webgpu' | 'cuda', environment: Environment, detail: () => Promise<string>): Promise<Check> {
  const file = entryOf('onnxruntime-node')
  if (file === null) return notUsable(device, 'onnxruntime-node is not installed', 'npm ci')
  const library = join(dirname(file), `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`)
  const said = device === 'cuda' && !existsSync(library) ? 'Failed to load shared library libonnxruntime_providers_cuda.so: no such file' : await failureOf(device, file, environment)
  if (said === null) return usable(device, await detail())
  const error = deviceUnusable(device, said)
  return notUsable(device, error?.message.slice(`${device}: `.length) ?? said, error?.hint ?? 'posetta train --device cpu # another device')
}

/** The NVIDIA card, or the Vulkan drivers that there are to choose from. */
async function adapterOf({ VK_DRIVER_FILES: named, VK_ICD_FILENAMES: older }: Environment): Promise<string> {
  const card = named === undefined && older === undefined ? await nvidiaCard() : null
  const installed = async (): Promise<string[]> => (await Promise.all(['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].map((folder) => readdir(folder).catch(() => [])))).flat()
  return card ?? `Vulkan (${[named ?? older ?? (await installed()).join(', ')].filter(Boolean).join() || 'the system\'s driver'})`
}

async function nvidiaCard(): Promise<string | null> {
  const folder = '/proc/driver/nvidia/gpus'
  const [first] = await readdir(folder).catch(() => [])
  const text = first === undefined ? '' : await readFile(join(folder, first, 'information'), 'utf8').catch(() => '')
  return /Model:\s*(.+)/.exec(text)?.[1] ?? null
}

function packageCheck(device: string, packages: readonly string[], fix: string): Check {
  const missing = packages.filter((name) => versionOf(name) === null)
  if (missing.length > 0) return notUsable(device, `not installed: ${missing.join(', ')}`, fix)
  return usable(device, packages.map((name) => `${name} ${versionOf(name)}`).join(', '))
}

/** tfjs-node is of use with a binding alone. */
function bindingCheck(backend: Extract<TfjsBackend, 'node' | 'node-gpu'>): Check {
  const check = packageCheck(`tfjs:${backend}`, TFJS_PACKAGES[backend].packages, installing(backend))
  const entry = entryOf(TFJS_PACKAGES[backend].packages[0]!)
  const binding = entry === null ? null : join(dirname(entry), '../lib/napi-v8/tfjs_binding.node')
  return binding === null || existsSync(binding) ? check : notUsable(`tfjs:${backend}`, `no binding ${binding}`, 'npm run tfjs:native -- FOLDER # of a libtensorflow: docs/engine.md, "Devices"')
}

function entryOf(name: string): string | null {
  try {
    return require.resolve(name)
  } catch {
    return null
  }
}

/** Of the nearest package.json above its entry; packages need not export theirs. */
function versionOf(name: string): string | null {
  const entry = entryOf(name)
  if (entry === null) return null
  const end = entry.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length
  return (require(join(entry.slice(0, end), 'package.json')) as { version: string }).version
}
