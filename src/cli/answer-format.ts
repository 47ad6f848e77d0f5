import { extname } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { Format } from './answer-text.ts'
import { checkOutput } from './check-output.ts'

const formatOfExtension: Readonly<Record<string, Format>> = { '.csv': 'csv', '.json': 'json', '.parquet': 'parquet' }

/** How an answer is written: as `--format` says, else as the file is named, else a table. Throws E_USAGE for Parquet without a file, and for a file inside the store. */
export function answerFormat({ format, output, store }: { format: string | undefined; output: string | undefined; store: string }): Format {
  const chosen = (format ?? formatOfExtension[extname(output ?? '')] ?? 'table') as Format
  if (chosen === 'parquet' && output === undefined) throw new ToolkitError('E_USAGE', '--format parquet needs --output FILE.parquet')
  if (output !== undefined) checkOutput(output, store)
  return chosen
}
