/**
 * What threads that make batches do for a training: time of a step (from one to the next) and the share of it in which the engine waits for its batch, of the `small` profile on a store of the real
 * Penn Action, 16 clips x 2 views x 64 frames of heatmaps, with so many threads of the loader beside those of the engine; the same steps each time, interleaved, medians and range over rounds.
 * Question: is `train --workers 0` the right default where the engine uses every core?
 * STORE=store ROUNDS=3 STEPS=12 WORKERS="0,1,2" THREADS=2 INPUTS=patches \
 *   node --input-type=module -e "await (await import('vite')).runnerImport('./bench/training-loader.ts')"
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import type { Batch } from '../src/batch.ts'
import { ortExecutor } from '../src/engine/index.ts'
import { modelOfConfig } from '../src/jobs/model-of-config.ts'
import { trainOptions } from '../src/jobs/run-training.ts'
import { trainConfig } from '../src/jobs/train-config.ts'
import { openTraining, type TrainedAs } from '../src/jobs/train-loader.ts'
import { trainSelection } from '../src/jobs/train-selection.ts'
import { viewFrames } from '../src/jobs/train-views.ts'
import { freshStart, train } from '../src/train/index.ts'

const { STORE: storeDir = 'store', ROUNDS = '3', STEPS = '12', WORKERS = '0,1,2', THREADS = String(cpus().length), INPUTS = 'patches' } = process.env
const [rounds, steps, threads, contenders] = [Number(ROUNDS), Number(STEPS), Number(THREADS), WORKERS.split(',').map(Number)]
/** Steps that warm up: the first compiles and fills the threads' pieces. */
const first = 3

type Measured = { readonly stepMs: number; readonly waitShare: number; readonly loss: number }

const config = trainConfig([`inputs=${INPUTS}`])
const selection = await trainSelection({ storeDir, runsDir: 'runs', dataset: 'penn-action', split: 'official', action: null, validation: config.validation })
const frames = viewFrames(config, selection.train)
const { model, loss: trainedBy } = modelOfConfig('la2ds', config, { skeleton: selection.entry.skeleton, frames })
const record: TrainedAs = { model: 'la2ds', seed: 0, action: null, config: { ...config }, frames, plan: {}, onBad: { policy: 'fail', most: 0 } }

const measured = contenders.map((): Measured[] => [])
for (let round = 0; round < rounds; round++) for (const [i, workers] of contenders.entries()) measured[i]!.push(await training(workers))
const losses = new Set(measured.flat().map(({ loss }) => loss))
if (losses.size > 1) throw new Error(`threads changed the loss: ${[...losses].join(', ')}`)

console.log(`${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}, commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}, load ${loadavg()[0]!.toFixed(1)}, ${rounds} rounds of ${steps} steps, inputs=${INPUTS}, engine ${threads} threads, loss ${[...losses][0]!}`)
for (const [i, workers] of contenders.entries()) console.log(`--workers ${workers}   step ${spread(measured[i]!.map(({ stepMs }) => stepMs), 0)} ms   waits ${spread(measured[i]!.map(({ waitShare }) => 100 * waitShare), 1)} %`)

/** Some steps from the start; the loss is that of the last one. */
async function training(workers: number): Promise<Measured> {
  const open = await openTraining({ storeDir, runsDir: 'runs', record, selection, workers })
  const stop = new AbortController()
  let [waited, from, loss] = [0, 0, NaN]
  let stepMs = NaN
  async function* watched(): AsyncGenerator<Batch> {
    let asked = performance.now()
    for await (const batch of open.loader) {
      if (from > 0) waited += performance.now() - asked
      yield batch
      asked = performance.now()
    }
  }
  try {
    await train({
      model, frames, steps: open.loader.steps, executor: ortExecutor({ device: 'cpu', threads }),
      ...trainOptions(config, 0), loss: trainedBy, start: freshStart(model, { seed: 0, loader: open.loader.state() }), batches: watched(),
      signal: stop.signal,
      onStep: ({ step, loss: of }) => {
        if (step === first) from = performance.now()
        if (step < first + steps) return
        stepMs = (performance.now() - from) / steps
        loss = of
        stop.abort()
      },
    })
    return { stepMs, waitShare: waited / (stepMs * steps), loss }
  } finally {
    await open.close()
  }
}

/** Median and range. */
function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${sorted[Math.floor(sorted.length / 2)]!.toFixed(digits)} (${sorted[0]!.toFixed(digits)}-${sorted.at(-1)!.toFixed(digits)})`
}
