import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../../src/errors.ts'
import { feistel, permutation } from '../../../src/loader/permutation.ts'
import { type PlanSpec, planOf } from '../../../src/loader/plan/index.ts'
import { pythonWith, runPython } from '../../python.ts'
import { root, textOf } from '../../sources.ts'
import { randomPlan } from './random-plans.ts'
import { tableOf, twelve } from './tables.ts'

const python = pythonWith('hashlib')
const inPeers = (script: string): string => `import sys; sys.path.insert(0, ${JSON.stringify(`${root}/bench/peers`)}); sys.dont_write_bytecode = True\n${script}`

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
    const cases = Array.from({ length: 150 }, (_, number) => randomPlan(number)).flatMap(({ spec, clips }) => {
      const plan = planOrNull(spec, clips)
      return plan === null ? [] : [{ spec, clips, plan, numbers: Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 37 * i)) }]
    })
    expect(cases.length).toBeGreaterThan(100)
    const input = cases.map(({ spec, clips, numbers }) => `${JSON.stringify({ spec, clips, numbers })}\n`).join('')
    const printed = runPython(python!, inPeers("import runpy; sys.argv = ['loader_plan.py', '-']; runpy.run_module('loader_plan', run_name='__main__')"), input)
    for (const [i, line] of printed.trim().split('\n').entries()) {
      const { spec, plan, numbers } = cases[i]!
      const ours = numbers.map((g) => plan.sampleAt(g)).map(({ row, epoch, repeat, window, partner }) => [row, epoch, repeat, window && [window.start, window.end, window.step], partner])
      expect({ spec, samples: ours }).toEqual({ spec, samples: JSON.parse(line) })
    }
  })
})

function planOrNull(spec: PlanSpec, clips: ReturnType<typeof randomPlan>['clips']) {
  try {
    return planOf(spec, tableOf(clips))
  } catch (error) {
    if (error instanceof ToolkitError && ['E_LOADER_EMPTY', 'E_LOADER_PLAN'].includes(error.code)) return null
    throw error
  }
}
