import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { unpackFailure } from '../thread-failure.ts'
import type { EvalRequest } from './eval-request.ts'
import { actionOf, type EvalAnswer, type EvalOutcome, type EvalSides, type EvalTask, type EvalThread, evalWork } from './eval-work.ts'
import type { OpenEncoders } from './open-encoders.ts'

/** Below so many frames of the test side threads take longer to start than the work they take over. */
const LEAST_FRAMES = 3000

/** Outcomes of the pieces of an evaluation. Close them. */
export type EvalPieces = { get(task: EvalTask): Promise<EvalOutcome>; close(): Promise<void> }

/**
 * The pieces that an evaluation will ask for, done by threads as early as they can, the longest first; without threads in this one, when asked for. What only this thread can do it does in either case:
 * embeddings that were given are looked up by the arrays they stand for, and another device than the processor is there once. Throws E_METRIC_UNKNOWN, E_METRIC_PROTOCOL.
 */
export async function evalPieces(opened: OpenEncoders, request: EvalRequest, sides: EvalSides, tasks: readonly EvalTask[]): Promise<EvalPieces> {
  const work = await evalWork(opened, request, sides)
  const models = [opened.encoder, ...opened.others]
  const isHere = ({ encoder }: EvalTask): boolean => models.some(({ name, lacking }) => name === encoder && (lacking !== undefined || (request.device ?? opened.record.device) !== 'cpu'))
  const framesOf = (action: string): number => sides.test.reduce((sum, clip) => sum + (actionOf(clip) === action ? clip.frames : 0), 0)
  const costOf = (task: EvalTask): number => (task.kind === 'take' ? framesOf(task.action) * (models.some(({ name }) => name === task.encoder) ? 1e6 : 1) : 0)
  const elsewhere = tasks.filter((task) => !isHere(task)).map((task) => ({ task, cost: costOf(task) })).sort((a, b) => b.cost - a.cost)
  const { workers = sides.test.reduce((sum, { frames }) => sum + frames, 0) < LEAST_FRAMES ? 0 : availableParallelism() } = request
  const pool = workers === 0 || elsewhere.length === 0 ? null : threadsOf({ request, sides }, workers)
  const known = new Map<string, Promise<EvalOutcome>>()
  const done = (task: EvalTask, by: (task: EvalTask) => Promise<EvalOutcome>): Promise<EvalOutcome> => {
    const outcome = known.get(JSON.stringify(task)) ?? by(task)
    known.set(JSON.stringify(task), outcome)
    return outcome
  }
  // a failure is heard when its piece is waited for
  if (pool !== null) for (const { task } of elsewhere) done(task, pool.run).catch(() => undefined)
  return { get: (task) => done(task, work), close: async () => pool?.close() }
}

function threadsOf(thread: EvalThread, workers: number): { run(task: EvalTask): Promise<EvalOutcome>; close(): Promise<void> } {
  const pool = new Piscina({
    filename: new URL('../../dist/jobs/eval-worker.js', import.meta.url).href, workerData: thread,
    minThreads: workers, maxThreads: workers, idleTimeout: Infinity, execArgv: [], stricterFIFO: true, // else every other piece that waits is put off
  })
  return {
    run: async (task) => {
      const answer = await pool.run(task) as EvalAnswer
      if ('failure' in answer) throw unpackFailure(answer.failure)
      return answer
    },
    close: () => pool.destroy(),
  }
}
