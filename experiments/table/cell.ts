import { configOf, trainConfig } from '../../src/jobs/train-config.ts'
import { normalSpec } from '../../src/loader/plan/index.ts'
import type { RunRecord } from '../../src/train/index.ts'

/** One training of a table: a model of one action (null = of all), its settings (`key=value`; the others are the defaults), its seed. */
export type Cell = {
  readonly model: string
  readonly action: string | null
  readonly seed: number
  readonly settings: readonly string[]
  /** Which clips, as a loader's plan without its seed; left out: every clip once an epoch. */
  readonly plan?: RunRecord['plan']
}

/** What the cells of a table are trained on. */
export type Data = Pick<RunRecord, 'dataset' | 'split' | 'root'>

/** What is to be done for a cell: nothing, to go on with a run that was killed or stopped, or to begin one. */
export type Work = { readonly kind: 'done' | 'resume'; readonly run: RunRecord } | { readonly kind: 'begin' }

/** A cell's own run: the newest that is done, else the newest that was begun. `versions` are those of the code at hand. */
export function workOf(cell: Cell, data: Data, { runs, versions }: { runs: readonly RunRecord[]; versions: RunRecord['versions'] }): Work {
  const own = runs.filter((run) => isRunOf(cell, data, run) && sameCode(run.versions, versions))
  const done = own.findLast(({ state }) => state === 'done')
  if (done !== undefined) return { kind: 'done', run: done }
  const begun = own.at(-1)
  return begun === undefined ? { kind: 'begin' } : { kind: 'resume', run: begun }
}

/** Whether a run is the training that a cell names: of the same clips, with every option the same, from its own first weights. */
export function isRunOf({ model, action, seed, settings, plan = {} }: Cell, { dataset, split, root }: Data, run: RunRecord): boolean {
  return run.model === model && run.action === action && run.seed === seed && run.dataset === dataset && run.split.hash === split.hash && run.root === root
    && run.init === null && sorted(run.plan) === sorted(planOf(plan)) && sorted(configOf(run)) === sorted(trainConfig(settings))
}

/** A cell in words. */
export function nameOf({ model, action, seed, settings }: Cell): string {
  return [model, action ?? 'all actions', `seed ${seed}`, ...settings].join(' ')
}

/** A plan as runs record it: in its normal form, without the seed. */
function planOf(plan: RunRecord['plan']): RunRecord['plan'] {
  const { seed: _seed, ...normal } = normalSpec({ ...plan, seed: 0 })
  return normal
}

/** What decides numbers: Node does not. */
function sameCode(a: RunRecord['versions'], b: RunRecord['versions']): boolean {
  return ['posetta', 'onnxruntime-node'].every((name) => a[name] === b[name])
}

/** JSON with the keys of every object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner))
}
