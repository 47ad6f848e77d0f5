import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { learningRateAt, plateauAfter, type PlateauOptions, plateauStart, type Schedule } from '../../src/engine/index.ts'

type Recorded = {
  readonly torch: string
  readonly steps: number
  readonly schedules: readonly { readonly schedule: Schedule; readonly rates: readonly number[] }[]
  readonly values: readonly number[]
  readonly plateaus: readonly { readonly options: PlateauOptions; readonly rates: readonly number[] }[]
}

const recorded = JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/torch/schedules.json`, 'utf8')) as Recorded

const rates = (steps: number, schedule: Schedule) => Array.from({ length: steps }, (_, step) => learningRateAt(step, steps, schedule))

// torch 2.15.0, torch.optim.lr_scheduler
describe('learning rates', () => {
  test('one-cycle: OneCycleLR(max_lr=1e-3, total_steps=10) and (max_lr=2, total_steps=7, pct_start=0.5)', () => {
    expect(rates(10, { kind: 'one-cycle', learningRate: 1e-3, warmUp: 0.3 })).toBeAllclose([
      3.9999999999999996e-05, 0.0005200000000000001, 0.001, 0.0009504846320134736, 0.000811745653949763, 0.0006112620219362892, 0.00038874197806371076,
      0.00018825834605023698, 4.9519367986526286e-05, 4e-09], { atol: 0, rtol: 1e-9 })
    expect(rates(7, { kind: 'one-cycle', learningRate: 2, warmUp: 0.5 })).toBeAllclose([
      0.08000000000000007, 0.7433436854000506, 1.8166563145999495, 1.9009692640269473, 1.2225240438725786, 0.37651669210047395, 8e-06], { atol: 0, rtol: 1e-9 })
  })
  test('cosine without warm-up: CosineAnnealingLR(lr=0.5, T_max=5)', () => {
    expect(rates(5, { kind: 'cosine', learningRate: 0.5, warmUp: 0 })).toBeAllclose(
      [0.5, 0.45225424859373686, 0.32725424859373686, 0.17274575140626314, 0.04774575140626316], { rtol: 1e-12 })
  })
  test('a warm-up rises in equal parts, then constant stays', () => {
    expect(rates(8, { kind: 'constant', learningRate: 1, warmUp: 0.5 })).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 1, 1])
  })
  test('a run of one step takes the whole rate', () => {
    expect(rates(1, { kind: 'one-cycle', learningRate: 1, warmUp: 0.3 })).toEqual([1])
  })
})

// bench/peers/schedule_reference.py
describe(`as torch.optim.lr_scheduler ${recorded.torch}`, () => {
  test.each(recorded.schedules.map(({ schedule, rates }) => [JSON.stringify(schedule), schedule, rates] as const))('%s', (_, schedule, expected) => {
    expect(rates(recorded.steps, schedule)).toBeAllclose(expected, { rtol: 1e-9, atol: 1e-15 })
  })

  test.each(recorded.plateaus.map(({ options, rates }) => [JSON.stringify(options), options, rates] as const))('plateau %s', (_, options, expected) => {
    let state = plateauStart(0.1)
    const found = recorded.values.map((value) => {
      state = plateauAfter(state, options.better === 'higher' && options.mode !== 'absolute' ? -value : value, options)
      return state.rate
    })
    expect(found).toBeAllclose(expected, { rtol: 1e-12 })
  })
})

describe('a plateau', () => {
  test('is plain data and changes nothing that it was given', () => {
    const start = Object.freeze(plateauStart(1))
    const after = plateauAfter(start, 3, { better: 'lower' })
    expect(after).toEqual({ rate: 1, best: 3, bad: 0, cooling: 0 })
    expect(JSON.parse(JSON.stringify(after))).toEqual(after)
  })
  test('counts NaN as no better, also as the first measure', () => {
    const first = plateauAfter(plateauStart(1), Number.NaN, { better: 'higher', patience: 1 })
    expect(first).toEqual({ rate: 1, best: null, bad: 1, cooling: 0 })
    expect(plateauAfter(first, Number.NaN, { better: 'higher', patience: 1 })).toEqual({ rate: 0.1, best: null, bad: 0, cooling: 0 })
  })
  test('refuses a factor that does not lower', () => {
    expect(() => plateauAfter(plateauStart(1), 1, { better: 'lower', factor: 1 })).toThrow(expect.objectContaining({ code: 'E_SCHEDULE', message: 'a plateau with factor 1' }))
  })
})

test.each<[string, Schedule]>([
  ['schedule "step" with every 0', { kind: 'step', learningRate: 1, every: 0 }],
  ['schedule "multi-step" with at 3,2.5', { kind: 'multi-step', learningRate: 1, at: [3, 2.5] }],
  ['schedule "cosine" with cycle 0', { kind: 'cosine', learningRate: 1, cycle: 0 }],
  ['schedule "cosine" with least 2', { kind: 'cosine', learningRate: 1, least: 2 }],
  ['schedule "exponential" with factor 0', { kind: 'exponential', learningRate: 1, factor: 0 }],
  ['schedule "constant" with warmUp 1.5', { kind: 'constant', learningRate: 1, warmUp: 1.5 }],
  ['schedule "linear" with learningRate NaN', { kind: 'linear', learningRate: Number.NaN }],
])('refuses %s', (message, schedule) => {
  expect(() => learningRateAt(0, 10, schedule)).toThrow(expect.objectContaining({ code: 'E_SCHEDULE', message }))
})

test.each<[number, number]>([[-1, 10], [Number.NaN, 10], [0, 0], [0, Number.NaN]])('refuses step %s of %s', (step, steps) => {
  expect(() => learningRateAt(step, steps, { kind: 'constant', learningRate: 1 })).toThrow(expect.objectContaining({ code: 'E_SCHEDULE', message: `the learning rate of step ${step} of ${steps}` }))
})
