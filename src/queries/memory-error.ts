import { ToolkitError } from '../errors.ts'
import { sqlError } from './sql-error.ts'

/** DuckDB's refusal to take more memory than it may, found in an error or what caused it, as E_SQL_MEMORY; null = another failure. */
export function memoryError(error: unknown): ToolkitError | null {
  if (!(error instanceof Error)) return null
  if (error instanceof ToolkitError && error.code === 'E_SQL_MEMORY') return error
  if (!/^Out of Memory Error|"exception_type":"Out of Memory"/.test(error.message)) return memoryError(error.cause)
  const { message } = sqlError(error, '')
  return new ToolkitError('E_SQL_MEMORY', message.split('\n')[0]!, { hint: '--memory 4GB allows more; a query over fewer columns or clips needs less', exit: 4, cause: error })
}
