import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Document } from './document.ts'
import type { ResultColumn, Results, Value } from './results.ts'

const OWN = '#1d4ed8'
const FLOOR = '#9ca3af'
const WIDTH = 720

/** What stands first of a table as one SVG: a panel per column, by condition when there are several; dots with intervals over actions, small ones each action. */
export function figureOf({ results }: Document): string {
  const panels = results.columns.filter(({ isDiagnostic }) => !isDiagnostic).map((column) => (results.conditions.length === 1 ? dots(results, column) : lines(results, column)))
  let top = 0
  const placed = panels.map(({ svg, height }) => {
    const at = top
    top += height
    return svg.replace('<svg ', `<svg y="${at}" `)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="white"/>\n${placed.join('\n')}\n</svg>\n`
}

type Panel = { readonly svg: string; readonly height: number }

function dots(results: Results, column: ResultColumn): Panel {
  const of = results.values.filter((one) => one.column === column.title && one.value !== null)
  const [whole, byAction] = [of.filter(({ action }) => action === null), of.filter(({ action }) => action !== null)]
  const color = colorIn(results)
  return draw({
    height: 70 + 22 * results.subjects.length, x: { grid: true, nice: true, label: labelOf(column), labelArrow: 'none' },
    y: { domain: results.subjects.map(({ label }) => label), label: null, tickSize: 0 },
    marks: [
      ...(column.actions.length > 1 ? [Plot.dot(byAction, { x: 'value', y: 'subject', r: 2, fill: color, fillOpacity: 0.35 })] : []),
      Plot.ruleY(whole, { y: 'subject', x1: 'low', x2: 'high', stroke: color, strokeWidth: 2.5 }),
      Plot.dot(whole, { x: 'value', y: 'subject', r: 4.5, fill: color }),
      Plot.text(whole, { x: 'value', y: 'subject', text: ({ value }: Value) => value!.toFixed(2), dy: -10, fontSize: 10, fill: color }),
    ],
  })
}

function lines(results: Results, column: ResultColumn): Panel {
  const whole = results.values.filter((one) => one.column === column.title && one.action === null && one.value !== null)
  const labels = results.subjects.map(({ label }) => label)
  return draw({
    height: 340, marginLeft: 56, x: { domain: results.conditions, label: null, type: 'point' }, y: { grid: true, nice: true, label: labelOf(column), labelArrow: 'none' },
    color: { legend: false, domain: labels, scheme: 'turbo' },
    marks: [
      Plot.areaY(whole, { x: 'condition', y1: 'low', y2: 'high', fill: 'subject', fillOpacity: 0.12 }),
      Plot.lineY(whole, { x: 'condition', y: 'value', stroke: 'subject' }),
      Plot.dot(whole, { x: 'condition', y: 'value', fill: 'subject', r: 3 }),
      Plot.text(whole.filter(({ condition }) => condition === results.conditions.at(-1)), { x: 'condition', y: 'value', text: 'subject', fill: 'subject', dx: 6, textAnchor: 'start', fontSize: 10 }),
    ],
  })
}

function colorIn({ subjects }: Results): (value: Value) => string {
  const floors = new Set(subjects.filter(({ isFloor }) => isFloor).map(({ label }) => label))
  return ({ subject }) => (floors.has(subject) ? FLOOR : OWN)
}

function labelOf({ title, better, actions }: ResultColumn): string {
  return `${title}${actions.length > 1 ? `, mean of ${actions.length} actions` : ''} (${better} is better)`
}

function draw(options: Plot.PlotOptions & { readonly height: number }): Panel {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = Plot.plot({
    width: WIDTH, marginLeft: 200, marginRight: 120, marginTop: 24, marginBottom: 40, ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>, style: { background: 'transparent', fontSize: '12px', fontFamily: 'inherit' },
  })
  return { svg: figure.outerHTML, height: options.height }
}
