import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { LoaderState } from '../batch.ts'
import { decodeSafetensors, mapTensors, type NameMap } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { carriedOf, type Model, weightShapes } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import { type Checkpoint, freshStart, nameMap, type RunRecord } from '../train/index.ts'

/** A file of weights to start from; `sha256` = what it must be, where that is known. */
export type StartWeights = { readonly file: string; readonly names: NameMap; readonly sha256?: string | undefined }

/** A name map out of a JSON or YAML file; null = names are as they are here. Throws E_WEIGHTS for one that cannot be read or says something else. */
export async function readNameMap(file: string | null): Promise<NameMap> {
  if (file === null) return {}
  const document = parseDocument(await readFile(file, 'utf8').catch((cause: unknown) => Promise.reject(unread(file, cause))))
  const [broken] = document.errors
  if (broken !== undefined) throw new ToolkitError('E_WEIGHTS', `${file}: ${broken.message.split('\n')[0]!}`, { hint: MAP })
  const parsed = nameMap.safeParse(document.toJS())
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new ToolkitError('E_WEIGHTS', `${file}: ${path.join('.') || 'the map'}: ${message}`, { hint: MAP })
}

const MAP = 'a name map has rules (from, to, transpose, reshape), skip and keep: docs/la2ds.md'

/** The weights as a record keeps them, once it is known that they fit a model. Throws E_WEIGHTS, E_SAFETENSORS. */
export async function checkedWeights({ file, names, sha256 }: StartWeights, model: Model): Promise<NonNullable<RunRecord['init']>> {
  const kept = { file: resolve(file), names: nameMap.parse(names) }
  const read = await readWeights({ ...kept, sha256 }, model)
  return { ...kept, sha256: read.sha256 }
}

/** Where a run begins: its weights where it names some, the rest as its seed draws them. Throws E_WEIGHTS_CHANGED and what `checkedWeights` throws. */
export async function startOf({ seed, init }: Pick<RunRecord, 'seed' | 'init'>, model: Model, loader: LoaderState): Promise<Checkpoint> {
  if (init === null) return freshStart(model, { seed, loader })
  const { tensors } = await readWeights(init, model)
  const states = Object.fromEntries(Object.keys(carriedOf(model)).flatMap((name) => (tensors[name] === undefined ? [] : [[name, tensors[name].data]])))
  return { ...freshStart(model, { seed, loader, weights: tensors }), states }
}

async function readWeights({ file, names, sha256: expected }: StartWeights, model: Model): Promise<{ tensors: Record<string, Tensor>; sha256: string }> {
  const bytes = new Uint8Array(await readFile(file).catch((cause: unknown) => Promise.reject(unread(file, cause))))
  const found = sha256(bytes)
  if (expected !== undefined && expected !== found) {
    throw new ToolkitError('E_WEIGHTS_CHANGED', `${file} has sha256 ${found.slice(0, 12)}, the run began with ${expected.slice(0, 12)}`, { hint: 'bring the file back that the run began with' })
  }
  const { tensors, metadata, leftOut = {} } = decodeSafetensors(bytes, file, { floats: 'only' })
  // what resuming needs of a checkpoint of ours is no weight
  const isOurs = metadata['format']?.startsWith('posetta-checkpoint') === true
  const weights = Object.fromEntries(Object.entries(tensors).filter(([name]) => !(isOurs && name.startsWith('resume.'))))
  return { tensors: mapTensors(weights, { wanted: weightShapes(model), map: names, source: file, leftOut }), sha256: found }
}

function unread(file: string, cause: unknown): ToolkitError {
  return new ToolkitError('E_WEIGHTS', `"${file}" cannot be read: ${(cause as Error).message}`, { cause, hint: 'name a safetensors file with --init, a JSON or YAML file with --names' })
}
