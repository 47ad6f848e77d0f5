import { describe, expect, test } from 'vitest'
import { evaluate, input } from '../../../src/engine/index.ts'
import { vaot, type VaotOptions, vaotPlan } from '../../../src/train/losses/index.ts'
import { checkRecorded } from '../../engine/recorded.ts'
import { A, B, feedsOf, lossOf, type Pair, recordedLoss } from './pairs-of-views.ts'

const options: VaotOptions = {
  temperature: 0.1, rho: 0.35, zeta: 0.5, alpha: 0.3, epsilon: 0.07, radius: 0.02, steps: 25, sinkhorn: 1, structure: 'as-released', step: 'as-released',
}
const near: VaotOptions = { ...options, structure: 'at-least-one' }
const pair: Pair = { first: { rows: A, time: [0, 1, 2, 3, 4] }, second: { rows: B, time: [0, 1, 2, 3, 4, 5] }, length: 12 }
const other: Pair = { first: { rows: B.slice(0, 3), time: [0, 1, 2] }, second: { rows: A.slice(0, 2), time: [0, 1] }, length: 5 }
const valueOf = (pairs: readonly Pair[], set: VaotOptions, frames: number, padding = 0) => lossOf(vaot(set), feedsOf(pairs, frames, padding), frames).value

/** The plan of one clip whose frames are all there. */
function planOf(similarity: readonly (readonly number[])[], set: Partial<VaotOptions>): Float64Array {
  const [n, m] = [similarity.length, similarity[0]!.length]
  const plan = vaotPlan(input('cosines', [1, n, m]), { rows: input('rows', [1, n]), columns: input('columns', [1, m]) }, { ...options, ...set })
  return evaluate([plan], { cosines: Float64Array.from(similarity.flat()), rows: Array<number>(n).fill(1), columns: Array<number>(m).fill(1) })[0]!
}

describe('VAOT', () => {
  test('one frame each: costs 0 and zeta, whose plan is known in closed form', () => {
    // kernel [[z, z], [z, 1]], z = exp(-0.7 x 0.5 / 0.07) = exp(-5), marginals 1/2: u = 1/2 / [2z, z + 1], v = 1/2 / (K^T u); times 2 frames
    const z = Math.exp(-5)
    const [u0, u1] = [0.5 / (2 * z), 0.5 / (z + 1)]
    expect(planOf([[1]], {})).toBeAllclose([2 * u1 * (0.5 / (z * u0 + u1))], { rtol: 1e-6 })
  })

  test('as released, short views have no structural cost: its share and the number of steps change nothing but the weight of the costs', () => {
    expect(valueOf([pair], { ...options, steps: 1 }, 6)).toBe(valueOf([pair], options, 6))
    expect(valueOf([pair], { ...options, alpha: 0, epsilon: 0.1 }, 6)).toBeAllclose(valueOf([pair], options, 6), { rtol: 1e-6 })
    expect(valueOf([pair], { ...near, steps: 1 }, 6)).not.toBe(valueOf([pair], near, 6))
  })

  test.each([options, { ...options, step: 'mirror' }] as const)('does not see padding, and averages over clips', (set) => {
    expect(valueOf([pair, other], set, 9, 4)).toBeAllclose((valueOf([pair], set, 6) + valueOf([other], set, 6)) / 2, { rtol: 1e-9 })
  })
})

// derivatives are those of the cross-entropy alone: PyTorch's plan is detached
checkRecorded('losses_vaot', {
  'as released': recordedLoss(vaot(options)),
  'with structure: neighbours within 0.3 of the view': recordedLoss(vaot({ ...options, radius: 0.3 })),
  'a neighbour at least': recordedLoss(vaot({ ...near, radius: 0.1 })),
  'mirror steps, 5 iterations each': recordedLoss(vaot({ ...near, radius: 0.1, step: 'mirror', sinkhorn: 5 })),
})
