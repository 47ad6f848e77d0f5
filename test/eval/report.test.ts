import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { beforeAll, expect, test } from 'vitest'
import { baselines } from '../../src/eval/baselines/index.ts'
import { count } from '../../src/eval/baselines/count.ts'
import { evaluate } from '../../src/eval/evaluate.ts'
import { probeEncoder } from '../../src/eval/probes/probe-encoder.ts'
import { protocolOf } from '../../src/eval/protocol.ts'
import { renderReport, reportOf } from '../../src/eval/report.ts'
import { alignmentFigure } from '../../src/eval/report/alignment-figure.ts'
import { html } from '../../src/eval/report/markup.ts'
import { number } from '../../src/eval/report/measure-table.ts'
import type { ReportData, ReportRun } from '../../src/eval/report/report-data.ts'
import { clipOf, oracle } from './clips.ts'

const skeleton = { name: 'penn-13', joints: [], rawJoints: [], edges: [[0, 1], [1, 3]] as const, pairs: [[1, 2]] as const }
const files = [{ path: 'labels/0001.mat', bytes: 3000, sha256: 'ab'.repeat(32), role: 'label' as const, frame: null, place: null }]
const clips = Array.from({ length: 8 },
  (_, index) => ({ ...clipOf(`made/${index}`, 30 + index, { place: (t, joint) => [joint * 10, joint === 0 ? 60 + Math.abs(t - 12 - index) : 120 + joint] }),
    files }))

let data: ReportData
let page: ReturnType<typeof parseHTML>['document']
let text: string

beforeAll(async () => {
  const test = clips.slice(4)
  const evaluation = await evaluate({ encoder: oracle, baselines: [count], train: clips.slice(0, 4), test, action: 'pullup', protocol: protocolOf('quick') })
  const run: ReportRun = {
    run: '20261121-055231-la2ds-pullup-s0', model: 'la2ds', action: 'pullup', seed: 0, device: 'cpu', steps: 20, seconds: 12.3,
    started: '2026-11-21T05:52:31Z', state: 'done',
    split: { name: 'official', hash: 'cd'.repeat(32) }, root: 'ef'.repeat(32), scope: 'one model per action', clips: { train: 4, validation: 0, test: 4 }, sources: ['manual'],
    best: { step: 20, value: 0.5 }, config: { profile: 'small' }, versions: { node: '20.20.2' },
    loss: [{ step: 1, loss: 3 }, { step: 2, loss: 2 }], validation: [{ step: 2, value: 0.5 }], ...evaluation,
    probes: [await probeEncoder(oracle, test, { seed: 0 }), { ...await probeEncoder(count, test, { seed: 0 }), encoder: 'baseline/untrained' }],
    robustness: [],
    alignment: await alignmentFigure([{ encoder: oracle, title: 'the nearest embedding' }, { encoder: count, title: 'the frame counter' }], test,
      { seed: 0, skeleton }),
  }
  const dataset = { name: 'penn-action', title: 'Penn <Action>', licence: 'its own terms', homepage: 'http://example.org/',
    citation: 'Zhang et al., ICCV 2013.' }
  data = reportOf([run], { dataset, made: '2026-11-21T06:00:00Z', posetta: '0.1.0', baselines })
  text = renderReport(data).html
  page = parseHTML(text).document
})

test('is one file: no script, style, image or font comes from elsewhere', () => {
  expect([...page.querySelectorAll('script, link, img, iframe, source, use')].flatMap((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? [])).toEqual([])
  expect(text).not.toMatch(/@import|url\(|fetch\(/)
})

test('shows the headline measures first and every other as a diagnostic, the run beside the floors', () => {
  expect([...page.querySelectorAll('thead')][0]!.textContent).toBe('measurela2ds · seed 0counter t/T, t')
  const rows = [...page.querySelectorAll('.table')][0]!.querySelectorAll('tbody tr td:first-child')
  const titles = [...rows].map((cell) => cell.textContent!.trim())
  expect(titles.slice(0, 5)).toEqual(['Headlines: counting frames does not win these', 'Re-cut cycle skill ↑ · quick', 'Event transfer error ↓ · quickpseudo',
    'Events transferred within 20 % ↑ · quickpseudo', 'Diagnostics: never the claim; the frame counter is the floor to look at'])
  expect(titles).toContain("Kendall's tau (won by counting) ↑ whole clips · quick")
})

test('marks pseudo labels wherever a measure rests on them', () => {
  const unmarked = [...page.querySelectorAll('tbody tr')].filter((row) => /Phase|Retrieval|retrieval|Event|Correspondence/.test(row.textContent!) && row.querySelector('.badge') === null)
  expect(unmarked.map((row) => row.textContent)).toEqual([])
})

test('holds two clips of different recordings, and for each frame of A the frame of B of the learned alignment and of the counter', () => {
  const figure = JSON.parse(page.querySelector('script[type="application/json"]')!.textContent!) as NonNullable<ReportRun['alignment']>
  expect(figure.a.id).not.toBe(figure.b.id)
  expect(figure.a.start).toBeGreaterThan(0)
  for (const { frames } of figure.followers) {
    expect(frames.length).toBe(figure.a.frames)
    expect(Math.max(...frames)).toBeLessThan(figure.b.frames)
  }
  expect(page.querySelectorAll('canvas[data-film]').length).toBe(4)
})

test('leads back to the data: root, split hash, run, versions and the sha256 of the raw files on show', () => {
  for (const part of ['ef'.repeat(32), 'cd'.repeat(32), 'ab'.repeat(32), '20261121-055231-la2ds-pullup-s0', 'labels/0001.mat', 'Zhang et al., ICCV 2013.',
    'its own terms']) expect(page.body.textContent).toContain(part)
})

test('draws a curve of the loss and one of validation, and a dot per encoder and headline', () => {
  expect(page.querySelectorAll('svg').length).toBe(4)
})

test('says what an encoder goes by, and loudly when it counts frames or collapsed', () => {
  const verdicts = [...page.querySelectorAll('table')].find((table) => table.textContent!.includes('one frame held'))!.querySelectorAll('td:nth-child(2)')
  expect([...verdicts].map((cell) => cell.textContent)).toEqual(['sees single frames only', 'counts frames'])
  expect(page.querySelector('.warning')).toBeNull()
  const [run] = data.runs
  const counting = renderReport({ ...data, runs: [{ ...run!, probes: run!.probes.slice(1) }] }).html
  expect(parseHTML(counting).document.querySelector('.warning')!.textContent).toContain('la2ds, seed 0: counts frames. So its embeddings go with the number of the frame')
})

test('draws a curve with its band for each encoder, as the input gets worse', () => {
  const point = { metric: 're-cut-cycle-skill', protocol: 'primary', action: 'pullup', card: 'views', kind: 'missing', better: 'higher' as const, p: null, n: 12, clips: 4, reason: null, against: null }
  const robustness = [[0, 0.7], [0.1, 0.6], [0.5, 0.2]].flatMap(([level, value]) => ['la2ds', 'baseline/coordinates'].map((encoder) => (
    { ...point, encoder, level: level!, value: value! - (encoder === 'la2ds' ? 0 : 1), low: value! - 1.1, high: value! + 0.1 })))
  const change = { ...point, encoder: 'la2ds', against: 'clean', level: 0.5, value: -0.5, low: -0.6, high: -0.4 }
  const { document } = parseHTML(renderReport({ ...data, runs: [{ ...data.runs[0]!, robustness: [...robustness, change] }] }).html)
  const card = [...document.querySelectorAll('.card')].find((one) => one.textContent!.includes('Re-cut cycle skill: missing'))!
  expect([card.querySelectorAll('[aria-label="area"]').length, card.querySelectorAll('[aria-label="line"]').length, card.querySelectorAll('circle').length]).toEqual([2, 2, 6])
  expect(card.querySelector('.note')!.textContent).toContain('la2ds seed 0 at 0.5: changes by −0.500 (−0.600 to −0.400)')
})

test('escapes what it is told, and never prints NaN', () => {
  expect(text).toContain('Penn &lt;Action&gt;')
  expect(page.body.textContent).not.toContain('NaN')
  expect(html`<b title="${'"x"'}">${'<i>'}</b>`.html).toBe('<b title="&quot;x&quot;">&lt;i&gt;</b>')
  expect(number(-0.5)).toBe('−0.500')
})

test('says at the top when nobody was recorded', () => {
  expect(text).not.toContain('synthetic twin')
  expect(renderReport({ ...data,
    runs: data.runs.map((run) => ({ ...run, sources: ['synthetic'] })) }).html).toContain('A synthetic twin in the layout of Penn &lt;Action&gt;')
})

test('its JSON is the data of the page', () => {
  expect(JSON.parse(renderReport(data).json)).toEqual(JSON.parse(JSON.stringify(data)))
})

const hasChromium = spawnSync('chromium', ['--version']).status === 0

test.skipIf(!hasChromium)('plays in Chromium: its script tells which frame of B follows which frame of A, without the network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posetta-report-'))
  const told = /frame \d+ of A → frame \d+ of B/g
  try {
    writeFileSync(join(folder, 'report.html'), text)
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    const { stdout } = spawnSync('chromium', [...flags, `--user-data-dir=${folder}/profile`, '--virtual-time-budget=2000', '--dump-dom', `file://${folder}/report.html`],
      { encoding: 'utf8', maxBuffer: 1 << 26 })
    expect(text.match(told)).toBeNull()
    expect(stdout.match(told)).toHaveLength(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
