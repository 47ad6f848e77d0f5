import { join } from 'node:path'
import type { DatasetEntry } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import type { Measure } from '../eval/evaluate.ts'
import { readSplit, writeSplit } from '../store/index.ts'
import type { RunRecord } from '../train/index.ts'
import { compare, type Findings } from './difference.ts'
import { reproduceData } from './reproduce-data.ts'
import { copyRun, reproduceEvaluation } from './reproduce-evaluation.ts'
import { reproduceSplit } from './reproduce-split.ts'
import { reproduceTraining } from './reproduce-training.ts'
import type { TrainEffects } from './run-training.ts'
import { runVersion } from './run-version.ts'
import type { Tolerances } from './same-bits.ts'

/** The links of the chain, in order. */
export const stages = ['data', 'split', 'training', 'evaluation'] as const
export type Stage = (typeof stages)[number]

/** What `posetta reproduce` asks for. */
export type ReproduceRequest = {
  readonly storeDir: string
  readonly runsDir: string
  readonly run: string
  /** The download; null = the store's own version is verified in its place. */
  readonly rawDir: string | null
  /** Which links; all when empty. */
  readonly only: readonly Stage[]
  /** Reading threads. */
  readonly jobs: number
  readonly catalogFiles?: readonly string[]
}

export type ReproduceEffects = TrainEffects & { readonly onStage?: (stage: Stage) => void; readonly onMeasure?: (measure: Measure) => void }

/** What links hand on; `place` is where the data are, `made` the run under `again` that stands for the run. */
export type Chain = {
  readonly request: ReproduceRequest
  readonly record: RunRecord
  readonly effects: ReproduceEffects
  readonly entry: DatasetEntry
  readonly catalogFiles: readonly string[]
  readonly scratch: string
  readonly again: string
  readonly versions: Readonly<Record<string, string>>
  readonly tolerances: Tolerances
  place: { readonly storeDir: string; readonly commit: string }
  made: string
}
/** `stop` = why nothing after it can be made; null = it can. */
type Step = (chain: Chain) => Promise<Findings & { readonly stop: string | null }>

const NOTHING: Findings & { stop: null } = { differences: [], notes: [], stop: null }

/** Makes a link again. */
export const redo: Readonly<Record<Stage, Step>> = {
  async data(chain) {
    const { request: { storeDir, rawDir, jobs }, record, entry, scratch, effects: { signal } } = chain
    const { isSound, storeDir: found, commit, ...findings } = await reproduceData({ storeDir, record, entry, rawDir, scratch, jobs, signal })
    chain.place = { storeDir: found, commit }
    return { ...findings, stop: isSound ? null : 'the data of the run are not there as they were' }
  },
  async split(chain) {
    const { request: { storeDir }, record, catalogFiles, scratch, place } = chain
    const split = await readSplit(storeDir, record.dataset, record.split.name).catch(orMessage)
    if (typeof split === 'string') return { notes: [], differences: compare(`split ${record.split.name}`, record.split.hash, split), stop: 'the split cannot be read' }
    if (place.storeDir !== storeDir) await writeSplit(place.storeDir, split, split.root)
    const findings = await reproduceSplit({ ...place, catalogFiles, record, split, scratch })
    return { ...findings, stop: split.hash === record.split.hash ? null : 'the split of that name is another one than the run\'s' }
  },
  async training(chain) {
    const { request: { runsDir }, again, scratch, catalogFiles, record, place, tolerances, effects } = chain
    const { run, ...findings } = await reproduceTraining({ ...place, runsDir, again, cacheDir: join(scratch, 'cache'), catalogFiles, record, tolerances }, effects)
    chain.made = run
    return { ...findings, stop: null }
  },
  async evaluation({ request: { runsDir }, again, catalogFiles, record, made, place, tolerances, versions, effects }) {
    return { ...await reproduceEvaluation({ ...place, runsDir, again, catalogFiles, record, made, tolerances, versions }, effects), stop: null }
  },
}

/** Takes a link as it is, for those after it. */
export const takeOver: Readonly<Record<Stage, Step>> = {
  async data(chain) {
    const { request: { storeDir }, record } = chain
    chain.place = { storeDir, commit: await runVersion(storeDir, record) }
    return NOTHING
  },
  async split({ request: { storeDir }, record, place }) {
    if (place.storeDir !== storeDir) {
      const split = await readSplit(storeDir, record.dataset, record.split.name)
      await writeSplit(place.storeDir, split, split.root)
    }
    return NOTHING
  },
  async training({ request: { runsDir, only }, record, again }) {
    if (only.includes('evaluation')) await copyRun(runsDir, record.run, { to: again, as: record.run })
    return NOTHING
  },
  evaluation: async () => NOTHING,
}

function orMessage(error: unknown): string {
  if (error instanceof ToolkitError) return `${error.code}: ${error.message}`
  throw error
}
