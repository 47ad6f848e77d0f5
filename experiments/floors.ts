/**
 * What nothing at all reaches: every floor on the official test side of the real Penn Action labels, protocol `primary`.
 * Floors have nothing to tune, so the test side may be read. What it printed: experiments/floors.txt
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/floors.ts')" STORE
 * STORE is a store with penn-action and its split "official".
 */
import { baselines } from '../src/eval/baselines/index.ts'
import { estimate } from '../src/eval/bootstrap.ts'
import { evaluate } from '../src/eval/evaluate.ts'
import { macroMean } from '../src/eval/macro-mean.ts'
import { type Measured, valueOf } from '../src/eval/measured.ts'
import { eventTransferError } from '../src/eval/metrics/event-transfer-error.ts'
import { recutCycleSkill } from '../src/eval/metrics/re-cut-cycle-skill.ts'
import { protocolOf } from '../src/eval/protocol.ts'
import { EVENT_ACTIONS, PSEUDO_ACTIONS } from '../src/eval/pseudo-phases.ts'
import { readClips, readSplit } from '../src/store/index.ts'

const SEEDS = [0, 1, 2]
const ACTIONS = [
  'baseball_pitch', 'baseball_swing', 'bench_press', 'bowl', 'clean_and_jerk', 'golf_swing', 'jumping_jacks', 'pullup', 'pushup', 'situp', 'squat',
  'tennis_forehand', 'tennis_serve',
]

const storeDir = process.argv[1] ?? 'store'
const split = await readSplit(storeDir, 'penn-action', 'official')
const clips = await readClips(storeDir, 'penn-action')
const side = (name: 'train' | 'test', action: string) => {
  const ids = new Set(split.sides[name])
  return clips.filter(({ id, labels }) => ids.has(id) && labels.action === action)
}
const text = (value: number | null) => (value === null ? '-' : value.toFixed(3))

/** Macro mean with the interval of the first seed, and the mean over seeds. */
async function headline(actions: readonly string[], measure: (action: string, seed: number) => Promise<Measured>): Promise<string> {
  const parts: Measured[][] = []
  for (const seed of SEEDS) {
    const ofSeed: Measured[] = []
    for (const action of actions) ofSeed.push(await measure(action, seed))
    parts.push(ofSeed)
  }
  const { value, low, high } = estimate(macroMean(parts[0]!), { seed: 0 })
  const overSeeds = parts.reduce((sum, ofSeed) => sum + valueOf(macroMean(ofSeed))!, 0) / SEEDS.length
  return `${text(overSeeds)} (seed 0: ${text(value)}, ${text(low)} to ${text(high)}; ${actions.map((action, index) => `${action} ${text(valueOf(parts[0]![index]!))}`).join(', ')})`
}

console.log(`Penn Action, split official ${split.hash.slice(0, 12)}, test side; mean over view seeds ${SEEDS.join(', ')}, interval over recordings\n`)
for (const { name, make } of baselines) {
  const encoder = (action: string) => make({ action, seed: 0 })
  const actions = name === 'baseline/event' ? ACTIONS.filter((action) => EVENT_ACTIONS.includes(action)) : ACTIONS
  console.log(`${name}: re-cut cycle skill ${await headline(actions, async (action, seed) => recutCycleSkill(encoder(action), side('test', action), { seed }))}`)
  for (const part of ['error', 'correct'] as const) {
    console.log(`${name}: event transfer ${part} ${await headline(EVENT_ACTIONS, async (action, seed) => (await eventTransferError(encoder(action), side('test', action), { seed }))[part])}`)
  }
}
console.log('')
for (const action of ACTIONS) {
  const metrics = PSEUDO_ACTIONS.some((name) => name === action)
    ? ['kendall-tau', 'correspondence-error', 'phase-accuracy', 'phase-progression', 'retrieval'] : ['kendall-tau']
  for (const { name, make } of baselines) {
    const { measures } = await evaluate({
      encoder: make({ action, seed: 0 }), baselines: [], train: side('train', action), test: side('test', action), action, protocol: protocolOf('quick'),
      metrics,
    })
    console.log(`${action} ${name}: ${measures.map(({ metric, card, value }) => `${metric}${card === 'views' ? '' : `/${card}`} ${text(value)}`).join('  ')}`)
  }
}
