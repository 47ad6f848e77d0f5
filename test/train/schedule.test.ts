import { describe, expect, test } from 'vitest'
import { learningRateAt, type Schedule } from '../../src/train/index.ts'

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
