import { Worker } from 'node:worker_threads'
import { type ThreadFailure, unpackFailure } from '../thread-failure.ts'
import type { TrainEffects, TrainEvent } from './run-training.ts'
import type { TrainRequest } from './train-request.ts'
import type { TrainResult } from './train.ts'

/** What the training thread says. */
export type TrainMessage =
  | { readonly kind: 'event'; readonly event: TrainEvent }
  | { readonly kind: 'result'; readonly result: TrainResult }
  | { readonly kind: 'failure'; readonly failure: ThreadFailure }
  /** Told to stop before there was a run. */
  | { readonly kind: 'stopped' }

/**
 * `trainJob` in a thread of its own, so that the caller's thread hears signals while the engine computes. When `signal` aborts, the step at hand is finished, a
 * checkpoint written, and the result says `interrupted`; before there is a run, the signal's reason is thrown.
 */
export async function trainInWorker(request: TrainRequest, { signal, onEvent }: Omit<TrainEffects, 'now'>): Promise<TrainResult> {
  const worker = new Worker(new URL('./train-worker.js', import.meta.url), { workerData: request })
  const stop = (): void => worker.postMessage('stop', [])
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: TrainMessage) => {
        if (message.kind === 'event') onEvent?.(message.event)
        else if (message.kind === 'result') resolve(message.result)
        else reject(message.kind === 'stopped' ? signal?.reason : unpackFailure(message.failure))
      })
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the training thread ended with ${code} and no result`)))
    })
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
