import type { Measure } from '../evaluate.ts'
import { html, type Markup } from './markup.ts'
import { shortName, titleOf } from './metric-titles.ts'
import type { ReportRun } from './report-data.ts'

/** Every measure of like runs of one action beside the floors: a row per metric, card and protocol, headlines first; columns = runs, then floors. */
export function measureTable(runs: readonly ReportRun[], baselines: readonly { readonly name: string }[]): Markup {
  const all = runs.flatMap(({ measures }) => measures)
  const keys = [...new Map(all.map((measure) => [keyOf(measure), measure])).values()]
  const present = [...baselines.map(({ name }) => name), ...all.map(({ encoder }) => encoder).filter((name) => name.startsWith('baseline/'))]
    .filter((name) => all.some(({ encoder }) => encoder === name))
  const floors = [...new Set([...present.filter((name) => name !== 'baseline/event'), ...present])].map((name) => ({ name }))
  const headlines = keys.filter(({ headline }) => headline)
  const diagnostics = keys.filter(({ headline }) => !headline)
  const columns = runs.length + floors.length + 1
  const group = (title: string) => html`<tr class="group"><td colspan="${columns}">${title}</td></tr>`
  const row = (measure: Measure) => measureRow(measure, [
    ...runs.map((run) => ({ own: true, found: run.measures.find((other) => keyOf(other) === keyOf(measure) && isOwn(other)) })),
    ...floors.map(({ name }) => ({ own: false, found: all.find((other) => keyOf(other) === keyOf(measure) && other.encoder === name) })),
  ])
  return html`<div class="table"><table>
<thead><tr><th>measure</th>${runs.map((run) => html`<th class="own">${run.model} · seed ${run.seed}</th>`)}${floors.map(({ name }) => html`<th>${shortName(name)}</th>`)}</tr></thead>
<tbody>${group('Headlines: counting frames does not win these')}${headlines.map(row)}${group('Diagnostics: never the claim; the frame counter is the floor to look at')}${diagnostics.map(row)}</tbody>
</table></div>`
}

/** A run's own measures are those that no floor made. */
export function isOwn(measure: Measure): boolean {
  return !measure.encoder.startsWith('baseline/')
}

export function keyOf({ metric, card, protocol }: Measure): string {
  return `${metric} ${card} ${protocol}`
}

/** How phases came about, where a measure needs them. */
export function labelBadge(labels: Measure['labels']): Markup {
  if (labels === 'pseudo') return html`<span class="badge" title="a function of the joints the encoder sees: not comparable with published figures">pseudo</span>`
  return labels === 'annotated' ? html`<span class="badge plain">annotated</span>` : html``
}

function measureRow(measure: Measure, cells: readonly { readonly own: boolean; readonly found: Measure | undefined }[]): Markup {
  const rivals = cells.flatMap(({ found }) => (found?.value === null || found === undefined || found.encoder === 'baseline/event' ? [] : [found.value]))
  const isProbe = measure.metric.endsWith('-reversed')
  const best = isProbe ? null : measure.better === 'higher' ? Math.max(...rivals) : Math.min(...rivals)
  const arrow = measure.better === 'higher' ? '↑' : '↓'
  return html`<tr><td>${titleOf(measure.metric)} <span class="soft">${arrow}${measure.card === 'views' ? '' : ` ${measure.card} clips`}${measure.protocol === 'primary' ? '' : ` · ${measure.protocol}`}</span>${labelBadge(measure.labels)}</td>
${cells.map(({ own, found }) => cell(own, found, best))}</tr>`
}

function cell(own: boolean, measure: Measure | undefined, best: number | null): Markup {
  if (measure === undefined) return html`<td>–</td>`
  if (measure.value === null) return own ? html`<td>–<small>${measure.reason ?? ''}</small></td>` : html`<td title="${measure.reason ?? ''}">–</td>`
  const names = `${own ? 'own' : ''}${measure.value === best && measure.encoder !== 'baseline/event' ? ' best' : ''}`
  const range = measure.low === null || measure.high === null ? '' : `${number(measure.low)} to ${number(measure.high)}`
  return own ? html`<td class="${names}"><b>${number(measure.value)}</b><small>${range}</small></td>` : html`<td class="${names}" title="95 %: ${range}"><b>${number(measure.value)}</b></td>`
}

/** Three digits, with a true minus. */
export function number(value: number): string {
  const text = value.toFixed(3)
  return text === '-0.000' ? '0.000' : text.replace('-', '−')
}
