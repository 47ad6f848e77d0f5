import { holm } from '../holm.ts'
import { html, type Markup } from './markup.ts'
import { isOwn, labelBadge, number } from './measure-table.ts'
import { curvePlot, measurePlot } from './plots.ts'
import { shortName, titleOf } from './metric-titles.ts'
import type { DatasetCard, ReportData, ReportRun } from './report-data.ts'

/** The two headline measures of the runs of one action, each with the floors beside it; of the primary protocol where it was measured. */
export function headlineCards(given: readonly ReportRun[], seeds: Seeds | null): Markup {
  const protocols = given.flatMap(({ measures }) => measures.map(({ protocol }) => protocol))
  const shown = protocols.includes('primary') ? 'primary' : protocols[0]
  const runs = given.map((run) => ({ ...run, measures: run.measures.filter(({ protocol }) => protocol === shown), comparisons: run.comparisons.filter(({ protocol }) => protocol === shown) }))
  const first = runs[0]!
  const names = [...new Set(first.measures.filter(({ headline, metric }) => headline && metric !== 'event-transfer-correct').map(({ metric }) => metric))]
  return html`<div class="cards">${names.map((metric) => headlineCard(metric, runs, seeds))}</div>`
}

type Seeds = ReportData['seeds'][number]

function headlineCard(metric: string, runs: readonly ReportRun[], seeds: Seeds | null): Markup {
  const own = runs.flatMap((run) => run.measures.filter((measure) => measure.metric === metric && isOwn(measure)).map((measure) => ({ ...measure, label: `${run.model} seed ${run.seed}` })))
  const floors = runs[0]!.measures.filter((measure) => measure.metric === metric && !isOwn(measure)).map((measure) => ({ ...measure, label: shortName(measure.encoder) }))
    .sort((a, b) => Number(a.encoder === 'baseline/event') - Number(b.encoder === 'baseline/event'))
  const values = own.flatMap(({ value }) => value ?? [])
  const { better, labels, reason } = own[0]!
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const whole = seeds?.measures.find((measure) => measure.metric === metric && isOwn(measure)) ?? own[0]!
  const range = `${values.length > 1 ? `mean of ${values.length} seeds (${number(Math.min(...values))} to ${number(Math.max(...values))}), ` : ''}95 % interval ${number(whole.low ?? 0)} to ${number(whole.high ?? 0)}`
  return html`<section class="card"><h3>${titleOf(metric)}${labelBadge(labels)}</h3>
<div class="soft">${metric === 're-cut-cycle-skill' ? '1 = every moment finds its way back, 0 = the best constant answer' : 'share of the event span by which an event is missed; 0 = exact'}</div>
${values.length === 0 ? html`<p>Not computed: ${reason ?? ''}</p>` : html`<div class="big">${number(mean)} <small>${range}</small></div>`}
${measurePlot([...own, ...floors], { zero: metric === 're-cut-cycle-skill' ? 'best constant' : null, lower: better === 'lower' })}
<p class="note">${verdict(metric, seeds === null ? runs : [seeds], seeds !== null)}</p></section>`
}

/** Whether every run lies beyond every floor but the oracle: paired bootstrap over clips, Holm over all of these comparisons. */
function verdict(metric: string, runs: readonly Pick<ReportRun, 'comparisons'>[], isMean: boolean): string {
  const comparisons = runs.flatMap((run) => run.comparisons.filter((one) => one.metric === metric && one.against !== 'baseline/event' && one.value !== null))
  if (comparisons.length === 0) return 'No paired comparison with a floor.'
  const adjusted = holm(comparisons.map(({ p }) => p))
  const beyond = comparisons.map(({ value, better }, index) => (better === 'higher' ? value! > 0 : value! < 0) && (adjusted[index] ?? 1) < 0.05)
  const missed = [...new Set(comparisons.filter((_, index) => !beyond[index]).map(({ against }) => shortName(against)))]
  const how = `${isMean ? 'mean over seeds, ' : ''}paired bootstrap over clips${isMean ? ' and seeds' : ''}, Holm over ${comparisons.length} comparisons, p < .05`
  return missed.length === 0 ? `Better than every floor but the oracle (${how}).` : `Not shown to be better than ${missed.join(', ')} (${how}).`
}

/** Loss and validation over the steps of training. */
export function trainingCards(runs: readonly ReportRun[]): Markup {
  const loss = runs.map((run) => ({ label: run.run, points: run.loss.map(({ step, loss }) => ({ step, value: loss })) }))
  const validation = runs.map((run) => ({ label: run.run, points: run.validation }))
  return html`<div class="cards">
<section class="card"><h3>Loss</h3>${isEmpty(loss) ? html`<p class="soft">No step was logged.</p>` : curvePlot(loss, { label: 'loss', dots: false })}</section>
<section class="card"><h3>Validation: re-cut cycle skill</h3>${isEmpty(validation) ? html`<p class="soft">No validation part was kept.</p>` : curvePlot(validation, { label: 're-cut cycle skill', dots: true })}
<p class="note">Measured on a part carved from train. The kept parameters were chosen here, never on test${runs.map((run) => (run.best === null ? html`` : html`; seed ${run.seed}: step ${run.best.step} (${number(run.best.value)})`))}.</p></section></div>`
}

function isEmpty(series: readonly { readonly points: readonly unknown[] }[]): boolean {
  return series.every(({ points }) => points.length === 0)
}

/** How each measure was taken. */
export function protocolCards(runs: readonly ReportRun[]): Markup {
  const measures = [...new Map(runs.flatMap(({ measures }) => measures.filter(isOwn)).map((measure) => [`${measure.metric} ${measure.protocol}`, measure])).values()]
  return html`<details><summary>Protocol of every measure</summary><div class="table"><table><thead><tr><th>measure</th><th>protocol</th><th>n</th><th style="text-align:left">settings</th></tr></thead><tbody>
${measures.map(({ metric, protocol, n, unit, labels, settings }) => html`<tr><td>${titleOf(metric)}${labelBadge(labels)}</td><td>${protocol}</td><td>${n} ${unit}</td><td style="text-align:left;white-space:normal">${Object.entries(settings).map(([key, value]) => `${key}: ${value}`).join(' · ')}</td></tr>`)}
</tbody></table></div></details>`
}

/** Where everything came from, down to the raw files of the clips on show. */
export function provenance({ runs, posetta }: ReportData): Markup {
  const files = [...new Map(runs.flatMap(({ alignment }) => (alignment === null ? [] : [alignment.a, alignment.b])).flatMap((film) => film.files.map((file) => [`${film.id} ${file.path}`, { id: film.id, ...file }] as const))).values()]
  return html`${runs.map((run) => html`<dl><dt>run</dt><dd class="mono">${run.run}</dd><dt>model</dt><dd>${run.model}, seed ${run.seed}, ${run.device}, ${run.steps} steps in ${Math.round(run.seconds)} s, ${run.state}, started ${run.started}</dd>
<dt>clips</dt><dd>${run.clips.train} train · ${run.clips.validation} validation · ${run.clips.test} test; keypoints: ${run.sources.join(', ')}</dd><dt>split</dt><dd>${run.split.name} <span class="mono">${run.split.hash}</span></dd>
<dt>data root</dt><dd class="mono">${run.root}</dd><dt>versions</dt><dd>posetta ${posetta}${Object.entries(run.versions).map(([name, version]) => html` · ${name} ${version}`)}</dd></dl>
<details><summary>Configuration of ${run.run}</summary><pre>${JSON.stringify(run.config, null, 2)}</pre></details>`)}
<h3 style="margin-top:22px">Raw files of the clips on show</h3>
${files.length === 0 ? html`<p class="soft">None.</p>` : html`<div class="table"><table><thead><tr><th>clip</th><th style="text-align:left">raw file</th><th>bytes</th><th style="text-align:left">sha256</th></tr></thead><tbody>${files.map((file) => html`<tr><td>${file.id}</td><td style="text-align:left" class="mono">${file.path}</td><td>${file.bytes}</td><td style="text-align:left" class="mono">${file.sha256}</td></tr>`)}</tbody></table></div>`}`
}

/** What a data set is, on what terms, and how it is cited. */
export function datasetCard({ title, homepage, licence, citation }: DatasetCard): Markup {
  return html`<dl><dt>data set</dt><dd>${title}${homepage === null ? html`` : html` · <a href="${homepage}">${homepage}</a>`}</dd><dt>licence</dt><dd>${licence}</dd>${citation === null ? html`` : html`<dt>cite as</dt><dd>${citation}</dd>`}</dl>`
}
