import { corruptionKind } from '../corruptions/index.ts'
import type { CurvePoint } from '../robustness/curves.ts'
import { html, type Markup } from './markup.ts'
import { number } from './measure-table.ts'
import { shortName, titleOf } from './metric-titles.ts'
import { bandPlot } from './plots.ts'
import type { ReportRun } from './report-data.ts'

/** Curves of the runs of one action over the level of each corruption, with bands, beside the floors that see joints; nothing where none were measured. */
export function robustnessCards(action: string, runs: readonly ReportRun[]): Markup {
  const points = runs.flatMap(({ robustness }) => robustness)
  if (points.length === 0) return html``
  const shown = [...new Set(points.filter(({ metric }) => metric !== 'event-transfer-correct').map(keyOf))]
  return html`<h2>${action}: as the input gets worse</h2>
<p>Nothing is trained again. Bands are 95 % bootstrap intervals over recordings; changes are paired with the clean clips. Every encoder sees the same corrupted clips.</p>
<div class="cards">${shown.map((key) => curveCard(runs.filter(({ robustness }) => robustness.some((point) => keyOf(point) === key)), key))}</div>`
}

function curveCard(runs: readonly ReportRun[], key: string): Markup {
  const of = ({ robustness }: ReportRun) => robustness.filter((point) => keyOf(point) === key && point.value !== null)
  const { metric, kind, card, protocol, better, reason } = runs[0]!.robustness.find((point) => keyOf(point) === key)!
  const { summary, unit } = corruptionKind(kind)
  const values = runs.flatMap((run) => of(run).filter(({ against }) => against === null).map((point) => ({ ...point, own: point.encoder === run.model, label: point.encoder === run.model ? `${run.model} seed ${run.seed}` : shortName(point.encoder) })))
  const curves = [...new Set(values.map(({ label }) => label))].map((label) => ({ label, own: values.find((point) => point.label === label)!.own,
    points: values.filter((point) => point.label === label).map(({ level, value, low, high }) => ({ level, value: value!, low, high })) }))
  return html`<section class="card"><h3>${titleOf(metric)}: ${kind}</h3><div class="soft">${summary}; ${better} is better${card === 'views' ? '' : `; ${card} clips`}${protocol === 'primary' ? '' : `; ${protocol}`}</div>
${curves.length === 0 ? html`<p>Not computed: ${reason ?? ''}</p>` : bandPlot(curves, { x: unit, y: '' })}
<p class="note">${runs.map((run) => verdict(run, of(run)))}</p></section>`
}

/** The change at the last level, and how it stands beside the others' changes. */
function verdict({ model, seed }: ReportRun, points: readonly CurvePoint[]): Markup {
  const last = Math.max(...points.map(({ level }) => level))
  const change = points.find(({ against, encoder, level }) => against === 'clean' && encoder === model && level === last)
  if (change === undefined) return html``
  const apart = points.filter(({ against, level }) => against !== null && against !== 'clean' && level === last)
  const words = apart.map((point) => `${shortName(point.against!)} by ${text(point)}`)
  return html`${model} seed ${seed} at ${last}: changes by ${text(change)}${words.length === 0 ? '' : `; its change differs from that of ${words.join(', of ')}`}. `
}

function text({ value, low, high }: CurvePoint): string {
  return `${number(value!)}${low === null || high === null ? '' : ` (${number(low)} to ${number(high)})`}`
}

function keyOf({ metric, card, kind, protocol }: CurvePoint): string {
  return [metric, card, protocol, kind].join('\t')
}
