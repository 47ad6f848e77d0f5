import { ToolkitError } from '../errors.ts'
import { liesWithin } from '../lies-within.ts'

/** Throws E_USAGE for a file that lies in the store, by links too. */
export function checkOutput(output: string, store: string): void {
  if (!liesWithin(output, store)) return
  throw new ToolkitError('E_USAGE', `--output "${output}" lies in the store "${store}", which only ingest and split write`, { hint: 'name a file elsewhere' })
}
