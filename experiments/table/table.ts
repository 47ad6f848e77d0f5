import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { configOf } from '../../src/jobs/train-config.ts'
import { versions } from '../../src/jobs/versions.ts'
import { parameterCount } from '../../src/models/index.ts'
import { readManifest, readSplit } from '../../src/store/index.ts'
import type { RunRecord } from '../../src/train/index.ts'
import { type Cell, type Data, nameOf } from './cell.ts'
import type { Document, TableRun } from './document.ts'
import { figureOf } from './figure.ts'
import { markdownOf } from './markdown.ts'
import { measured } from './measured.ts'
import { type Place, placeOf } from './place.ts'
import { resultsOf } from './results.ts'
import { PENN, type Row, type Spec } from './spec.ts'
import { trained } from './trained.ts'
import { withRows } from './with-rows.ts'

/** Trains what a table lacks, measures, and writes `NAME.md`, `NAME.json` and `NAME.svg`; the same command goes on after a kill. `at`: a place, or what placeOf reads one from. */
export async function makeTable(whole: Spec, script: string, at: readonly string[] | Place): Promise<Document> {
  const place = 'storeDir' in at ? at : placeOf(at)
  const spec = withRows(whole, place.rows)
  const actions = place.actions ?? spec.actions
  const data = await dataIn(place, spec.data ?? PENN)
  const tell = (line: string): void => console.error(line)
  const cellOf = (row: Row, action: string, seed: number): Cell =>
    ({ model: row.model, action: row.isOneModel === true ? null : action, seed, settings: [...row.settings, ...place.settings], ...(row.plan === undefined ? {} : { plan: row.plan }) })
  const cells = place.seeds.flatMap((seed) => spec.rows.flatMap((row) => actions.map((action) => cellOf(row, action, seed))))
  const runs = await trained(cells, data, place, ({ cell, run, at, of }) => tell(`${at + 1} of ${of}: ${nameOf(cell)}: ${text(run)}`))
  const runsOf = (label: string, action: string): RunRecord[] => place.seeds.map((seed) => runs.get(nameOf(cellOf(spec.rows.find((row) => row.label === label)!, action, seed)))!)
  const found = await measured(spec, actions, place, { runsOf, onAction: (action) => tell(`measuring ${action}`) })
  const results = resultsOf(spec, actions, found)
  const document: Document = {
    name: place.part === 'test' ? spec.name : `${spec.name}-validation`, title: spec.title, question: spec.question, script, ...commit(), machine: `${cpus().length} x ${cpus()[0]!.model.trim()}`,
    versions: await versions(), part: place.part, seeds: place.seeds, draws: found.protocol.draws, data, actions,
    rows: await Promise.all(spec.rows.map(async (row) => ({
      label: row.label, model: row.model, settings: [...row.settings, ...place.settings], parameters: await parametersOf(runsOf(row.label, actions[0]!)[0]!) }))),
    results, verdict: spec.verdict?.(results) ?? null,
    runs: spec.rows.flatMap((row) => [...new Map(actions.flatMap((action) => runsOf(row.label, action)).map((run) => [run.run, tableRun(row.label, run)])).values()]),
  }
  await written(document, place)
  return document
}

async function dataIn({ storeDir }: Place, { dataset, split }: NonNullable<Spec['data']>): Promise<Data> {
  const [{ root }, { name, hash }] = [await readManifest(storeDir, dataset), await readSplit(storeDir, dataset, split)]
  return { dataset, split: { name, hash }, root }
}

async function written(document: Document, { outputDir }: Place): Promise<void> {
  await mkdir(outputDir, { recursive: true })
  const files = { md: markdownOf(document), json: `${JSON.stringify(document, null, 1)}\n`, svg: figureOf(document) }
  for (const [ending, content] of Object.entries(files)) await writeFile(join(outputDir, `${document.name}.${ending}`), content)
}

function commit(): Pick<Document, 'commit' | 'committed'> {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const isChanged = git('status', '--porcelain', '--', 'src', 'experiments/*.ts', 'experiments/table') !== ''
  return { commit: `${git('rev-parse', '--short', 'HEAD')}${isChanged ? '+changes' : ''}`, committed: git('log', '-1', '--format=%cs') }
}

async function parametersOf(run: RunRecord): Promise<number> {
  const { skeleton } = entryOf(await readCatalog(), run.dataset)
  return parameterCount(modelOfConfig(run.model, configOf(run), { skeleton, frames: run.frames }).model)
}

function tableRun(row: string, { run, action, seed, clips, steps, seconds, best, machine, checkpoint }: RunRecord): TableRun {
  return { row, run, action, seed, clips: clips.train, steps, seconds, validation: best?.value ?? null, epoch: best?.epoch ?? null, machine: machine?.cpu ?? 'unknown', checkpoint }
}

function text({ steps, seconds, best }: RunRecord): string {
  return `${steps} steps in ${seconds.toFixed(0)} s${best === null ? '' : `, validation ${best.value.toFixed(3)} after epoch ${best.epoch}`}`
}
