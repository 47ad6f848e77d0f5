import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Measure } from '../evaluate.ts'
import { type Markup, raw } from './markup.ts'

const OWN = 'var(--own)'
const FLOOR = 'var(--floor)'
const ORACLE = 'var(--oracle)'

/** One measure of every encoder with its interval, a row per encoder; the run's own stand out, the oracle steps back. */
export function measurePlot(measures: readonly (Measure & { readonly label: string })[], { zero, lower }: { zero: string | null; lower: boolean }): Markup {
  const rows = measures.filter(({ value }) => value !== null)
  return draw({
    width: 480, height: 56 + 26 * rows.length, marginLeft: 165, marginRight: 48, marginBottom: 42,
    x: { grid: true, label: lower ? '← better' : 'better →', labelOffset: 38, nice: true },
    y: { domain: rows.map(({ label }) => label), label: null, tickSize: 0 },
    marks: [
      ...(zero === null ? [] : [Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.6 }),
        Plot.text([0], { x: 0, frameAnchor: 'top', dy: -12, text: () => zero, fontSize: 10 })]),
      Plot.ruleY(rows, { y: 'label', x1: 'low', x2: 'high', stroke: color, strokeWidth: 2 }),
      Plot.dot(rows, { x: 'value', y: 'label', r: 4.5, fill: color }),
      Plot.text(rows, { x: (row: Measure) => row.high ?? row.value, y: 'label', text: (row: Measure) => row.value!.toFixed(2), dx: 8, textAnchor: 'start',
        fontSize: 11, fill: color }),
    ],
  })
}

function color({ encoder }: Measure): string {
  if (!encoder.startsWith('baseline/')) return OWN
  return encoder === 'baseline/event' ? ORACLE : FLOOR
}

/** Lines over training steps, one per series. */
export function curvePlot(series: readonly { readonly label: string; readonly points: readonly { readonly step: number; readonly value: number }[] }[],
  { label, dots }: { label: string; dots: boolean }): Markup {
  const points = series.flatMap(({ label: name, points }) => points.map((point) => ({ ...point, name })))
  return draw({
    width: 480, height: 230, marginLeft: 48, marginBottom: 40, x: { label: 'step', labelOffset: 36, grid: false }, y: { label, grid: true, nice: true },
    marks: [
      ...series.map(({ points }, index) => Plot.lineY(points,
        { x: 'step', y: 'value', stroke: OWN, strokeOpacity: 1 - index / (series.length + 1), strokeWidth: 1.6 })),
      ...(dots ? [Plot.dot(points, { x: 'step', y: 'value', r: 2.6, fill: OWN })] : []),
    ],
  })
}

/** A curve per encoder with its band: an own one stands out, a floor is grey and broken. */
export function bandPlot(series: readonly { readonly label: string; readonly own: boolean; readonly points: readonly BandPoint[] }[], { x, y }: { x: string; y: string }): Markup {
  const strokeOf = (own: boolean): string => (own ? OWN : FLOOR)
  const owns = series.filter(({ own }) => own)
  return draw({
    width: 480, height: 250, marginLeft: 48, marginRight: 145, marginBottom: 40, x: { label: x, labelOffset: 36, grid: false }, y: { label: y, grid: true, nice: true },
    marks: [...series.flatMap(({ label, own, points }) => {
      const stroke = strokeOf(own)
      const dash = own ? '' : ['3 3', '7 3', '1 3'][series.filter((one) => !one.own).findIndex((one) => one.label === label) % 3]!
      const opacity = own ? 1 - owns.findIndex((one) => one.label === label) / (owns.length + 1) : 1
      return [
        Plot.areaY(points, { x: 'level', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.15 }),
        Plot.lineY(points, { x: 'level', y: 'value', stroke, strokeDasharray: dash, strokeOpacity: opacity, strokeWidth: 1.8 }),
        Plot.dot(points, { x: 'level', y: 'value', r: 2.6, fill: stroke, fillOpacity: opacity }),
      ]
    }), Plot.text(namesAtEnds(series), { x: 'level', y: 'place', text: 'label', dx: 8, textAnchor: 'start', fontSize: 10.5, fill: ({ own }: { own: boolean }) => strokeOf(own) })],
  })
}

/** Where the name of each curve stands: at its end, or above the name below it. */
function namesAtEnds(series: readonly { readonly label: string; readonly own: boolean; readonly points: readonly BandPoint[] }[]) {
  const values = series.flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]))
  const line = (Math.max(...values) - Math.min(...values)) / 14
  let lowest = -Infinity
  return series.flatMap(({ label, own, points }) => points.slice(-1).map(({ level, value }) => ({ label, own, level, value }))).sort((a, b) => a.value - b.value).map((end) => {
    lowest = Math.max(end.value, lowest + line)
    return { ...end, place: lowest }
  })
}

type BandPoint = { readonly level: number; readonly value: number; readonly low: number | null; readonly high: number | null }

function draw(options: Plot.PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = Plot.plot({ ...options, document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    style: { background: 'transparent', fontSize: '12px', fontFamily: 'inherit' } })
  return raw(figure.outerHTML)
}
