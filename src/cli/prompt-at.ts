import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import type { Format } from './answer-text.ts'
import type { Outcome } from './base-command.ts'
import { type PromptOptions, runPrompt } from './prompt.ts'

/** The prompt on the terminal that this process has; its history stays in the folder of runs. Throws E_USAGE where there is no terminal to ask at. */
export async function promptAt({ json, format, ...options }: Omit<PromptOptions, 'format'> & { readonly json: boolean; readonly format: Format }): Promise<Outcome> {
  const { stdin: input, stdout: output } = process
  if (json || !input.isTTY || !output.isTTY) throw new ToolkitError('E_USAGE', 'no query', { hint: 'posetta sql "select * from clips limit 5", --file FILE.sql or --saved NAME; on a terminal, a prompt' })
  await runPrompt({ ...options, format: format === 'parquet' ? 'table' : format }, { input, output, terminal: true, historyFile: join(options.place.runsDir, '.sql-history') })
  return { document: {}, text: '' }
}
