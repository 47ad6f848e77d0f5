import { describe, expect, test } from 'vitest'
import type { Filter } from '../../../src/loader/plan/filter.ts'
import { type DescribedPlan, planOf } from '../../../src/loader/plan/plan.ts'
import { hashOfSpec, type PlanSpec } from '../../../src/loader/plan/plan-spec.ts'
import { countWindows } from '../../../src/loader/plan/windows.ts'
import type { SampleRef } from '../../../src/loader/sample.ts'
import { randomAt } from '../../../src/random.ts'
import { planOrNull } from './compare-plans.ts'
import { randomPlan } from './random-plans.ts'
import { resumePlans } from './resume-plans.ts'
import { tableOf, type TestClip } from './tables.ts'

type Case = { readonly spec: PlanSpec; readonly clips: readonly TestClip[]; readonly plan: DescribedPlan }

const drawn = (plan: DescribedPlan, start: number, end: number): SampleRef[] => Array.from({ length: end - start }, (_, i) => plan.sampleAt(start + i))
const nameOf = ({ row, window, epoch, repeat }: SampleRef): string => `${row} ${window?.start} ${epoch} ${repeat}`
const unitOf = ({ row, window }: SampleRef): string => `${row} ${window?.start}`
const without = ({ spec, clips }: Case, ...parts: readonly (keyof PlanSpec)[]): DescribedPlan =>
  planOf(Object.fromEntries(Object.entries(spec).filter(([part]) => !parts.includes(part as keyof PlanSpec))) as PlanSpec, tableOf(clips))
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
/** Filters written again, in one line. */
const isIn = ({ frames, labels }: TestClip, { minFrames = 0, maxFrames = Infinity, ...wanted }: Filter): boolean =>
  frames >= minFrames && frames <= maxFrames && Object.entries(wanted).every(([name, values]) => values.includes(labels[name as 'action']!))

/** What is so of every plan, as tests over so many random ones. */
export function describeProperties(plans: number): void {
  /** Those of the random plans that some clip is left of. */
  const cases: readonly Case[] = Array.from({ length: plans }, (_, number) => randomPlan(number)).flatMap(({ spec, clips }) => {
    const plan = planOrNull(spec, clips)
    return plan === null ? [] : [{ spec, clips, plan }]
  })
  /** The plans for which something is not so, by their specs. */
  const wrong = (isRight: (each: Case) => boolean, among: readonly Case[] = cases): PlanSpec[] => among.filter((each) => !isRight(each)).map(({ spec }) => spec)

  test('most random plans have samples', () => {
    expect(cases.length).toBeGreaterThan(0.65 * plans)
  })

  test('a sample is what its number says, whatever was asked before', () => {
    expect(wrong(({ spec, clips, plan }) => {
      const random = randomAt({ seed: spec.seed })
      const again = planOf(spec, tableOf(clips))
      const numbers = Array.from({ length: 15 }, () => random.integer(150))
      return isSame(numbers.map((g) => again.sampleAt(g)), numbers.map((g) => plan.sampleAt(g)))
    })).toEqual([])
  })

  test('going on at any number, in batches of any size, over any number of ranks, is the uninterrupted sequence', () => {
    expect(wrong(({ spec, clips, plan }) => {
      const random = randomAt({ seed: spec.seed, transform: 'resume' })
      const [start, ranks] = [random.integer(100), 1 + random.integer(4)]
      const batch = ranks * (1 + random.integer(5))
      const worlds = Array.from({ length: ranks }, () => planOf(spec, tableOf(clips)))
      const resumed = Array.from({ length: 4 }, (_, k) => worlds.map((world, rank) => drawn(world, start + k * batch + (rank * batch) / ranks, start + k * batch + ((rank + 1) * batch) / ranks))).flat(2)
      return isSame(resumed, drawn(plan, start, start + 4 * batch))
    })).toEqual([])
  })

  test('loaders that go on from each other with other batches and other numbers of ranks give the samples of the plan', async () => {
    expect(await resumePlans({ first: 0, plans: 0.15 * plans })).toBeGreaterThan(0.1 * plans)
  })

  test('no two samples have the same clip, window, epoch and repeat', () => {
    expect(wrong(({ plan }) => new Set(drawn(plan, 0, 150).map(nameOf)).size === 150)).toEqual([])
  })

  test('every window of every clip comes once an epoch, where nothing is mixed or balanced', () => {
    const plain = cases.filter(({ spec }) => spec.mixture === undefined && spec.balance === undefined)
    expect(plain.length).toBeGreaterThan(0.15 * plans)
    expect(wrong((each) => {
      const plan = without(each, 'buckets')
      const { spec: { windows, filter = {}, pairs }, clips } = each
      const expected = clips.flatMap((clip, row) => {
        const isThere = isIn(clip, filter) && (pairs === undefined || drawn(plan, 0, plan.samples).some((sample) => sample.row === row))
        return isThere ? Array<number>(windows === undefined ? 1 : countWindows(clip.frames, windows)).fill(row) : []
      })
      const epochs = [0, 1].map((epoch) => drawn(plan, epoch * plan.samples, (epoch + 1) * plan.samples))
      return epochs.every((samples, epoch) => isSame(samples.map(({ row }) => row).sort((a, b) => a - b), expected) && samples.every((sample) => sample.epoch === epoch)
        && new Set(samples.map(unitOf)).size === samples.length)
    }, plain)).toEqual([])
  })

  test('every sample of a label comes as often as its repeat factor says, once an epoch at least', () => {
    const repeated = cases.filter(({ spec: { mixture, balance } }) => mixture === undefined && balance !== undefined && 'repeat' in balance)
    expect(repeated.length).toBeGreaterThan(0.05 * plans)
    expect(wrong((each) => {
      const plan = without(each, 'buckets')
      const { by, repeat } = each.spec.balance as { by: 'action' | 'group'; repeat: number }
      const counts = new Map<string, number[]>()
      // up to 4 epochs of samples, which come twice at most with these factors' mean
      for (const sample of drawn(plan, 0, 6 * plan.samplesPerEpoch + 60)) {
        if (sample.epoch >= 4) continue
        const times = counts.get(unitOf(sample)) ?? [0, 0, 0, 0]
        times[sample.epoch]!++
        counts.set(unitOf(sample), times)
      }
      return counts.size === plan.samples && [...counts].every(([unit, times]) => {
        const label = each.clips[Number(unit.split(' ')[0])]!.labels[by]
        const { samples } = plan.lists.find((list) => list.label === label)!
        const factor = Math.max(1, Math.sqrt((repeat * plan.samples) / samples))
        const total = times.reduce((sum, time) => sum + time, 0)
        return times.every((time) => time === Math.floor(factor + 1e-6) || time === Math.floor(factor - 1e-6) + 1) && Math.abs(total - 4 * factor) < 1.001
      })
    }, repeated)).toEqual([])
  })

  test('a block of a mixture of parts that do not overlap has exactly their shares', () => {
    for (let number = 0; number < plans / 4; number++) {
      const random = randomAt({ seed: 52, position: number })
      const { clips, spec: { seed } } = randomPlan(number)
      const actions = [...new Set(clips.map(({ labels }) => labels.action!).filter((action) => action !== null))]
      const parts = actions.map((action) => ({ where: { action: [action] }, weight: 1 + random.integer(6) }))
      if (parts.length === 0) continue
      const plan = planOf({ seed, mixture: parts }, tableOf(clips))
      const size = parts.reduce((sum, { weight }) => sum + weight, 0)
      const block = random.integer(1000)
      const labels = drawn(plan, block * size, (block + 1) * size).map(({ row }) => clips[row]!.labels.action)
      expect(actions.map((action) => labels.filter((label) => label === action).length)).toEqual(parts.map(({ weight }) => weight))
    }
  })

  test('each list of a mixture is gone through without a gap', () => {
    const mixed = cases.filter(({ spec: { mixture, balance } }) => mixture !== undefined && mixture.length === 1 && balance === undefined)
    expect(mixed.length).toBeGreaterThan(0.03 * plans)
    expect(wrong((each) => {
      const plan = without(each, 'buckets')
      return [0, 1, 2].every((epoch) => new Set(drawn(plan, epoch * plan.samples, (epoch + 1) * plan.samples).map(unitOf)).size === plan.samples)
    }, mixed)).toEqual([])
  })

  test('buckets lose and double nothing, and no sample of a batch is shorter than one of a shorter batch', () => {
    const bucketed = cases.filter(({ spec }) => spec.buckets !== undefined)
    expect(bucketed.length).toBeGreaterThan(0.15 * plans)
    expect(wrong((each) => {
      const { batch, batches } = each.spec.buckets!
      const [start, end] = [2 * batch * batches, 3 * batch * batches]
      const [before, after] = [without(each, 'buckets'), each.plan].map((plan) => drawn(plan, start, end))
      const lengthOf = ({ row, window, partner }: SampleRef): number =>
        Math.max(window === null ? each.clips[row]!.frames : Math.ceil((window.end - window.start) / window.step), partner === null ? 0 : each.clips[partner]!.frames)
      const ranges = Array.from({ length: batches }, (_, i) => after!.slice(i * batch, (i + 1) * batch).map(lengthOf)).map((lengths) => [Math.min(...lengths), Math.max(...lengths)] as const)
      const sorted = ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])
      return isSame(before!.map(nameOf).sort(), after!.map(nameOf).sort()) && sorted.every(([least], i) => i === 0 || least >= sorted[i - 1]![1])
    }, bucketed)).toEqual([])
  })

  test('partners have the same action and another group, and pass the filter', () => {
    const paired = cases.filter(({ spec }) => spec.pairs !== undefined)
    expect(paired.length).toBeGreaterThan(0.1 * plans)
    expect(wrong(({ spec: { filter = {} }, clips, plan }) => drawn(plan, 0, 60).every(({ row, partner }) => {
      const [one, other] = [clips[row]!, clips[partner!]!]
      return one.labels.action === other.labels.action && one.labels.group !== other.labels.group && isIn(other, filter)
    }), paired)).toEqual([])
  })

  test('samples pass the filter and some part of the mixture', () => {
    expect(wrong(({ spec: { filter = {}, mixture = [{ where: {}, weight: 1 }] }, clips, plan }) =>
      drawn(plan, 0, 60).every(({ row }) => isIn(clips[row]!, filter) && mixture.some(({ where }) => isIn(clips[row]!, where))))).toEqual([])
  })

  test('clips that are used and clips that are left out are all clips, and the shares of lists sum to 1', () => {
    expect(wrong(({ clips, plan }) => plan.clips + plan.left.reduce((sum, some) => sum + some.clips, 0) === clips.length)).toEqual([])
    expect(wrong(({ plan }) => Math.abs(plan.lists.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12)).toEqual([])
  })

  describe('hashes', () => {
    test('are those of the spec whatever the order of its keys, and of no other spec', () => {
      const backwards = (value: unknown): unknown => (Array.isArray(value) ? value.map(backwards) : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, backwards(inner)])) : value)
      expect(wrong(({ spec, plan }) => hashOfSpec(backwards(spec) as PlanSpec) === plan.hash)).toEqual([])
      expect(new Set(cases.map(({ plan }) => plan.hash)).size).toBe(new Set(cases.map(({ plan }) => JSON.stringify(plan.spec))).size)
    })
  })
}
