/** A process that does one training, the JSON of a TrainRequest: told to end, it finishes the step at hand and leaves a checkpoint to go on from. */
import { trainJob } from '../../src/jobs/train.ts'
import type { TrainRequest } from '../../src/jobs/train-request.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
const { state } = await trainJob(JSON.parse(process.argv[1]!) as TrainRequest, { now: Date.now, signal: stop.signal })
process.exitCode = state === 'done' ? 0 : 130
