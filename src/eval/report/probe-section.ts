import { type ProbeName, probeNames } from '../probes/orders.ts'
import type { Probed } from '../probes/probe-encoder.ts'
import { html, type Markup } from './markup.ts'
import { number } from './measure-table.ts'
import { shortName } from './metric-titles.ts'
import type { ReportRun } from './report-data.ts'

const SHOWN: Readonly<Record<ProbeName, string>> = { offset: 'later', shuffle: 'shuffled', reverse: 'backwards', still: 'one frame held' }

/** What each run's encoder was found to be; one that collapsed or counts is said so first. Nothing for runs that were not probed. */
export function probeSection(given: readonly ReportRun[]): Markup {
  const runs = [...new Map(given.map((run) => [run.run, run])).values()].filter(({ probes }) => probes.length > 0)
  if (runs.length === 0) return html``
  return html`<h2>What the encoders go by</h2>
${runs.map(warning)}
<p>Test clips are shown again with their frames in other places. Does the embedding of a frame go with what the frame shows (first number), or with the place it stands at (second)? 1 = always, 0 = never. Spread: over how much of
another clip the nearest frames lie, 1 = all of it, 0 = always the same frame. Rank: in how many directions embeddings move while a clip runs.</p>
<div class="table"><table><thead><tr><th>encoder</th><th style="text-align:left">is</th>${probeNames.map((name) => html`<th>${SHOWN[name]}</th>`)}<th>spread</th><th>rank</th></tr></thead>
<tbody>${runs.flatMap((run) => run.probes.map((probed, at) => row(at === 0 ? `${run.model} · seed ${run.seed}` : shortName(probed.encoder), probed, at === 0)))}</tbody></table></div>`
}

function warning({ model, seed, probes }: ReportRun): Markup {
  const { verdict, warning: text } = probes[0]!
  return text === null ? html`` : html`<p class="warning"><b>${model}, seed ${seed}: ${verdict!}.</b> So ${text}.</p>`
}

function row(label: string, probed: Probed, own: boolean): Markup {
  const cell = (value: number | null): string => (value === null ? '–' : number(value))
  return html`<tr><td>${label}</td><td class="${own ? 'own' : ''}" style="text-align:left"><b>${probed.verdict ?? 'not known: clips too short'}</b></td>
${probeNames.map((name) => html`<td>${cell(probed[name].content)} · ${cell(probed[name].index)}</td>`)}<td>${cell(probed.spread)}</td><td>${cell(probed.rank)}</td></tr>`
}
