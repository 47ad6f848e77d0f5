import type { RunRecord } from '../train/index.ts'
import type { StartWeights } from './start-weights.ts'
import type { LoaderMeans } from './train-loader.ts'

/** What `posetta train` asks for, as plain data: it crosses to a worker thread. */
export type TrainRequest = LoaderMeans & {
  readonly storeDir: string
  readonly runsDir: string
  readonly catalogFiles?: readonly string[]
  readonly threads?: number | null
} & ({
  readonly model: string
  readonly dataset: string
  readonly split: string
  /** Of the data set; left out: the newest. */
  readonly version?: string | undefined
  readonly action: string | null
  readonly seed: number
  readonly device: string
  /** `key=value`, see TrainConfig. */
  readonly settings: readonly string[]
  /** Left out: every clip once an epoch. */
  readonly plan?: RunRecord['plan']
  /** Left out: a clip that cannot be read ends the run. */
  readonly onBad?: RunRecord['onBad']
  /** Left out: the weights that the seed draws. */
  readonly init?: StartWeights
  /** It is compared with a run there is, and never evaluated on clips that were purged since. */
  readonly isAgain?: boolean
} | {
  /** A run to go on with; everything else is as it was. */
  readonly resume: string
})
