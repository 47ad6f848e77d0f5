import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import { ToolkitError } from '../errors.ts'
import { baselines } from '../eval/baselines/index.ts'
import { countShare } from '../eval/baselines/count.ts'
import { ALL_ACTIONS } from '../eval/over-actions.ts'
import { readProbes } from '../eval/probes/probe-table.ts'
import { readCurves } from '../eval/robustness/curve-table.ts'
import { reportOf, renderReport } from '../eval/report.ts'
import { alignmentFigure } from '../eval/report/alignment-figure.ts'
import type { ReportData, ReportRun } from '../eval/report/report-data.ts'
import { readMeasures } from '../eval/run-tables.ts'
import { grouped } from '../store/index.ts'
import { isGiven, readRun, replaceFile, runFile, type RunRecord } from '../train/index.ts'
import { evalSeedsJob, trainingOf } from './eval-seeds.ts'
import { readTestLeft } from './eval-sides.ts'
import { openEncoders, scopeOf } from './open-encoders.ts'
import { readLog } from './train-log.ts'
import { versions } from './versions.ts'

/** What `posetta report` asks for. */
export type ReportRequest = {
  readonly storeDir: string
  readonly runsDir: string
  /** Runs of one data set; seeds of one action stand side by side, a run that is named twice once. */
  readonly runs: readonly string[]
  /** Default: `report.html` in the folder of the last run. The JSON lies beside it. */
  readonly output?: string
  readonly catalogFiles?: readonly string[]
  readonly threads?: number
}

/** `warnings` = what keeps the runs from being compared. */
export type ReportResult = { readonly html: string; readonly json: string; readonly runs: readonly string[]; readonly warnings: readonly string[] }

const UNTRAINED = { name: 'baseline/untrained', title: 'the same encoder before training' }

/** Writes `report.html`, one file that needs no network, and `report.json`. Throws E_RUN_NOT_EVALUATED, E_REPORT_DATASETS, E_REPORT_OUTPUT. */
export async function reportJob(request: ReportRequest, { now }: { now: () => number }): Promise<ReportResult> {
  const named = await Promise.all(request.runs.map((run) => readRun(request.runsDir, run)))
  const records = [...new Map(named.map((record) => [record.run, record])).values()]
  const dataset = records[0]!.dataset
  const other = records.find((record) => record.dataset !== dataset)
  if (other !== undefined) throw new ToolkitError('E_REPORT_DATASETS',
    `run ${other.run} is on ${other.dataset}, run ${records[0]!.run} on ${dataset}: a report is about one data set`)
  const runs: ReportRun[] = []
  for (const record of records) runs.push(...await sectionsOf(record, request))
  const seeds = await seedsOf(records, request)
  const { name, title, licence, homepage, citation } = entryOf(await readCatalog(request.catalogFiles ?? []), dataset)
  const { posetta } = await versions()
  const data = reportOf(runs,
    { dataset: { name, title, licence, homepage, citation }, made: new Date(now()).toISOString(), posetta: posetta!, baselines: [...baselines, UNTRAINED],
      seeds })
  const html = request.output ?? join(request.runsDir, records.at(-1)!.run, 'report.html')
  const json = html.endsWith('.html') ? `${html.slice(0, -5)}.json` : `${html}.json`
  const rendered = renderReport(data)
  await write(html, rendered.html)
  await write(json, rendered.json)
  return { html, json, runs: records.map(({ run }) => run), warnings: data.warnings }
}

/** A section per action of a run. */
async function sectionsOf(record: RunRecord, request: ReportRequest): Promise<ReportRun[]> {
  const evaluation = await readMeasures(join(request.runsDir, record.run))
  if (evaluation === null) throw new ToolkitError('E_RUN_NOT_EVALUATED', `run ${record.run} has no measures yet`, { hint: `posetta eval ${record.run}` })
  const [probes, curves] = [await readProbes(join(request.runsDir, record.run)), await readCurves(join(request.runsDir, record.run))]
  const log = await readLog(runFile(request.runsDir, record.run, 'log'))
  const test = await readTestLeft(request, record)
  const { skeleton } = entryOf(await readCatalog(request.catalogFiles ?? []), record.dataset)
  const { encoder, own, open } = await openEncoders({ ...request, run: record.run })
  own?.know({ train: [], test })
  try {
    const sections: ReportRun[] = []
    for (const action of new Set(evaluation.measures.map((measure) => measure.action))) {
      const ofAction = test.filter(({ labels }) => action === ALL_ACTIONS || (labels.action ?? 'none') === action)
      const measures = evaluation.measures.filter((measure) => measure.action === action)
      // those that were purged since were measured too
      const tested = Math.max(ofAction.length, ...measures.map((measure) => measure.clips))
      const { run, model, seed, device, steps, seconds, started, state, split, root, best, config, clips } = record
      sections.push({
        run, model, action, seed, device, steps, seconds, started, state, split, root, scope: scopeOf(record), best, config, versions: record.versions,
        clips: { train: clips.train, validation: clips.validation, test: tested }, sources: [...new Set(ofAction.map(({ source }) => source))].sort(),
        loss: log.flatMap((line) => ('loss' in line ? [{ step: line.step, loss: line.loss }] : [])),
        validation: log.flatMap((line) => ('validation' in line ? [{ step: line.step, value: line.validation }] : [])),
        measures, probes, robustness: curves.filter((point) => point.action === action),
        comparisons: evaluation.comparisons.filter((one) => one.action === action),
        alignment: action === ALL_ACTIONS ? null : await alignmentFigure(
          [{ encoder, title: `${model}: the nearest embedding` }, { encoder: countShare, title: 'the frame counter tries the same' }], ofAction,
          { seed: 0, skeleton, isCut: own === null }),
      })
    }
    return sections
  } finally {
    for (const one of open) await one.close()
  }
}

/** Means over seeds, for each training of one action that there are several seeds of; of two runs of one seed the one named last. */
async function seedsOf(records: readonly RunRecord[], request: ReportRequest): Promise<ReportData['seeds']> {
  const found: ReportData['seeds'][number][] = []
  for (const same of grouped(records.filter((record) => !isGiven(record)), trainingOf).values()) {
    const { action } = same[0]!
    const runs = [...new Map(same.map(({ seed, run }) => [seed, run])).values()]
    if (action !== null && runs.length > 1) found.push({ action, runs, ...await evalSeedsJob({ ...request, runs }) })
  }
  return found
}

async function write(file: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await replaceFile(file, content)
  } catch (cause) {
    if (cause instanceof ToolkitError && cause.code === 'E_DISK_FULL') throw cause
    const message = cause instanceof ToolkitError ? cause.message : `cannot write "${file}": ${(cause as Error).message}`
    throw new ToolkitError('E_REPORT_OUTPUT', message, { cause, hint: 'name another place with --output' })
  }
}
