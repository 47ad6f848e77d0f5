import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ToolkitError, unknownName } from '../errors.ts'
import { nameMap } from './name-map.ts'
import { replaceFile } from './replace-file.ts'

const count = z.int().min(0)
const record = z.strictObject({
  format: z.literal(1),
  run: z.string(),
  model: z.string(),
  dataset: z.string(),
  split: z.strictObject({ name: z.string(), hash: z.string() }),
  /** Root of the store the clips came from. */
  root: z.string(),
  /** The commit of that version; null = the run was made before runs kept it. */
  commit: z.string().nullable().default(null),
  /** null = all actions in one model. */
  action: z.string().nullable(),
  seed: z.int().min(0),
  epochs: count,
  device: z.string(),
  threads: count.nullable(),
  /** Every option of the training, defaults included. */
  config: z.record(z.string(), z.unknown()),
  /** Which samples, in what order, as a loader's plan without its seed; `{}` = every clip once an epoch. */
  plan: z.record(z.string(), z.unknown()).default({}),
  /** What becomes of clips that cannot be read, and of how many at most. */
  onBad: z.strictObject({ policy: z.enum(['fail', 'skip', 'quarantine']), most: count }).default({ policy: 'fail', most: 100 }),
  /** The weights it began with; null = those that its seed draws. */
  init: z.strictObject({ file: z.string(), sha256: z.string(), names: nameMap }).nullable().default(null),
  /** Frames per row of the graph. */
  frames: count,
  /** `validation` was carved from the split's train side; `leftOut` by the catalog's rule for training. */
  clips: z.strictObject({ train: count, validation: count, leftOut: count }),
  versions: z.record(z.string(), z.string()),
  /** What computed: the same one computes the same bits. null as above. */
  machine: z.strictObject({ cpu: z.string(), arch: z.string(), platform: z.string() }).nullable().default(null),
  /** ISO 8601, UTC. */
  started: z.string(),
  ended: z.string().nullable(),
  state: z.enum(['running', 'done', 'interrupted', 'failed']),
  steps: count,
  seconds: z.number(),
  /** The step whose parameters are kept as the best, chosen on the validation part alone; null = none was measured. */
  best: z.strictObject({ step: count, epoch: count, value: z.number() }).nullable(),
  stopped: z.string().nullable(),
  /** Clips that could not be read, in whose place others were trained on, by id. */
  replaced: z.array(z.strictObject({ clip: z.string(), code: z.string(), message: z.string() })).default([]),
  /** sha256 of the checkpoint as training left it; null as above, and while it runs. */
  checkpoint: z.string().nullable().default(null),
})

/** `run.json`: all that is needed to do a run again, and how it went. */
export type RunRecord = z.infer<typeof record>

/** Whether a run stands for embeddings that were given: nothing was trained. */
export function isGiven({ config }: { readonly config: Readonly<Record<string, unknown>> }): boolean {
  return typeof config['given'] === 'string'
}

export const runFiles = { record: 'run.json', checkpoint: 'checkpoint.safetensors', log: 'log.jsonl', timing: 'timing.jsonl', table: 'training.parquet', evaluations: 'evaluations.json', given: 'given.parquet' } as const

export function runFile(runsDir: string, run: string, file: keyof typeof runFiles): string {
  return join(runsDir, run, runFiles[file])
}

/** `20261121-055231-la2ds-pullup-s0`: sorted by name = sorted by start. */
function runName({ started, model, action, seed }: Pick<RunRecord, 'started' | 'model' | 'action' | 'seed'>): string {
  return `${started.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${model}-${action ?? 'all'}-s${seed}`
}

/** Makes the folder of a new run; a name that is taken gets a number, so that two runs begun in one second do not meet. */
export async function createRun(runsDir: string, fields: Omit<RunRecord, 'run'>): Promise<RunRecord> {
  await mkdir(runsDir, { recursive: true }).catch((cause: unknown) => Promise.reject(notWritable(runsDir, cause)))
  for (let attempt = 1; ; attempt++) {
    const run = attempt === 1 ? runName(fields) : `${runName(fields)}-${attempt}`
    try {
      await mkdir(join(runsDir, run))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw notWritable(runsDir, error)
    }
    const made = { ...fields, run }
    await writeRun(runsDir, made)
    return made
  }
}

export async function writeRun(runsDir: string, value: RunRecord): Promise<void> {
  await replaceFile(runFile(runsDir, value.run, 'record'), `${JSON.stringify(value, null, 1)}\n`)
}

/** A run that cannot be read: a folder with a run's files whose record is lost or damaged; `error` (E_RUN_DAMAGED) says which. */
export type DamagedRun = { readonly run: string; readonly error: ToolkitError }

/**
 * A run by its name, or the newest by start time for `latest`; runs that others can be read without do not matter. Throws E_RUN_UNKNOWN, and E_RUN_DAMAGED, for
 * `latest` also when a run that cannot be read may be newer.
 */
export async function readRun(runsDir: string, name: string): Promise<RunRecord> {
  if (name === 'latest') return newestRun(runsDir)
  const found = await recordIn(runsDir, name)
  if (found !== null) return found
  throw unknownName('E_RUN_UNKNOWN', `run in "${runsDir}" named`, name, (await listRuns(runsDir)).runs.map(({ run }) => run))
}

async function newestRun(runsDir: string): Promise<RunRecord> {
  const { runs, damaged } = await listRuns(runsDir)
  const newest = runs.at(-1)
  const newer = damaged.findLast(({ run }) => newest === undefined || run > newest.run)
  if (newer !== undefined) {
    const { code, message, hint } = newer.error
    throw new ToolkitError(code, message, { cause: newer.error, hint: newest === undefined ? hint! : `${hint}; or name a run, the newest of the others is ${newest.run}` })
  }
  if (newest !== undefined) return newest
  throw new ToolkitError('E_RUN_UNKNOWN', `there is no run in "${runsDir}" yet`, {
    hint: 'posetta train la2ds --dataset penn-action --split official --action squat' })
}

/** All runs of a folder, oldest first, and those that cannot be read; none when there is no folder yet. What has no file of a run is passed over. */
export async function listRuns(runsDir: string): Promise<{ runs: RunRecord[]; damaged: DamagedRun[] }> {
  const names = await readdir(runsDir).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)))
  const read = names.sort().map((name) => recordIn(runsDir, name).catch((error: unknown) => damagedRun(name, error)))
  const found = (await Promise.all(read)).filter((one) => one !== null)
  return {
    runs: found.flatMap((one) => ('error' in one ? [] : [one])).sort((a, b) => (a.started + a.run < b.started + b.run ? -1 : 1)),
    damaged: found.flatMap((one) => ('error' in one ? [one] : [])),
  }
}

function damagedRun(run: string, error: unknown): DamagedRun {
  if (error instanceof ToolkitError) return { run, error }
  throw error
}

/** Removes a run and everything in its folder once it is locked, one that cannot be read by its own name alone. Answers its name. Throws E_RUN_UNKNOWN, E_RUN_DAMAGED. */
export async function removeRun(runsDir: string, name: string, lock: (run: string) => Promise<() => Promise<void>>): Promise<string> {
  const { damaged } = await listRuns(runsDir)
  const run = damaged.some((one) => one.run === name) ? name : (await readRun(runsDir, name)).run
  const unlock = await lock(run)
  await rm(join(runsDir, run), { recursive: true }).finally(unlock)
  return run
}

/** The record in a folder; null = it is not a run's: no folder, or one without any file of a run. Throws E_RUN_DAMAGED. */
async function recordIn(runsDir: string, name: string): Promise<RunRecord | null> {
  const file = runFile(runsDir, name, 'record')
  try {
    const found = parseRun(await readFile(file, 'utf8'), file)
    if (found.run === basename(join(runsDir, name))) return found
    throw new ToolkitError('E_RUN_DAMAGED', `"${file}" is the record of run ${found.run}`, { hint: `rename the folder to ${found.run}, or remove it` })
  } catch (error) {
    if (error instanceof ToolkitError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR') return null
    if (code !== 'ENOENT') throw damaged(`"${file}" cannot be read: ${(error as Error).message}`, error)
    const left = Object.values(runFiles).filter((other) => existsSync(join(runsDir, name, other)))
    if (left.length === 0) return null
    throw damaged(`"${join(runsDir, name)}" has ${left.join(', ')} of a run, but no ${runFiles.record}`, error)
  }
}

function parseRun(text: string, file: string): RunRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(`"${file}" is not JSON`, cause)
  }
  const parsed = record.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw damaged(`"${file}" is of another format: ${path.join('.')}: ${message}`, parsed.error)
}

function damaged(message: string, cause: unknown): ToolkitError {
  return new ToolkitError('E_RUN_DAMAGED', message, { cause, hint: `bring ${runFiles.record} back from a backup or remove the folder` })
}

function notWritable(runsDir: string, cause: unknown): ToolkitError {
  return new ToolkitError('E_RUNS_READ_ONLY', `cannot make a run in "${runsDir}": ${(cause as Error).message}`, {
    cause, hint: 'name another folder with --runs' })
}
