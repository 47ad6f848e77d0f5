import { describe, expect, test } from 'vitest'
import { feistel, permutation } from '../../../src/loader/permutation.ts'
import { type PlanSpec, planOf } from '../../../src/loader/plan/index.ts'
import { pythonWith, runPython } from '../../python.ts'
import { textOf } from '../../sources.ts'
import { comparePlans, inPeers } from './compare-plans.ts'
import { tableOf, twelve } from './tables.ts'

const python = pythonWith('hashlib')

describe('samples of twelve clips are those that bench/peers/loader_plan.py prints', () => {
  // row, or row (repeat), or row [start end), or row + partner
  test.each<[Omit<PlanSpec, 'seed'>, string, string]>([
    [{ filter: { action: ['squat'], minFrames: 11 } }, '18c21766b131e163', '6 11 1 3 8 11'],
    [{ mixture: [{ where: { action: ['squat'] }, weight: 0.5 }, { where: { action: ['jump'] }, weight: 0.3 }, { where: { action: ['bow', 'jump'] }, weight: 0.2 }] }, 'c5ef99e2094ae625', '5 6 3 11 7 2'],
    [{ balance: { by: 'action', power: 0 } }, 'd19bff94dd1bce9a', '8 10 4 7 11 9'],
    [{ balance: { by: 'action', power: 0.5 } }, 'ba9543a2b10de79c', '8 10 7 5 11 1'],
    [{ balance: { by: 'action', repeat: 0.5 } }, '45e66946b523980d', '7 2 3 10 4(1) 5'],
    [{ pairs: { same: 'action', differs: 'group' } }, '01f33d7f940ddf7d', '2+7 3+1 4+9 0+1 11+6 7+2'],
    [{ windows: { frames: 4, stride: 5, step: 2, rest: 'pad' } }, 'e3bbbff9d772b869', '4[0 7) 6[0 7) 3[5 12) 3[10 17) 8[5 12) 10[10 17)'],
    [{ buckets: { batch: 3, batches: 4 } }, '4f2a1fe27e338cd2', '2 0 7 1 6 8'],
  ])('%j', (spec, hash, samples) => {
    const plan = planOf({ seed: 2026, ...spec }, tableOf(twelve))
    expect(plan.hash.slice(0, 16)).toBe(hash)
    const texts = Array.from({ length: 6 }, (_, g) => plan.sampleAt(g)).map(({ row, repeat, window, partner }) =>
      `${row}${repeat === 0 ? '' : `(${repeat})`}${window === null ? '' : `[${window.start} ${window.end})`}${partner === null ? '' : `+${partner}`}`)
    expect(texts.join(' ')).toBe(samples)
    expect(textOf('docs/loader-order.md')).toContain(`| \`${JSON.stringify(spec)}\` | ${hash} | ${samples} |`)
  })
})

describe.skipIf(python === null)('Python, beside TypeScript', () => {
  test('has the same permutations, of lists with names too, and of more words than are made at once', () => {
    const printed = runPython(python!, inPeers(`import json, loader_order as o
print(json.dumps([o.permutation(5000, 2026, 3), o.permutation(1025, 9, 1, (2, 'squat')), [o.feistel(i, 1000, 9, 1, (2, 'squat')) for i in range(1000)]]))`))
    const list = [2, 'squat'] as const
    expect(JSON.parse(printed)).toEqual([
      [...permutation(5000, { seed: 2026, epoch: 3 })], [...permutation(1025, { seed: 9, epoch: 1, list })],
      Array.from({ length: 1000 }, (_, i) => feistel(1000, { seed: 9, epoch: 1, list })(i)),
    ])
  })

  test('gives the samples of 150 random plans', { timeout: 60_000 }, () => {
    expect(comparePlans(python!, { first: 0, plans: 150 })).toBeGreaterThan(100)
  })
})
