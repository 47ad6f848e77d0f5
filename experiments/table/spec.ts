import type { Clip } from '../../src/clip.ts'
import type { RunRecord } from '../../src/train/index.ts'
import type { Results } from './results.ts'

/** A table as data: what is trained, what it is shown, and what is asked of it. */
export type Spec = {
  /** Of its files. */
  readonly name: string
  readonly title: string
  /** A paragraph in Markdown: the question, and what an answer may rest on. */
  readonly question: string
  /** Left out: Penn Action's own split. */
  readonly data?: { readonly dataset: string; readonly split: string }
  readonly rows: readonly Row[]
  /** What stands first, in order; every other measure found is a diagnostic. */
  readonly columns: readonly Column[]
  readonly actions: readonly string[]
  /** Metrics of the catalogue; left out: all but the slow ones. */
  readonly metrics?: readonly string[]
  /** Left out: test clips as they are. */
  readonly conditions?: readonly Condition[]
  /** Rows, by their labels, that every row after them is compared with too; left out: rows are compared with floors alone. */
  readonly rivals?: readonly string[]
  /** Floors by name; left out: all. */
  readonly floors?: readonly string[]
  /** What the numbers say, in Markdown, where the question asks for yes or no: computed, so that the page cannot say otherwise. */
  readonly verdict?: (results: Results) => string
}

export const PENN: NonNullable<Spec['data']> = { dataset: 'penn-action', split: 'official' }

/** A model that is trained for the table, once per seed, and per action unless it is one model for all. */
export type Row = {
  readonly label: string
  readonly model: string
  readonly settings: readonly string[]
  readonly isOneModel?: true
  readonly plan?: RunRecord['plan']
}

export type Column = { readonly title: string; readonly metric: string; readonly card: 'whole' | 'cut' | 'views'; readonly actions: readonly string[] }

/** What every encoder is shown: clips corrupted so (`missing=0.2`), or some of the clips. */
export type Condition = { readonly label: string; readonly corrupt?: string; readonly clips?: (clips: readonly Clip[]) => readonly Clip[] }

/** The 13 actions that papers on alignment use of Penn Action's 15. */
export const PENN_ACTIONS = [
  'baseball_pitch', 'baseball_swing', 'bench_press', 'bowl', 'clean_and_jerk', 'golf_swing', 'jumping_jacks', 'pullup', 'pushup', 'situp', 'squat', 'tennis_forehand', 'tennis_serve',
] as const
