import { type Random, randomAt } from '../../../src/random.ts'
import type { Filter } from '../../../src/loader/plan/filter.ts'
import type { PlanSpec } from '../../../src/loader/plan/plan-spec.ts'
import type { TestClip } from './tables.ts'

const actions = ['bow', 'jump', 'sit', 'squat']

/** A plan and clips for it, drawn by their number: the same number is the same plan. */
export function randomPlan(number: number): { spec: PlanSpec; clips: TestClip[] } {
  const random = randomAt({ seed: 51, position: number })
  const clips = Array.from({ length: 1 + random.integer(40) }, (_, row) => ({
    id: `clip/${String(row).padStart(3, '0')}`,
    frames: 1 + random.integer(30),
    labels: { action: random.chance(0.05) ? null : actions[random.integer(random.integer(4) + 1)]!, group: `g${random.integer(6)}`, view: random.chance(0.5) ? 'front' : 'back' },
  }))
  const isPaired = random.chance(0.2)
  const spec: PlanSpec = {
    seed: random.integer(2 ** 32) * 2 ** 20 + random.integer(2 ** 20),
    ...(random.chance(0.3) && { filter: filterOf(random, clips) }),
    ...(random.chance(0.4) && { mixture: Array.from({ length: 1 + random.integer(3) }, () => ({ where: filterOf(random, clips), weight: weightOf(random) })) }),
    ...(random.chance(0.4) && { balance: balanceOf(random) }),
    ...(isPaired && { pairs: { same: 'action', differs: 'group', without: 'drop' } as const }),
    ...(!isPaired && random.chance(0.4) && { windows: windowsOf(random) }),
    ...(random.chance(0.3) && { buckets: { batch: 1 + random.integer(5), batches: 1 + random.integer(6) } }),
  }
  return { spec, clips }
}

/** Of labels that some clip has. */
function filterOf(random: Random, clips: readonly TestClip[]): Filter {
  const some = clips[random.integer(clips.length)]!.labels
  const other = clips[random.integer(clips.length)]!.labels
  return {
    ...(random.chance(0.6) && some.action !== null && other.action !== null && { action: [some.action!, other.action!] }),
    ...(random.chance(0.3) && { view: [some.view!] }),
    ...(random.chance(0.2) && { minFrames: 1 + random.integer(8) }),
    ...(random.chance(0.2) && { maxFrames: 20 + random.integer(20) }),
  }
}

function weightOf(random: Random): number {
  return random.chance(0.5) ? 1 + random.integer(5) : (1 + random.integer(99)) / 100
}

function balanceOf(random: Random): NonNullable<PlanSpec['balance']> {
  const by = random.chance(0.5) ? 'action' : 'group'
  return random.chance(0.5) ? { by, repeat: (1 + random.integer(100)) / 100 } : { by, power: random.chance(0.7) ? random.integer(3) / 2 : (1 + random.integer(9)) / 10 }
}

function windowsOf(random: Random): NonNullable<PlanSpec['windows']> {
  return { frames: 1 + random.integer(8), stride: 1 + random.integer(6), rest: (['drop', 'last', 'pad'] as const)[random.integer(3)]!, ...(random.chance(0.5) && { step: 1 + random.integer(3) }) }
}
