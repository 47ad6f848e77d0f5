import { document } from './document.ts'
import { html } from './markup.ts'
import { player } from './player.ts'
import type { AlignmentFigure, DatasetCard } from './report-data.ts'
import { datasetCard } from './sections.ts'

/** Two clips in step on a page of its own. */
export function alignmentPage(figure: AlignmentFigure, { title, dataset }: { title: string; dataset: DatasetCard }): string {
  return document(title, html`<p class="eyebrow">posetta align</p>
<h1>${title}</h1>
${player(figure, 'alignment')}
<h2>Data set</h2>
${datasetCard(dataset)}`)
}
