import { workerData } from 'node:worker_threads'
import { packFailure } from '../thread-failure.ts'
import { type EvalAnswer, type EvalTask, type EvalThread, evalWork } from './eval-work.ts'
import { openEncoders } from './open-encoders.ts'

// The entry of a thread of an evaluation: opens the encoders once, with one thread of the engine, and does pieces as they come.
const { request, sides } = workerData as EvalThread
const opened = openEncoders({ ...request, threads: 1 }).then((encoders) => evalWork(encoders, request, sides))
opened.catch(() => undefined)

export default async function doPiece(task: EvalTask): Promise<EvalAnswer> {
  try {
    return await (await opened)(task)
  } catch (error) {
    return { failure: packFailure(error) }
  }
}
