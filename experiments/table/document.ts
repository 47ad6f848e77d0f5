import type { Data } from './cell.ts'
import type { Place } from './place.ts'
import type { Results } from './results.ts'

/** A finished table: what its JSON holds, and what page and figure are drawn from. Nothing in it is of the moment it was made. */
export type Document = {
  readonly name: string
  readonly title: string
  readonly question: string
  readonly script: string
  /** Of the code that measured: short hash, with `+changes` when the sources were not those; its date. */
  readonly commit: string
  readonly committed: string
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly part: Place['part']
  readonly seeds: readonly number[]
  readonly draws: number
  readonly data: Data
  readonly actions: readonly string[]
  readonly rows: readonly { readonly label: string; readonly model: string; readonly settings: readonly string[]; readonly parameters: number }[]
  readonly results: Results
  /** What the numbers say, in Markdown; null = the table asks for no yes or no. */
  readonly verdict: string | null
  readonly runs: readonly TableRun[]
}

export type TableRun = {
  readonly row: string
  readonly run: string
  readonly action: string | null
  readonly seed: number
  readonly clips: number
  readonly steps: number
  readonly seconds: number
  /** Re-cut cycle skill on the validation part of the parameters that were kept, and after which epoch that was. */
  readonly validation: number | null
  readonly epoch: number | null
  readonly machine: string
  readonly checkpoint: string | null
}
