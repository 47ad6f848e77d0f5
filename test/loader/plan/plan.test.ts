import { describe, expect, test } from 'vitest'
import { feistel, orderOf } from '../../../src/loader/permutation.ts'
import { planOf } from '../../../src/loader/plan/plan.ts'
import type { PlanSpec } from '../../../src/loader/plan/plan-spec.ts'
import { plannedSamples } from '../../../src/loader/plan/epoch-table.ts'
import { clipsOf, tableOf, type TestClip, twelve } from './tables.ts'

const samples = (spec: PlanSpec, clips: readonly TestClip[], count: number) => {
  const plan = planOf(spec, tableOf(clips))
  return Array.from({ length: count }, (_, g) => plan.sampleAt(g))
}
const rows = (spec: PlanSpec, clips: readonly TestClip[], count: number) => samples(spec, clips, count).map(({ row }) => row)
const tally = <T>(values: readonly T[]): Map<T, number> => values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map<T, number>())

describe('a plan of a seed alone', () => {
  test('is the order of docs/loader-order.md', () => {
    const epochs = [0, 1].flatMap((epoch) => Array.from({ length: 12 }, (_, position) => orderOf(12, { seed: 2026, epoch })(position)))
    expect(rows({ seed: 2026 }, twelve, 24)).toEqual(epochs)
    expect(samples({ seed: 2026 }, twelve, 13)[12]).toMatchObject({ epoch: 1, repeat: 0, window: null, partner: null })
  })

  test('has no sample with a number that is none', () => {
    expect(() => planOf({ seed: 1 }, tableOf(twelve)).sampleAt(-1)).toThrow('no sample has the number -1')
  })
})

describe('a filter', () => {
  test('takes clips by label and length, and says how many it leaves out', () => {
    // squats are 0 1 3 6 8 11 with 10 17 19 16 18 15 frames
    const plan = planOf({ seed: 1, filter: { action: ['squat'], minFrames: 16, maxFrames: 18 } }, tableOf(twelve))
    expect(Array.from({ length: 3 }, (_, g) => plan.sampleAt(g).row).sort((a, b) => a - b)).toEqual([1, 6, 8])
    expect(plan.left).toEqual([{ by: 'filter', clips: 9, why: 'do not pass the filter', first: 'c/00' }])
  })

  test('of a label that no clip has is refused, with the nearest', () => {
    expect(() => planOf({ seed: 1, filter: { action: ['sqat'] } }, tableOf(twelve))).toThrow(
      expect.objectContaining({ code: 'E_LOADER_LABEL', message: 'no action "sqat"', hint: 'did you mean "squat"? There are: bow, jump, squat' }))
  })

  test('that leaves nothing is refused', () => {
    expect(() => planOf({ seed: 1, filter: { minFrames: 100 } }, tableOf(twelve))).toThrow(
      expect.objectContaining({ code: 'E_LOADER_EMPTY', message: 'the plan leaves none of 12 clips; 12 do not pass the filter' }))
  })
})

describe('a mixture', () => {
  const mixture = [{ where: { action: ['squat'] }, weight: 0.5 }, { where: { action: ['jump'] }, weight: 0.3 }, { where: { action: ['bow'] }, weight: 0.2 }]
  const actionOf = (row: number) => twelve[row]!.labels.action!

  test('has 5 squats, 3 jumps and 2 bows among every ten', () => {
    const drawn = rows({ seed: 3, mixture }, twelve, 200).map(actionOf)
    for (let block = 0; block < 20; block++) expect(Object.fromEntries(tally(drawn.slice(block * 10, block * 10 + 10)))).toEqual({ squat: 5, jump: 3, bow: 2 })
  })

  test('goes through each part by its own epochs, however often the others were gone through', () => {
    const jumps = samples({ seed: 3, mixture }, twelve, 200).filter(({ row }) => actionOf(row) === 'jump')
    const expected = Array.from({ length: 60 }, (_, k) => [2, 5, 7, 10][orderOf(4, { seed: 3, epoch: Math.floor(k / 4), list: [1] })(k % 4)])
    expect(jumps.map(({ row }) => row)).toEqual(expected)
    expect(jumps.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, k) => Math.floor(k / 4)))
  })

  test('tells apart what a clip gives two parts in the same epoch', () => {
    const both = [{ where: {}, weight: 1 }, { where: { action: ['bow'] }, weight: 1 }]
    const bow = samples({ seed: 3, mixture: both }, twelve, 48).filter(({ row, epoch }) => row === 4 && epoch === 0)
    expect(bow.map(({ repeat }) => repeat).sort()).toEqual([0, 1])
  })

  test('says how many samples an epoch has and how they are shared out', () => {
    const plan = planOf({ seed: 3, mixture: mixture.slice(0, 2) }, tableOf(twelve))
    expect(plan).toMatchObject({ clips: 10, samples: 10, samplesPerEpoch: 10, left: [{ by: 'mixture', clips: 2, first: 'c/04' }] })
    expect(plan.lists).toEqual([{ part: 0, label: null, clips: 6, samples: 6, share: 5 / 8 }, { part: 1, label: null, clips: 4, samples: 4, share: 3 / 8 }])
  })

  test('with a part without clips is refused', () => {
    expect(() => planOf({ seed: 1, mixture: [{ where: { action: ['bow'], minFrames: 50 }, weight: 1 }, { where: {}, weight: 1 }] }, tableOf(twelve))).toThrow(
      expect.objectContaining({ code: 'E_LOADER_PLAN', message: 'part 0 of the mixture, {"action":["bow"],"minFrames":50}, has no clip' }))
  })

  test('with a part that weighs next to nothing is refused', () => {
    expect(() => planOf({ seed: 1, mixture: [{ where: {}, weight: 1 }, { where: {}, weight: 1e-9 }] }, tableOf(twelve))).toThrow(
      expect.objectContaining({ code: 'E_LOADER_PLAN', message: 'part 1 of the mixture weighs 1e-9: less than one sample of 1048576' }))
  })
})

describe('balance by a power', () => {
  const countsOf = (power: number, count: number) => Object.fromEntries(tally(rows({ seed: 4, balance: { by: 'action', power } }, twelve, count).map((row) => twelve[row]!.labels.action!)))

  test('of 0 has every label once among as many samples as there are labels', () => {
    expect(countsOf(0, 3)).toEqual({ squat: 1, jump: 1, bow: 1 })
    expect(countsOf(0, 300)).toEqual({ squat: 100, jump: 100, bow: 100 })
  })

  test('of 1 has them as they come: 6 to 4 to 2 is 3 to 2 to 1', () => {
    expect(countsOf(1, 6)).toEqual({ squat: 3, jump: 2, bow: 1 })
  })

  test('of one half has them as the square roots: 12 samples times 2.45, 2 and 1.41 of 5.86 are 5.01, 4.09 and 2.90', () => {
    expect(countsOf(0.5, 12)).toEqual({ squat: 5, jump: 4, bow: 3 })
  })

  test('leaves out clips without the label', () => {
    const plan = planOf({ seed: 4, balance: { by: 'action', power: 0 } }, tableOf(clipsOf('bow', null, 'jump', null)))
    expect(plan).toMatchObject({ clips: 2, left: [{ by: 'balance', clips: 2, why: 'have no action', first: 'c/01' }] })
  })
})

describe('repeat factors', () => {
  // the share of b is 1 / 9: sqrt(0.25 x 9) = 1.5
  const one = clipsOf('a', 'a', 'a', 'a', 'b', 'a', 'a', 'a', 'a')

  test('let a clip of factor 1.5 come once and twice in turn, and the others once', () => {
    const drawn = samples({ seed: 6, balance: { by: 'action', repeat: 0.25 } }, one, 38)
    for (const [epoch, times] of [1, 2, 1, 2].entries()) {
      const counts = tally(drawn.filter((sample) => sample.epoch === epoch).map(({ row }) => row))
      expect(Array.from({ length: 9 }, (_, row) => counts.get(row))).toEqual([1, 1, 1, 1, times, 1, 1, 1, 1])
    }
  })

  test('number the times of a clip in an epoch', () => {
    const drawn = samples({ seed: 6, balance: { by: 'action', repeat: 0.25 } }, one, 19)
    expect(drawn.filter(({ row }) => row === 4).map(({ epoch, repeat }) => `${epoch}.${repeat}`).sort()).toEqual(['0.0', '1.0', '1.1'])
  })

  test('deal the extra samples of a label to its clips in turn', () => {
    // b has 2 of 8: sqrt(0.5625 x 4) = 1.5, one extra sample an epoch
    const clips = clipsOf('a', 'b', 'a', 'a', 'a', 'b', 'a', 'a')
    const drawn = samples({ seed: 6, balance: { by: 'action', repeat: 0.5625 } }, clips, 36)
    const twice = [0, 1, 2, 3].map((epoch) => drawn.filter((sample) => sample.epoch === epoch && sample.repeat === 1).map(({ row }) => row))
    expect(twice).toEqual([[1], [5], [1], [5]])
  })

  test('are sqrt(t / f) in the long run: 1, sqrt 1.5 and sqrt 3 times in each of 1,000 epochs of twelve clips', () => {
    const plan = planOf({ seed: 6, balance: { by: 'action', repeat: 0.5 } }, tableOf(twelve))
    const count = 1000 * (6 + 4 * Math.sqrt(1.5) + 2 * Math.sqrt(3))
    const counts = tally(Array.from({ length: Math.floor(count) }, (_, g) => plan.sampleAt(g).row))
    // one less where the last, unfinished epoch has not come to it
    for (const [row, { labels }] of twelve.entries()) {
      const factor = { squat: 1, jump: Math.sqrt(1.5), bow: Math.sqrt(3) }[labels.action!]!
      expect(Math.abs(counts.get(row)! - 1000 * factor)).toBeLessThan(2)
    }
  })

  test('give the mean length of an epoch, rounded down', () => {
    expect(planOf({ seed: 6, balance: { by: 'action', repeat: 0.25 } }, tableOf(one))).toMatchObject({ samples: 9, samplesPerEpoch: 9 })
    // 6 + 4 x 1.2247 + 2 x 1.7321 = 14.36
    const plan = planOf({ seed: 6, balance: { by: 'action', repeat: 0.5 } }, tableOf(twelve))
    expect(plan.samplesPerEpoch).toBe(14)
    expect(plan.lists.map(({ label }) => label)).toEqual(['bow', 'jump', 'squat'])
    expect(plan.lists.map(({ share }) => share)).toBeAllclose([2 * Math.sqrt(3) / 14.363, 4 * Math.sqrt(1.5) / 14.363, 6 / 14.363], { atol: 1e-4 })
  })

  test('find an epoch a million epochs on without those before it', () => {
    const plan = planOf({ seed: 6, balance: { by: 'action', repeat: 0.25 } }, tableOf(one))
    // epochs of 9 and 10 in turn: number 19 x 500,000 is the first of epoch 1,000,000
    expect([plan.sampleAt(9_499_999).epoch, plan.sampleAt(9_500_000).epoch, plan.sampleAt(9_500_009).epoch]).toEqual([999_999, 1_000_000, 1_000_001])
  })
})

describe('windows', () => {
  test('are samples of their own: every one once an epoch', () => {
    const clips: TestClip[] = [10, 3, 7].map((frames, row) => ({ id: `c/${row}`, frames, labels: {} }))
    const plan = planOf({ seed: 2, windows: { frames: 4, stride: 3, rest: 'pad' } }, tableOf(clips))
    const texts = Array.from({ length: 6 }, (_, g) => plan.sampleAt(g)).map(({ row, window }) => `${row}:${window!.start}-${window!.end}`)
    expect(plan.samples).toBe(6)
    expect(texts.sort()).toEqual(['0:0-4', '0:3-7', '0:6-10', '1:0-3', '2:0-4', '2:3-7'])
  })

  test('of clips shorter than a window are counted', () => {
    const clips: TestClip[] = [10, 3, 6].map((frames, row) => ({ id: `c/${row}`, frames, labels: {} }))
    for (const rest of ['drop', 'last'] as const) {
      expect(planOf({ seed: 2, windows: { frames: 4, stride: 3, step: 2, rest } }, tableOf(clips)).left).toEqual([
        { by: 'windows', clips: 2, why: 'are shorter than a window, which reaches over 7 frames', first: 'c/1' }])
    }
    expect(planOf({ seed: 2, windows: { frames: 4, stride: 3, step: 2, rest: 'pad' } }, tableOf(clips)).left).toEqual([])
  })

  test('beyond 2^24 need no memory of their own', () => {
    const clips: TestClip[] = Array.from({ length: 1000 }, (_, row) => ({ id: `c/${row}`, frames: 20_001, labels: {} }))
    const plan = planOf({ seed: 2, windows: { frames: 2, stride: 1, rest: 'drop' } }, tableOf(clips))
    const order = feistel(20_000_000, { seed: 2, epoch: 1 })
    expect(plan.samples).toBe(20_000_000)
    expect(plan.sampleAt(20_000_005)).toMatchObject({ row: Math.floor(order(5) / 20_000), epoch: 1, window: { start: order(5) % 20_000 } })
  })
})

describe('pairs', () => {
  const pairs = { same: 'action', differs: 'group' } as const
  const clipOf = (row: number, action: string | null, group: string): TestClip => ({ id: `c/${row}`, frames: 5, labels: { action, group } })
  // squats of a a b b c, one bow of a
  const clips = ['a', 'a', 'b', 'b', 'c'].map((group, row) => clipOf(row, 'squat', group))

  test('draw every clip of the same action and another group equally often: chi-square of 4,000 draws of 3 below its 99.9 % quantile', () => {
    const partners = tally(samples({ seed: 8, pairs }, clips, 20_000).filter(({ row }) => row === 0).map(({ partner }) => partner!))
    expect([...partners.keys()].sort()).toEqual([2, 3, 4])
    expect([...partners.values()].reduce((sum, n) => sum + (n - 4000 / 3) ** 2 / (4000 / 3), 0)).toBeLessThan(13.8)
  })

  test('without a partner are refused, by number and name', () => {
    const alone = [...clips, clipOf(5, 'bow', 'a'), clipOf(6, null, 'b')]
    expect(() => planOf({ seed: 8, pairs }, tableOf(alone))).toThrow(expect.objectContaining({
      code: 'E_LOADER_PAIR', message: '2 of 7 clips have no partner of the same action and another group; the first is c/5', hint: 'leave them out by a filter, or say pairs.without = drop' }))
    expect(planOf({ seed: 8, pairs: { ...pairs, without: 'drop' } }, tableOf(alone))).toMatchObject({ clips: 5, left: [{ by: 'pairs', clips: 2, first: 'c/5' }] })
  })

  test('do not reach clips that the plan leaves out', () => {
    const plan = planOf({ seed: 8, pairs: { ...pairs, without: 'drop' }, filter: { group: ['a', 'c'] } }, tableOf(clips))
    expect(Array.from({ length: 30 }, (_, g) => plan.sampleAt(g)).filter(({ row }) => row < 2).every(({ partner }) => partner === 4)).toBe(true)
  })
})

describe('buckets', () => {
  test('put the shortest of a block into one batch, the longest into another, each in the order they had', () => {
    const clips: TestClip[] = [50, 10, 40, 20, 60, 30].map((frames, row) => ({ id: `c/${row}`, frames, labels: {} }))
    const before = rows({ seed: 9 }, clips, 6)
    const after = rows({ seed: 9, buckets: { batch: 2, batches: 3 } }, clips, 6)
    const batches = [[1, 3], [5, 2], [0, 4]].map((batch) => before.filter((row) => batch.includes(row)))
    expect([0, 2, 4].map((start) => after.slice(start, start + 2))).toEqual(expect.arrayContaining(batches))
  })

  test('come in every order', () => {
    const clips: TestClip[] = [10, 20, 30].map((frames, row) => ({ id: `c/${row}`, frames, labels: {} }))
    const drawn = rows({ seed: 9, buckets: { batch: 1, batches: 3 } }, clips, 300)
    expect(new Set(Array.from({ length: 100 }, (_, block) => drawn.slice(block * 3, block * 3 + 3).join(' '))).size).toBe(6)
  })
})

test('an epoch is read as a table, one row at a time', () => {
  const table = tableOf(twelve)
  const plan = planOf({ seed: 2026, windows: { frames: 4, stride: 5, step: 2, rest: 'pad' } }, table)
  expect([...plannedSamples(plan, table, { start: 2, end: 4 })]).toEqual([
    { number: 2, clip: 'c/03', row: 3, epoch: 0, repeat: 0, start: 5, end: 12, step: 2, partner: null },
    { number: 3, clip: 'c/03', row: 3, epoch: 0, repeat: 0, start: 10, end: 17, step: 2, partner: null },
  ])
  const pairs = planOf({ seed: 2026, pairs: { same: 'action', differs: 'group' } }, table)
  expect([...plannedSamples(pairs, table, { start: 0, end: 1 })]).toEqual([{ number: 0, clip: 'c/02', row: 2, epoch: 0, repeat: 0, start: 0, end: 12, step: 1, partner: 'c/07' }])
})
