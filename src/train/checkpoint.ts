import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type LoaderState, loaderState } from '../batch.ts'
import { decodeSafetensors, encodeSafetensors } from '../engine/index.ts'
import { ToolkitError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { carriedOf, type Model, unflatten, type Weights, weightShapes } from '../models/index.ts'
import type { Tensor } from '../tensor.ts'
import type { Plateau } from './learning-rate.ts'
import { replaceFile } from './replace-file.ts'

/** The weights with the highest value on the validation part. */
export type Best = { readonly step: number; readonly epoch: number; readonly value: number; readonly weights: Weights }

/** All that a training is between two steps: with the batches that follow it goes on to the same bytes. Vectors are flat, in the order of the model. */
export type Checkpoint = {
  /** Steps done. */
  readonly step: number
  readonly loader: LoaderState
  readonly params: Float32Array
  /** What else the graph carries from step to step, by name: moments, a moving average, running statistics; before the first step those that do not begin as the graph does. */
  readonly states: Readonly<Record<string, Float32Array>>
  readonly best: Best | null
  /** Validations since the best one. */
  readonly stale: number
  /** Where a plateau schedule stands; null = the learning rate follows the steps alone. */
  readonly plateau: Plateau | null
}

const FORMAT = 'posetta-checkpoint-2'
/** Checkpoints of before, which have no `sha256`, or one of their numbers alone. */
const EARLIER = 'posetta-checkpoint-1'
const whole = z.int().min(0)
const header = z.object({
  step: whole, stale: whole,
  loader: loaderState,
  best: z.object({ step: whole, epoch: whole, value: z.number() }).nullable(),
  plateau: z.object({ rate: z.number(), best: z.number().nullable(), bad: whole, cooling: whole, sum: z.number(), steps: whole }).nullable().default(null),
})

const RESUME = 'resume.'

type Contents = ReturnType<typeof decodeSafetensors>

/**
 * Writes a checkpoint at one stroke, as a safetensors file. The weights to use (the best; where nothing was validated the moving average, where there is none the last) stand under their
 * own names, so that any reader finds them; what only resuming needs, under `resume.*` as vectors. `about` is kept as metadata.
 */
export async function writeCheckpoint(
  file: string, checkpoint: Checkpoint, { model, about = {} }: { model: Model; about?: Readonly<Record<string, string>> },
): Promise<void> {
  const { step, stale, loader, params, states, best, plateau } = checkpoint
  const training = JSON.stringify({ step, stale, loader, best: best === null ? null : { step: best.step, epoch: best.epoch, value: best.value }, plateau })
  const tensors = { ...(best?.weights ?? weightsOf(model, { params, ...states })), ...Object.fromEntries(Object.entries({ params, ...states }).map(([name, data]) => [`${RESUME}${name}`, vector(data)])) }
  const metadata = { ...about, format: FORMAT, model: model.name, config: JSON.stringify(model.config), training }
  await replaceFile(file, encodeSafetensors({ tensors, metadata: { ...metadata, sha256: digestOf({ tensors, metadata }) } }))
}

/** What a model is used with, of the states of its training: the moving average of the parameters where there is one, and what is carried beside them. */
export function weightsOf(model: Model, { params, average, ...states }: Readonly<Record<string, Float32Array>>): Weights {
  const carried = Object.entries(carriedOf(model)).map(([name, { shape, data }]) => [name, { shape, data: states[name] ?? data }] as const)
  return { ...unflatten(model.parameters, average ?? params!), ...Object.fromEntries(carried) }
}

/** Of a checkpoint's numbers and of where the training stood: a bit that a disk turned is neither a misfit nor, as a rule, a number that is not finite or a step that cannot be. */
function digestOf({ tensors, metadata: { training = '' } }: Contents): string {
  return sha256(training, ...Object.entries(tensors).flatMap(([name, { data }]) => [name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]))
}

function vector(data: Float32Array): Tensor {
  return { shape: [data.length], data }
}

/** A checkpoint to go on from. Throws E_CHECKPOINT for a file that is damaged, or of another model or format, naming what differs. */
export async function readCheckpoint(file: string, model: Model): Promise<Checkpoint> {
  const { tensors, metadata } = await readTensors(file, model)
  const { params, ...states } = Object.fromEntries(Object.entries(tensors).flatMap(([name, { data }]) => (name.startsWith(RESUME) ? [[name.slice(RESUME.length), data] as const] : [])))
  if (params === undefined) throw refused(file, `has no tensor "${RESUME}params"`)
  const { step, stale, loader, best, plateau } = progressIn(metadata, file)
  return { step, stale, loader, params, states, plateau, best: best === null ? null : { ...best, weights: usedOf(model, tensors) } }
}

/** Where a training stood. */
function progressIn({ training = '' }: Contents['metadata'], file: string): z.infer<typeof header> {
  try {
    return header.parse(JSON.parse(training))
  } catch (cause) {
    throw refused(file, `does not say where its training stood: "${training}"`, cause)
  }
}

/** The weights to use. Throws E_CHECKPOINT. */
export async function readWeights(file: string, model: Model): Promise<Weights> {
  return usedOf(model, (await readTensors(file, model)).tensors)
}

function usedOf(model: Model, tensors: Readonly<Record<string, Tensor>>): Weights {
  return Object.fromEntries(weightShapes(model).map(({ name }) => [name, tensors[name]!]))
}

async function readTensors(file: string, model: Model): Promise<Contents> {
  const bytes = await readFile(file).catch((cause: unknown) => Promise.reject(refused(file, `cannot be read: ${(cause as Error).message}`, cause)))
  const decoded = wholeFile(new Uint8Array(bytes), file)
  const { format = '', model: name = '', sha256: digest } = decoded.metadata
  if (format !== FORMAT && format !== EARLIER) throw refused(file, `has format "${format}", this version reads "${FORMAT}"`)
  if (format === FORMAT && digest !== digestOf(decoded)) throw refused(file, 'is not as it was written: what it holds has another hash')
  if (name !== model.name) throw refused(file, `holds a model "${name}", not "${model.name}"`)
  for (const { name, shape } of weightShapes(model)) {
    const found = decoded.tensors[name]?.shape
    if (found?.join() === shape.join()) continue
    throw refused(file, `${found === undefined ? 'lacks' : `has as [${found.join(', ')}]`} the parameter "${name}" [${shape.join(', ')}] of its run`)
  }
  return decoded
}

function wholeFile(bytes: Uint8Array, file: string): Contents {
  try {
    return decodeSafetensors(bytes, file)
  } catch (cause) {
    throw refused(file, `is damaged: ${(cause as Error).message}`, cause)
  }
}

function refused(file: string, what: string, cause?: unknown): ToolkitError {
  return new ToolkitError('E_CHECKPOINT', `"${file}" ${what}`, { cause, hint: 'start a new run, or bring the file back from a backup' })
}
