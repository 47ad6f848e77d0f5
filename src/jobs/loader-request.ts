import type { LoaderState } from '../batch.ts'
import type { BadClip, PlanSpec, RecipeSpec } from '../loader/index.ts'
import type { Side } from '../split.ts'
import type { Step } from '../transforms/index.ts'

/** What a loader over a store is asked for, as plain data: which clips, in what order, made into what. */
export type LoaderRequest = {
  readonly storeDir: string
  readonly runsDir: string
  /** One, or several of one skeleton, whose clips are drawn from together. */
  readonly datasets: readonly string[]
  /** Of each of them. */
  readonly split: string
  readonly side: Side
  /** Of a single data set; left out: the newest. */
  readonly version?: string | undefined
  /** null = all. */
  readonly action: string | null
  readonly catalogFiles?: readonly string[] | undefined
  readonly seed: number
  /** Windows, weights, pairs and the like; `{}` = every clip once an epoch. */
  readonly plan: Omit<PlanSpec, 'seed'>
  /** The steps of each view, or the name of a preset. */
  readonly views: string | readonly (readonly Step[])[]
  /** T. */
  readonly frames: number
  readonly tensors: Pick<RecipeSpec, 'heatmaps' | 'points' | 'streams' | 'coordinates' | 'pictures' | 'latestStart'>
  /** The short side of pictures that are made small once, into the training shards; left out: they are read where the store has them. */
  readonly resize?: number | undefined
  /** The raw folder, where pictures are kept by reference. */
  readonly rawDir?: string | undefined
  /** Samples of a batch, of all ranks together. */
  readonly batch: number
  readonly epochs: number
  readonly lastBatch: 'fill' | 'short'
  readonly world: { readonly rank: number; readonly size: number }
  /** Threads that make batches; 0 = this one. */
  readonly workers: number
  /** Bytes for clips and batches, half of it for each. */
  readonly memory?: number | undefined
  readonly cacheDir?: string | undefined
  readonly state?: LoaderState | undefined
  readonly onBad: { readonly policy: 'fail' | 'skip' | 'quarantine'; readonly most: number; readonly tell?: (bad: BadClip & { readonly clip: string }) => void }
  readonly signal?: AbortSignal
}
