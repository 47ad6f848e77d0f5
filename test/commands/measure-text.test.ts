import { expect, test } from 'vitest'
import { measureText } from '../../src/cli/measure-text.ts'

test('what has no interval leaves its place empty', () => {
  const measure = {
    metric: 're-cut-cycle-skill', protocol: 'primary', action: 'squat', card: 'views', encoder: 'la2ds', labels: 'none', better: 'higher', headline: true, n: 2, unit: 'pairs', clips: 2, settings: {}, reason: null,
  } as const
  const rows = [{ value: null, low: null, high: null }, { value: 0.5, low: 0.25, high: 0.75 }]
  const measures = rows.map((row, index) => ({ ...measure, ...row, protocol: index === 0 ? 'primary' : 'quick' }))
  const text = measureText({ run: 'run', measures, comparisons: [], probes: [], files: ['file'], warnings: [] }, { store: 'store', runs: 'runs' })
  expect(text.split('\n').filter((line) => line.startsWith('re-cut')).map((line) => line.split(/ {2,}/))).toEqual([
    ['re-cut-cycle-skill ↑', 'views', 'none', '2', '-'], ['re-cut-cycle-skill ↑', 'views', 'none', '2', '0.500', '0.250 0.750']])
})
