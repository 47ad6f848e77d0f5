/**
 * What the probes say of the floors and of trained and untrained encoders, on clips of the train side of Penn Action's official split (thresholds were chosen on
 * these; test is not read). What it printed: experiments/probes.txt
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/probes.ts')" STORE RUNS...
 * STORE is a store with penn-action and its split "official", RUNS folders of runs of one action each (floors alone when left out).
 */
import { baselines } from '../src/eval/baselines/index.ts'
import { probeNames } from '../src/eval/probes/orders.ts'
import { probeEncoder, type Probed } from '../src/eval/probes/probe-encoder.ts'
import { runEncoder } from '../src/jobs/run-encoder.ts'
import { type Model, untrainedWeights } from '../src/models/index.ts'
import { readClips, readSplit } from '../src/store/index.ts'
import { listRuns, type RunRecord } from '../src/train/index.ts'

const [storeDir = 'store', ...runsDirs] = process.argv.slice(1)
const split = await readSplit(storeDir, 'penn-action', 'official')
const train = new Set(split.sides.train)
const clips = (await readClips(storeDir, 'penn-action')).filter(({ id, keypoints }) => train.has(id) && keypoints !== null)
const actions = [...new Set(clips.map(({ labels }) => labels.action!))].sort()
const ofAction = (action: string | null) => clips.filter(({ labels }) => action === null || labels.action === action)
const text = (value: number | null) => (value === null ? '-' : value.toFixed(2))
const lineOf = (probed: Probed) => `${probed.verdict}; ${probeNames.map((name) => `${name} ${text(probed[name].content)} ${text(probed[name].index)}`).join(', ')}, spread ${text(probed.spread)}, rank ${text(probed.rank)}`

/** Least and greatest of every number over the actions. */
function summary(name: string, probes: readonly Probed[]): string {
  const range = (values: readonly (number | null)[]) => {
    const known = values.flatMap((value) => value ?? [])
    return known.length === 0 ? '-' : `${text(Math.min(...known))}..${text(Math.max(...known))}`
  }
  const verdicts = [...new Set(probes.map(({ verdict }) => verdict))].map((verdict) => `${verdict} ${probes.filter((probed) => probed.verdict === verdict).length}`)
  return `${name}: ${verdicts.join(', ')}; ${probeNames.map((probe) => `${probe} ${range(probes.map((probed) => probed[probe].content))} ${range(probes.map((probed) => probed[probe].index))}`).join(', ')}, spread ${range(probes.map(({ spread }) => spread))}, rank ${range(probes.map(({ rank }) => rank))}`
}

console.log(`Penn Action, split official ${split.hash.slice(0, 12)}, train side, 16 clips of each of ${actions.length} actions; of each probe: frame, place`)
const summaries: string[] = []
for (const { name, make } of baselines) {
  const probes: Probed[] = []
  for (const action of actions) probes.push(await probeEncoder(make({ action, seed: 0 }), ofAction(action), { seed: 0 }))
  summaries.push(summary(name, probes))
}
const kinds = new Map<string, Probed[]>()
for (const runsDir of runsDirs) {
  for (const { run, model, action, config } of (await listRuns(runsDir)).runs.filter(({ state }) => state === 'done')) {
    for (const [state, weights] of [['trained', {}], ['untrained', { weights: (shape: Model, { seed }: RunRecord) => untrainedWeights(shape, seed) }]] as const) {
      const { encoder } = await runEncoder({ runsDir, run, threads: 1, ...weights })
      const probed = await probeEncoder(encoder, ofAction(action), { seed: 0 })
      await encoder.close()
      const kind = `${model}, position ${String(config['position'])}, ${state}`
      kinds.set(kind, [...kinds.get(kind) ?? [], probed])
      console.log(`${run} ${state}: ${lineOf(probed)}`)
    }
  }
}
console.log(`\nover actions, least..greatest\n${[...summaries, ...[...kinds].map(([kind, probes]) => summary(kind, probes))].join('\n')}`)
