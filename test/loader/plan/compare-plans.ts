import { expect } from 'vitest'
import { ToolkitError } from '../../../src/errors.ts'
import { type DescribedPlan, planOf } from '../../../src/loader/plan/plan.ts'
import type { PlanSpec } from '../../../src/loader/plan/plan-spec.ts'
import { runPython } from '../../python.ts'
import { root } from '../../sources.ts'
import { randomPlan } from './random-plans.ts'
import { tableOf, type TestClip } from './tables.ts'

/** A script that can import those of bench/peers. */
export const inPeers = (script: string): string => `import sys; sys.path.insert(0, ${JSON.stringify(`${root}/bench/peers`)}); sys.dont_write_bytecode = True\n${script}`

/** Expects forty samples of each of the random plans to be those that bench/peers/loader_plan.py gives; answers how many plans had samples. */
export function comparePlans(python: string, { first, plans }: { first: number; plans: number }): number {
  const cases = Array.from({ length: plans }, (_, i) => randomPlan(first + i)).flatMap(({ spec, clips }) => {
    const plan = planOrNull(spec, clips)
    return plan === null ? [] : [{ spec, clips, plan, numbers: Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 37 * i)) }]
  })
  const input = cases.map(({ spec, clips, numbers }) => `${JSON.stringify({ spec, clips, numbers })}\n`).join('')
  const printed = runPython(python, inPeers("import runpy; sys.argv = ['loader_plan.py', '-']; runpy.run_module('loader_plan', run_name='__main__')"), input)
  for (const [i, line] of printed.trim().split('\n').entries()) {
    const { spec, plan, numbers } = cases[i]!
    const ours = numbers.map((g) => plan.sampleAt(g)).map(({ row, epoch, repeat, window, partner }) => [row, epoch, repeat, window && [window.start, window.end, window.step], partner])
    expect({ spec, samples: ours }).toEqual({ spec, samples: JSON.parse(line) })
  }
  return cases.length
}

/** null = no clip is left, or a part of the mixture has none. */
export function planOrNull(spec: PlanSpec, clips: readonly TestClip[]): DescribedPlan | null {
  try {
    return planOf(spec, tableOf(clips))
  } catch (error) {
    if (error instanceof ToolkitError && ['E_LOADER_EMPTY', 'E_LOADER_PLAN'].includes(error.code)) return null
    throw error
  }
}
