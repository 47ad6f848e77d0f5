import { Flags } from '@oclif/core'
import { ToolkitError } from '../errors.ts'
import { devices } from '../jobs/executor-of-device.ts'
import { readNameMap } from '../jobs/start-weights.ts'
import type { TrainRequest } from '../jobs/train-request.ts'
import { sampleFlags, sampleRequest } from './loader-flags.ts'

/** What a training is asked for. */
export const trainFlags = {
  dataset: Flags.string({ default: 'penn-action', description: 'a data set of the store' }),
  split: Flags.string({ default: 'official', description: 'a split of it' }),
  at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
  action: Flags.string({ description: 'one action; all in one model when not given' }),
  epochs: Flags.integer({ min: 1, description: 'passes over the clips' }),
  seed: Flags.integer({ min: 0, default: 0, description: 'where all chance comes from' }),
  device: Flags.string({ default: 'cpu', options: [...devices], description: 'what computes' }),
  set: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'an option of the training, key=value' }),
  ...sampleFlags,
  workers: Flags.integer({ min: 0, default: 0, description: 'threads that make batches; 0 = the one that trains' }),
  init: Flags.string({ description: 'a safetensors file of weights to start from' }),
  names: Flags.string({ description: 'which of its tensors is which parameter: a JSON or YAML file', dependsOn: ['init'] }),
  resume: Flags.string({ description: 'go on with this run', exclusive: ['dataset', 'split', 'at', 'action', 'epochs', 'seed', 'device', 'set', 'plan', 'on-bad', 'most-bad', 'init', 'names'] }),
}

/** Flags as oclif gives them. */
type Given = Parameters<typeof sampleRequest>[0] & {
  readonly store: string; readonly runs: string; readonly catalog?: string[] | undefined; readonly dataset: string; readonly split: string; readonly at?: string | undefined; readonly action?: string | undefined
  readonly epochs?: number | undefined; readonly seed: number; readonly device: string; readonly set: string[]; readonly workers: number
  readonly init?: string | undefined; readonly names?: string | undefined; readonly resume?: string | undefined
}

/** What the flags ask for. Throws E_USAGE without a model or a run, E_WEIGHTS for a name map that is none. */
export async function trainRequest(model: string | undefined, flags: Given): Promise<TrainRequest> {
  const { store, runs, catalog = [], dataset, split, at: version, action = null, epochs, seed, device, set, workers, init, names = null, resume } = flags
  const { plan, onBad, ...means } = sampleRequest(flags)
  const place = { storeDir: store, runsDir: runs, catalogFiles: catalog, workers, ...means }
  if (resume !== undefined) return { ...place, resume }
  if (model === undefined) throw new ToolkitError('E_USAGE', 'no model named', { hint: 'posetta train la2ds, or --resume RUN; posetta models lists what there is' })
  const settings = epochs === undefined ? set : [...set, `epochs=${epochs}`]
  const weights = init === undefined ? {} : { init: { file: init, names: await readNameMap(names) } }
  return { ...place, ...weights, model, dataset, split, version, action, seed, device, settings, plan, onBad }
}

/** The arguments that go on with a run. */
export function goingOn(run: string, { store, runs, catalog = [], cache }: Pick<Given, 'store' | 'runs' | 'catalog' | 'cache'>): string[] {
  return ['--resume', run, '--store', store, '--runs', runs, ...catalog.flatMap((file) => ['--catalog', file]), ...(cache === undefined ? [] : ['--cache', cache])]
}
