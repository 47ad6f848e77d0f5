import { Flags } from '@oclif/core'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { type LoaderState, loaderState } from '../batch.ts'
import { ToolkitError } from '../errors.ts'
import type { LoaderRequest } from '../jobs/loader-request.ts'
import { type Side, sides } from '../split.ts'
import { bytes } from './bytes.ts'

/** Which samples come, and what makes batches of them: for a training here as for a loader of any kind. */
export const sampleFlags = {
  plan: Flags.string({ default: '{}', description: 'filters, weights, windows, pairs, buckets: JSON, or a file of it; docs/loader-order.md' }),
  workers: Flags.integer({ min: 0, description: 'threads that make batches; when not given, all cores but one, and none for joints alone, which one thread makes quicker' }),
  memory: bytes({ description: 'most memory of clips and batches, such as 2GB' }),
  cache: Flags.string({ description: 'folder of the training shards; .cache/training in the store when not given' }),
  'on-bad': Flags.string({ options: ['fail', 'skip', 'quarantine'], default: 'fail', description: 'what becomes of a clip that cannot be read' }),
  'most-bad': Flags.integer({ min: 1, default: 100, description: 'clips that may be skipped' }),
}

/** What commands share that hand out batches of any kind. */
export const loaderFlags = {
  ...sampleFlags,
  split: Flags.string({ default: 'official', description: 'a split of the data set' }),
  side: Flags.string({ options: [...sides], default: 'train', description: 'a side of the split' }),
  at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
  action: Flags.string({ description: 'one action; all when not given' }),
  seed: Flags.integer({ min: 0, max: Number.MAX_SAFE_INTEGER, default: 0, description: 'where all chance comes from' }),
  preset: Flags.string({ default: 'none', description: 'the views of a method', exclusive: ['views'] }),
  views: Flags.string({ description: 'the steps of each view instead: JSON, or a file of it; docs/augmentations.md' }),
  frames: Flags.integer({ min: 1, default: 64, description: 'frames that a row has room for' }),
  tensors: Flags.string({ default: '{"points":{"persons":1,"dims":2}}', description: 'what is in a batch beside mask, time and length: JSON, or a file of it; docs/streaming.md' }),
  resize: Flags.integer({ min: 1, description: 'px of the short side of pictures that are made small once, into the training shards' }),
  raw: Flags.string({ description: 'the raw folder, for pictures that are kept by reference' }),
  batch: Flags.integer({ min: 1, default: 16, description: 'samples of a batch, of all ranks together' }),
  epochs: Flags.integer({ min: 1, max: 2 ** 32 - 1, default: 1, description: 'passes over the samples' }),
  last: Flags.string({ options: ['fill', 'short'], default: 'fill', description: 'the last batch is filled from the next epoch, or ends short' }),
  rank: Flags.integer({ min: 0, default: 0, description: 'which part of every batch' }),
  world: Flags.integer({ min: 1, default: 1, description: 'of how many' }),
  state: Flags.string({ description: 'go on after this state, JSON' }),
}

/** Flags as oclif gives them. */
type GivenSample = { readonly plan: string; readonly memory?: number | undefined; readonly cache?: string | undefined; readonly 'on-bad': string; readonly 'most-bad': number }
type Given = GivenSample & {
  readonly store: string; readonly runs: string; readonly catalog?: string[] | undefined; readonly split: string; readonly side: string; readonly at?: string | undefined; readonly action?: string | undefined; readonly seed: number
  readonly preset: string; readonly views?: string | undefined; readonly frames: number; readonly tensors: string; readonly resize?: number | undefined; readonly raw?: string | undefined
  readonly batch: number; readonly epochs: number; readonly last: string; readonly rank: number; readonly world: number; readonly workers?: number | undefined; readonly state?: string | undefined
}

/** What the flags of samples ask for. Throws E_USAGE for JSON that is none. */
export function sampleRequest({ memory, cache, ...flags }: GivenSample) {
  return {
    memory, cacheDir: cache, plan: planFlag(flags.plan), onBad: { policy: flags['on-bad'] as LoaderRequest['onBad']['policy'], most: flags['most-bad'] },
  }
}

/** The plan that a flag names. Throws E_USAGE for JSON that is none. */
export function planFlag(text: string): LoaderRequest['plan'] & Record<string, unknown> {
  return json('plan', text, z.record(z.string(), z.unknown()))
}

/** What the flags ask for. Throws E_USAGE for JSON that is none. */
export function loaderRequest(datasets: readonly string[], flags: Given, signal: AbortSignal): LoaderRequest {
  const { store, runs, catalog = [], split, side, at, action = null, seed, preset, views, frames, resize, raw, batch, epochs, last, rank, world, state } = flags
  const asked = json('tensors', flags.tensors, tensors)
  const { onBad, ...samples } = sampleRequest(flags)
  return {
    ...samples, storeDir: store, runsDir: runs, catalogFiles: catalog, datasets, split, side: side as Side, version: at, action, seed, frames, batch, epochs, lastBatch: last as LoaderRequest['lastBatch'], world: { rank, size: world }, resize, rawDir: raw, signal,
    views: views === undefined ? preset : json('views', views, z.array(z.array(z.looseObject({ name: z.string() })))) as LoaderRequest['views'],
    tensors: asked, workers: flags.workers ?? (asked.heatmaps === undefined && asked.pictures === undefined ? 0 : Math.max(1, availableParallelism() - 1)),
    ...(state === undefined ? {} : { state: json('state', state, loaderState) }),
    onBad: { ...onBad, tell: ({ clip, code, message }) => void process.stderr.write(`${clip}: ${code}: ${message}\n`) },
  }
}

/** The arguments of a command that goes on after a state, in place of the one they had. */
export function goingOnFrom(argv: readonly string[], state: LoaderState): string[] {
  const isState = (at: number): boolean => argv[at] === '--state' || argv[at - 1] === '--state' || argv[at]!.startsWith('--state=')
  return ['--state', JSON.stringify(state), ...argv.filter((_, at) => !isState(at))]
}

const dims = z.union([z.literal(2), z.literal(3)])
const colour = z.tuple([z.number(), z.number(), z.number()])
const tensors = z.strictObject({
  points: z.strictObject({ persons: z.int().min(1), dims }).exactOptional(),
  heatmaps: z.strictObject({ channels: z.enum(['joint', 'limb', 'both']), limbs: z.array(z.tuple([z.string(), z.string()])).exactOptional(), size: z.int().min(1), sigma: z.number(), patch: z.int().min(1).nullable() }).exactOptional(),
  streams: z.strictObject({
    streams: z.array(z.enum(['joint', 'bone', 'skip', 'joint-motion', 'bone-motion', 'skip-motion'])).min(1), unit: z.enum(['frame', 'clip']), confidence: z.boolean(),
    persons: z.int().min(1), dims }).exactOptional(),
  coordinates: z.strictObject({ persons: z.int().min(1), dims, unit: z.union([z.literal('frame'), z.number().positive()]), absent: z.enum(['interpolated', 'zero']) }).exactOptional(),
  pictures: z.strictObject({
    width: z.int(), height: z.int(), layout: z.enum(['nchw', 'nhwc']), dtype: z.enum(['uint8', 'float32']), mean: colour.exactOptional(), std: colour.exactOptional(),
    fill: z.union([z.literal('mean'), z.number()]).exactOptional(), region: z.enum(['box', 'frame']), frames: z.union([z.literal('every'), z.int()]), antialias: z.boolean().exactOptional(),
    colouring: z.strictObject({ brightness: z.number(), contrast: z.number(), saturation: z.number() }).exactOptional() }).exactOptional(),
  latestStart: z.int().min(0).max(2 ** 32 - 2).exactOptional(),
})

/** JSON on the command line, or in a file of that name. */
function json<T>(flag: string, text: string, schema: z.ZodType<T>): T {
  const source = /^\s*[[{]/.test(text) ? text : readText(flag, text)
  const parsed = schema.safeParse(parse(flag, source), { reportInput: true })
  if (parsed.success) return parsed.data
  throw refused(flag, parsed.error.issues.map(({ path, message, input }) => `${path.join('.') || flag}: ${message}${typeof input === 'object' || input === undefined ? '' : `, it is ${String(input)}`}`).join('; '))
}

function readText(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw refused(flag, `"${file}" is neither JSON nor a file that can be read (${(error as Error).message})`)
  }
}

function parse(flag: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refused(flag, `${(error as Error).message} in ${text.slice(0, 80)}`)
  }
}

function refused(flag: string, what: string): ToolkitError {
  return new ToolkitError('E_USAGE', `--${flag}: ${what}`, { hint: `--${flag} takes JSON, or the name of a file with it` })
}
