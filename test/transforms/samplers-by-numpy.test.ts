import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Random, randomAt } from '../../src/random.ts'
import { chainOf, type Step } from '../../src/transforms/index.ts'
import { timeSteps } from '../../src/transforms/time-steps.ts'
import { pythonWith, runPython } from '../python.ts'
import { exampleClip, skeleton } from './examples.ts'

const python = pythonWith('numpy')
const lengths = [1, 2, 3, 7, 17, 19, 20, 21, 22, 40, 47, 48, 49, 64, 65, 95, 96, 97, 150, 300]
const steps: readonly Step[] = [
  { name: 'resample', frames: 64 }, { name: 'resample', frames: 5 }, { name: 'cut' }, { name: 'random-window', frames: 64 }, { name: 'random-window', frames: 9, hold: true },
  { name: 'tempo' }, { name: 'speed' }, { name: 'slow' }, { name: 'offset-uniform' }, { name: 'offset-uniform', frames: 7, offset: 0 }, { name: 'stride-all', every: 3 },
  { name: 'anchors-and-positives' }, { name: 'segment-uniform' }, { name: 'segment-uniform', overflow: 'mask' }, { name: 'time-augment' }, { name: 'uniform-sample' },
  { name: 'uniform-sample', low: 0.5, high: 1 }, { name: 'crop-resize' }, { name: 'crop-resize', low: 0.95, high: 0.95 }, { name: 'temporal-flip' },
]

/** A stream of chance that draws as `random` does and keeps what it drew, true as 1. */
function kept(random: Random, draws: number[]): Random {
  const keep = <Value extends number | boolean>(value: Value): Value => {
    draws.push(Number(value))
    return value
  }
  return {
    uniform: () => keep(random.uniform()), normal: () => keep(random.normal()), integer: (bound) => keep(random.integer(bound)),
    between: (low, high) => keep(random.between(low, high)), chance: (p) => keep(random.chance(p)), fork: (name) => kept(random.fork(name), draws),
  }
}

test.skipIf(python === null)('every sampler takes the moments that numpy takes with the same draws (POSETTA_PYTHON names the interpreter)', () => {
  const cases = steps.flatMap((step) => lengths.flatMap((length) => [1, 2, 3].map((seed) => {
    const draws: number[] = []
    const { time } = chainOf([step], { skeleton, frames: 64 })(exampleClip({ frames: length }), kept(randomAt({ seed }), draws))
    return { step, length, draws, time: Array.from(time) }
  })))
  expect(new Set(steps.map(({ name }) => name)).size).toBe(Object.keys(timeSteps).length)
  const expected = JSON.parse(runPython(python!, readFileSync(new URL('samplers_by_numpy.py', import.meta.url), 'utf8'), JSON.stringify(cases))) as number[][]
  expect(cases.map(({ time }) => time.length)).toEqual(expected.map((moments) => moments.length))
  cases.forEach(({ time }, at) => expect(time).toBeAllclose(expected[at]!, { atol: 2e-5, rtol: 0 }))
})
