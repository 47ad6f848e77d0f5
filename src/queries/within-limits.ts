import type { DuckDBConnection } from '@duckdb/node-api'
import { ToolkitError } from '../errors.ts'

/** When a query ends before it has answered. */
export type QueryLimits = {
  /** Seconds; none when it is not given. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** Does work with a connection and interrupts it when time is up (E_SQL_TIME) or the signal is given (its reason is thrown). Afterwards the connection can be used again. */
export async function withinLimits<T>(connection: DuckDBConnection, { timeout = Infinity, signal }: QueryLimits, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const time = new AbortController()
  const late = new ToolkitError('E_SQL_TIME', `no answer within ${timeout} s`, { hint: '--timeout SECONDS allows more', exit: 4 })
  const timer = Number.isFinite(timeout) ? setTimeout(() => time.abort(late), timeout * 1000) : undefined
  const stopped = AbortSignal.any([time.signal, ...(signal === undefined ? [] : [signal])])
  const interrupt = (): void => connection.interrupt()
  stopped.addEventListener('abort', interrupt)
  try {
    const result = await work()
    stopped.throwIfAborted()
    return result
  } catch (error) {
    throw stopped.aborted ? stopped.reason : error
  } finally {
    clearTimeout(timer)
    stopped.removeEventListener('abort', interrupt)
  }
}
