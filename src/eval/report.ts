import { methodsOf } from './report/methods.ts'
import { reportPage } from './report/page.ts'
import type { DatasetCard, ReportData, ReportRun } from './report/report-data.ts'
import { warningsOf } from './report/warnings.ts'

/** What a report says: the runs, their floors, how it was done. `made` is the time of making, ISO 8601. */
export function reportOf(
  runs: readonly ReportRun[],
  { dataset, made, posetta, baselines,
    seeds = [] }: { dataset: DatasetCard; made: string; posetta: string; baselines: ReportData['baselines']; seeds?: ReportData['seeds'] },
): ReportData {
  const models = [...new Set(runs.map(({ model }) => model))].join(' and ')
  const actions = [...new Set(runs.map(({ action }) => action.replaceAll('_', ' ')))].join(', ')
  return { format: 1, title: `${models} on ${actions}`, warnings: warningsOf(runs), made, posetta, dataset, runs, seeds, baselines,
    methods: methodsOf(runs.flatMap(({ measures }) => measures)) }
}

/** The two files of a report. */
export function renderReport(data: ReportData): { readonly html: string; readonly json: string } {
  return { html: reportPage(data), json: `${JSON.stringify(data, null, 1)}\n` }
}
