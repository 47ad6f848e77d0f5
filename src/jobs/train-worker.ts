import { parentPort, workerData } from 'node:worker_threads'
import { packFailure } from '../thread-failure.ts'
import { trainJob } from './train.ts'
import type { TrainMessage } from './train-in-worker.ts'
import type { TrainRequest } from './train-request.ts'

/** The entry of the training thread: does one job, tells of it in messages, and stops after the step at hand when told to. */
const port = parentPort!
const stop = new AbortController()
port.once('message', () => stop.abort())
const tell = (message: TrainMessage): void => port.postMessage(message)
try {
  const result = await trainJob(workerData as TrainRequest, { now: () => performance.timeOrigin + performance.now(), signal: stop.signal, onEvent: (event) => tell({ kind: 'event', event }) })
  tell({ kind: 'result', result })
} catch (error) {
  tell(stop.signal.aborted && error === stop.signal.reason ? { kind: 'stopped' } : { kind: 'failure', failure: packFailure(error) })
}
port.close()
