import { basename, join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { checkTestClips, recordedEncoder, type RecordedEncoder } from '../eval/recorded.ts'
import { writeFrameRows } from '../eval/run-tables.ts'
import { fewNames } from '../few-names.ts'
import { hashFile, readManifest, readSplit, versionHashes } from '../store/index.ts'
import { readFrameRows } from '../store/read-frame-rows.ts'
import { createRun, isGiven, listRuns, runFile, type RunRecord, writeRun } from '../train/index.ts'
import { readSides } from './eval-sides.ts'
import { machine } from './machine.ts'
import { readEmbeddings } from './read-embeddings.ts'
import { versions } from './versions.ts'

/** Embeddings of a file, and what they are of. */
export type Given = {
  readonly storeDir: string
  readonly runsDir: string
  readonly file: string
  readonly dataset: string
  readonly split: string
  /** null = of all actions. */
  readonly action: string | null
  readonly catalogFiles?: readonly string[]
}

/**
 * The run that stands for a file of embeddings: model `embeddings`, the rows kept in `given.parquet`, so that it is evaluated again and reported like any other. The same bytes for the same
 * split, action and data are the run that is there. Throws, before there is a run, what `readEmbeddings`, `readSides` and `checkTestClips` throw, and E_EMBEDDINGS_CLIP for an id that is neither of a clip of the data set nor of a view.
 */
export async function givenRun({ storeDir, runsDir, file, dataset, split: name, action, catalogFiles = [] }: Given, { now }: { now: () => number }): Promise<RunRecord> {
  const given = await readEmbeddings(file)
  const manifest = await readManifest(storeDir, dataset)
  const split = await readSplit(storeDir, dataset, name)
  const held = await versionHashes(storeDir, manifest)
  const unknown = [...given.keys()].filter((id) => !id.startsWith('view/') && !held.has(id))
  if (unknown.length > 0) {
    throw new ToolkitError('E_EMBEDDINGS_CLIP', `"${file}" holds embeddings of ${unknown.length} ids that are no clips of ${dataset}: ${fewNames(unknown)}`, {
      hint: `ids are as in posetta sql "select id from clips", for example ${[...held.keys()].sort()[0]}` })
  }
  const sha256 = (await hashFile(file))!
  const about = { dataset, split: { name, hash: split.hash }, root: manifest.root, action }
  const isSame = (run: RunRecord) => isGiven(run) && run.state === 'done' && run.config['sha256'] === sha256
    && JSON.stringify(about) === JSON.stringify({ dataset: run.dataset, split: run.split, root: run.root, action: run.action })
  const known = (await listRuns(runsDir)).runs.find(isSame)
  if (known !== undefined) return known
  checkTestClips(given, (await readSides({ storeDir, catalogFiles }, { run: 'of the embeddings', ...about })).test)
  const started = new Date(now()).toISOString()
  const views = [...given.keys()].filter((id) => id.startsWith('view/')).length
  const record = await createRun(runsDir, {
    format: 1, model: 'embeddings', ...about, commit: manifest.commit, seed: 0, epochs: 0, device: 'cpu', threads: null,
    config: { given: basename(file), sha256, dims: given.values().next().value!.shape[1]!, clips: given.size - views, views }, plan: {}, onBad: { policy: 'fail', most: 100 }, init: null,
    frames: 0, clips: { train: 0, validation: 0, leftOut: 0 }, versions: await versions(), machine: machine(), started, ended: null, state: 'running', steps: 0, seconds: 0,
    best: null, stopped: null, checkpoint: null, replaced: [],
  })
  await writeFrameRows(runFile(runsDir, record.run, 'given'), record.run, given)
  const done: RunRecord = { ...record, state: 'done', ended: new Date(now()).toISOString() }
  await writeRun(runsDir, done)
  return done
}

/** The encoder of such a run. Throws E_RUN_DAMAGED when its rows are gone. */
export async function openGiven(runsDir: string, { run }: RunRecord): Promise<RecordedEncoder> {
  const rows = await readFrameRows(runFile(runsDir, run, 'given')).catch((cause: unknown) => {
    throw new ToolkitError('E_RUN_DAMAGED', `the embeddings of run ${run} cannot be read from "${join(runsDir, run)}"`, { cause, hint: `posetta runs --remove ${run}, and evaluate the file again` })
  })
  return recordedEncoder('embeddings', rows)
}
