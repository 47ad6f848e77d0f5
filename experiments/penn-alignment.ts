/**
 * LA2DS on the real Penn Action labels, official split, `small` profile, one model per action, seeds 0 to 2: the headline metrics beside every floor, with everything
 * chosen on the validation part of train; the test side is read once, by this script. Resumable: runs that are done are not trained again.
 * After `npm run build`, `posetta ingest penn-action RAW` and `posetta split penn-action --protocol official`:
 * node --input-type=module -e "await (await import('vite')).runnerImport('./experiments/penn-alignment.ts')" STORE RUNS
 * What it printed: experiments/penn-alignment.txt
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { baselines } from '../src/eval/baselines/index.ts'
import { evaluate } from '../src/eval/evaluate.ts'
import { protocolOf } from '../src/eval/protocol.ts'
import { openEncoders, readSides } from '../src/jobs/eval.ts'
import { listRuns, type RunRecord } from '../src/train/index.ts'

const ACTIONS = ['pullup', 'jumping_jacks']
const SEEDS = [0, 1, 2]
const EPOCHS = 80
const [storeDir = 'store', runsDir = 'runs'] = process.argv.slice(1)

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${commit}, ${EPOCHS} epochs, other options as in src/jobs/train-config.ts\n`)
for (const action of ACTIONS) {
  const runs: RunRecord[] = []
  for (const seed of SEEDS) runs.push(await trained(action, seed))
  await table(action, runs)
}

/** The finished run of an action and seed, trained now if there is none. */
async function trained(action: string, seed: number): Promise<RunRecord> {
  const find = async () => (await listRuns(runsDir)).runs.find((run) => run.action === action && run.seed === seed && run.epochs === EPOCHS && run.state === 'done')
  if (await find() === undefined) {
    execFileSync(process.execPath, ['bin/run.js', 'train', 'la2ds', '--action', action, '--seed', String(seed), '--epochs', String(EPOCHS), '--store', storeDir, '--runs', runsDir, '--json'], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const run = (await find())!
  console.log(`${action} seed ${seed}: ${run.steps} steps in ${run.seconds.toFixed(0)} s on ${run.clips.train} clips; validation (${run.clips.validation} clips) ${run.best!.value.toFixed(3)} after epoch ${run.best!.epoch}`)
  return run
}

/** Every measure of the runs' mean beside the floors; intervals draw recordings and seeds, differences are paired on the same draws. */
async function table(action: string, runs: readonly RunRecord[]): Promise<void> {
  const { train, test } = await readSides({ storeDir }, runs[0]!)
  const opened = []
  for (const { run } of runs) opened.push(await openEncoders({ storeDir, runsDir, run }))
  const [encoder, ...seeds] = opened.map((one) => one.encoder)
  const floors = [...baselines.map(({ make }) => make({ action, seed: 0 })), opened[0]!.others[0]!]
  const { measures, comparisons } = await evaluate({ encoder: encoder!, seeds, baselines: floors, train, test, action, protocol: protocolOf('primary') })
  for (const { metric, card, labels, value, low, high, headline } of measures.filter((one) => one.encoder === encoder!.name)) {
    console.log(`${action} ${metric}/${card}${labels === 'none' ? '' : ` (${labels})`}${headline ? '' : ', a diagnostic'}: la2ds ${text(value)} (${text(low)} to ${text(high)})`)
    for (const floor of measures.filter((one) => one.metric === metric && one.card === card && one.encoder !== encoder!.name)) {
      const gap = comparisons.find((one) => one.metric === metric && one.card === card && one.against === floor.encoder)!
      console.log(`  ${floor.encoder.padEnd(30)} ${text(floor.value).padStart(7)}   la2ds - floor ${text(gap.value)} (${text(gap.low)} to ${text(gap.high)}), p ${text(gap.p)}`)
    }
  }
  for (const { open } of opened) for (const one of open) await one.close()
  console.log('')
}

function text(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}
