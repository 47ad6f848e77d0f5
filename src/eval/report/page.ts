import { grouped } from '../../store/grouped.ts'
import { ALL_ACTIONS } from '../over-actions.ts'
import { document } from './document.ts'
import { html, type Markup } from './markup.ts'
import { measureTable } from './measure-table.ts'
import { player } from './player.ts'
import { probeSection } from './probe-section.ts'
import type { ReportData, ReportRun } from './report-data.ts'
import { robustnessCards } from './robustness-cards.ts'
import { datasetCard, headlineCards, protocolCards, provenance, trainingCards } from './sections.ts'
import { likeGroups } from './warnings.ts'

/** `report.html`: one file that needs no network. */
export function reportPage(data: ReportData): string {
  const { dataset } = data
  const actions = [...new Set(data.runs.map(({ action }) => action))].sort((a, b) => Number(b === ALL_ACTIONS) - Number(a === ALL_ACTIONS))
  return document(data.title, html`<p class="eyebrow">posetta report · ${data.made.slice(0, 10)}</p>
<h1>${data.title}</h1>
${isSynthetic(data) ? html`<p><span class="badge">synthetic</span> A synthetic twin in the layout of ${dataset.title}: bodies, motion and labels are made, nobody was recorded.</p>` : html``}
<p class="soft">${dataset.title}${isSynthetic(data) ? ' (twin)' : ''} · split ${data.runs[0]!.split.name} · ${data.runs.map(({ run }) => run).join(', ')}</p>
${data.warnings.map((warning) => html`<p class="warning"><b>Not alike:</b> ${warning}.</p>`)}
${actions.map((action) => actionSection(action, data.runs.filter((run) => run.action === action), data))}
${probeSection(data.runs)}
<h2>Methods</h2>${data.methods.map((paragraph) => html`<p>${paragraph}</p>`)}
${protocolCards(data.runs)}
<h2>Provenance</h2>${provenance(data)}
<h2>Data set</h2>
${datasetCard(dataset)}`)
}

/** Runs that differ in nothing but their seed: a mean over others would be of nothing. */
function trainings(runs: readonly ReportRun[]): ReportRun[][] {
  return [...grouped(runs, ({ model, split, root, config }) => JSON.stringify([model, split.hash, root, config])).values()]
}

function isSynthetic({ runs }: ReportData): boolean {
  return runs.some(({ sources }) => sources.includes('synthetic'))
}

function actionSection(action: string, runs: readonly ReportRun[], { baselines, seeds }: ReportData): Markup {
  const shown = runs.find(({ alignment }) => alignment !== null)
  const readable = action.replaceAll('_', ' ')
  return html`<h2>${readable}: headline measures</h2>
<p>Test clips only, no labels in the first. Bars are 95 % bootstrap intervals over recordings. The frame counter sees no joint at all.</p>
${likeGroups(runs).flatMap(trainings).map((same) => html`${trainings(runs).length > 1 ? html`<p class="soft">${same.map(({ run }) => run).join(', ')}</p>` : html``}
${headlineCards(same, seeds.find((one) => one.action === action && one.runs.includes(same[0]!.run)) ?? null)}`)}
${action === ALL_ACTIONS ? html`` : html`<h2>${readable}: B follows A</h2>
${shown === undefined ? html`<p class="soft">Fewer than two test clips with joints.</p>` : player(shown.alignment!, shown.run)}`}
<h2>${readable}: all measures</h2>
${likeGroups(runs).map((like) => measureTable(like, baselines))}
<p class="note">↑ higher is better, ↓ lower. Underlined: the best but for the oracle. Small: 95 % interval; those of the floors appear on hovering. <b>pseudo</b>: labels are read off the same joints the encoder sees, for relative comparison only.</p>
${robustnessCards(readable, runs)}
<h2>${readable}: training</h2>
${trainingCards(runs)}`
}
