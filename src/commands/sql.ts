import { Args, Flags } from '@oclif/core'
import { readFile, writeFile } from 'node:fs/promises'
import { answerFormat } from '../cli/answer-format.ts'
import { answerText, formats } from '../cli/answer-text.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { ToolkitError } from '../errors.ts'
import { queryToParquet, runQuery } from '../queries/index.ts'

export default class Sql extends BaseCommand {
  static override description = 'Ask the store and its runs in SQL. Read-only: clips, frames, keypoints, joints, phases, files, quarantine, splits, embeddings, measures.'
  static override args = { query: Args.string({ description: 'one SELECT; or --file' }) }
  static override flags = {
    file: Flags.string({ description: 'read the query from a file' }),
    at: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'a version to read in place of the newest: VERSION, or DATASET@VERSION' }),
    format: Flags.string({ options: [...formats], description: 'how the answer is written; as --output is named, else a table' }),
    output: Flags.string({ description: 'write the answer to a file; parquet needs one' }),
    limit: Flags.integer({ min: 0, description: 'most rows; 1000 on a terminal and in --json, all into a file' }),
  }
  static override examples = [
    '<%= config.bin %> sql "select action, count(*) clips, sum(n_frames) frames from clips group by action order by action"',
    '<%= config.bin %> sql "select joint, avg(x) x from joints where clip_id = \'penn-action/0001\' group by joint order by joint" --format csv',
    '<%= config.bin %> sql "select * from phases order by clip_id, phase" --output phases.parquet',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { query }, flags } = await this.parse(Sql)
    const { store, runs, catalog, file, output, limit = output === undefined ? 1000 : Infinity } = flags
    const [sql, format, place] = [query ?? (file === undefined ? null : await readFile(file, 'utf8')), answerFormat({ ...flags, store }), { storeDir: store, runsDir: runs, catalogFiles: catalog ?? [], at: flags.at }]
    if (sql === null || (query !== undefined && file !== undefined)) throw new ToolkitError('E_USAGE', sql === null ? 'no query' : 'a query and --file: one of them', { hint: 'posetta sql "select * from clips limit 5", or --file FILE.sql' })
    if (format === 'parquet') {
      const rows = await queryToParquet({ ...place, outputFile: output! }, sql)
      return { document: { rows, output }, text: `${rows} rows written to ${output}` }
    }
    const answer = await runQuery(place, sql, { limit })
    if (output === undefined) return { document: answer, text: answerText(answer, format) }
    await writeFile(output, `${answerText(answer, format)}\n`)
    return { document: { rows: answer.rows.length, output, truncated: answer.truncated }, text: `${answer.rows.length} rows written to ${output}` }
  }
}
