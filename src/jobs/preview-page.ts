import type { Clip } from '../clip.ts'
import { html, type Markup, raw } from '../eval/report/markup.ts'
import type { Skeleton } from '../skeleton.ts'
import type { HeatmapSpec } from '../transforms/index.ts'
import { CELL, COLUMNS, rounded, STRIP, strip } from './preview-strip.ts'
import type { Draw, StepDraws } from './recorded-draws.ts'
import type { SeenSample } from './seen-samples.ts'

const WIDTH = 24 + COLUMNS * (CELL + 6)
const LINE = 15

const style = `text { font: 11px ui-sans-serif, system-ui, sans-serif; fill: #1d2126 } .title { font-size: 14px; font-weight: 600 } .soft { fill: #626a73 } .number { fill: #626a73; text-anchor: middle }
.cell { fill: #fff; stroke: #e2dfd8 } line { stroke-linecap: round } line.left { stroke: #2f6fb5 } line.right { stroke: #c2571a } line.trunk { stroke: #3a4149 }
circle.left { fill: #2f6fb5 } circle.right { fill: #c2571a } circle.trunk { fill: #3a4149 } .pale { opacity: .4 } .map rect { fill: #0b7a70; shape-rendering: crispEdges }`

/** Samples one under the other: the clip as it is, then a strip per view with what its steps drew. The same samples give the same text, byte by byte. */
export function previewSvg(samples: readonly SeenSample[], { skeleton, heatmaps, seed }: {
  skeleton: Skeleton; heatmaps: Omit<HeatmapSpec, 'skeleton' | 'patch'> | null; seed: number
}): string {
  let y = 20
  const rows: Markup[] = []
  const put = (row: Markup, height: number): void => {
    rows.push(html`<g transform="translate(12 ${y})">${row}</g>\n`)
    y += height
  }
  for (const { sample, epoch, place, views } of samples) {
    put(html`<text class="title" y="2">sample ${sample} · ${place} · epoch ${epoch} · seed ${seed}</text>`, 16)
    for (const [v, { whole, seen, drawn }] of views.entries()) {
      // of a pair, each view has a clip of its own
      if (v === 0 || whole !== views[0]!.whole) put(wholeStrip(whole, skeleton), STRIP + 14)
      const lines = wrapped(drawnText(drawn))
      put(html`<text y="8">view ${v}: ${seen.frames} frames of ${size(seen)}</text>${lines.map((line, i) => html`<text class="soft" y="${8 + LINE * (i + 1)}">${line}</text>`)}
<g transform="translate(0 ${14 + LINE * lines.length})">${strip(seen, { skeleton, view: v, heatmaps })}</g>`, STRIP + 22 + LINE * lines.length)
    }
    y += 12
  }
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"><style>${raw(style)}</style><rect width="${WIDTH}" height="${y}" fill="#fbfaf7"/>
${rows}</svg>\n`.html
}

/** The same as a page of its own. */
export function previewHtml(svg: string, title: string): string {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body style="margin:0">${raw(svg)}</body></html>\n`.html
}

/** What the steps drew, in words: `rotate: chance 0.5 yes, between -15 and 15 7.31; ...`. A step that drew nothing, or is switched off, is left out. */
export function drawnText(drawn: readonly StepDraws[]): string {
  return drawn.filter(({ draws }) => !(draws[0]?.draw === 'chance' && draws[0].of[0] === 0)).map(({ step, draws, more }) => `${step}: ${draws.map(drawText).join(', ')}${more === 0 ? '' : ` and ${more} more`}`).join('; ')
}

function drawText({ draw, of, value }: Draw): string {
  const shown = typeof value === 'boolean' ? (value ? 'yes' : 'no') : rounded(value)
  if (draw === 'between') return `${rounded(of[0]!)} to ${rounded(of[1]!)} = ${shown}`
  if (draw === 'integer') return `0 to ${of[0]! - 1} = ${shown}`
  return draw === 'chance' ? `chance ${rounded(of[0]!)} = ${shown}` : `${draw} = ${shown}`
}

function wholeStrip(whole: Clip, skeleton: Skeleton): Markup {
  return html`<text y="8">${whole.id}: ${whole.frames} frames of ${size(whole)}</text><g transform="translate(0 14)">${strip(whole, { skeleton, view: null, heatmaps: null })}</g>`
}

function size({ width, height }: Clip): string {
  return `${rounded(width)} x ${rounded(height)} px`
}

/** Words in lines of at most 210 letters. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text === '' ? [] : text.split(' ')) {
    if (lines.length === 0 || lines.at(-1)!.length + word.length > 210) lines.push(word)
    else lines[lines.length - 1] += ` ${word}`
  }
  return lines
}
