import { Args, Flags } from '@oclif/core'
import { answerFormat } from '../cli/answer-format.ts'
import { formats } from '../cli/answer-text.ts'
import { askSql, listQueries } from '../cli/ask-sql.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { bytes } from '../cli/bytes.ts'
import { promptAt } from '../cli/prompt-at.ts'
import { queryOf } from '../cli/query-of.ts'
import { valuesOf } from '../cli/values-of.ts'

export default class Sql extends BaseCommand {
  static override description = 'Ask the store and its runs in SQL; without a query, at a prompt. Read-only: clips, frames, keypoints, joints, phases, files, quarantine, splits, embeddings, measures.'
  static override args = { query: Args.string({ description: 'one SELECT; or --file, or --saved' }) }
  static override flags = {
    file: Flags.string({ description: 'read the query from a file' }),
    saved: Flags.string({ description: 'a saved query by name' }),
    list: Flags.boolean({ description: 'list the saved queries' }),
    queries: Flags.string({ default: 'queries', description: 'folder of saved queries of your own' }),
    set: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'name=value: what stands for $name in the query' }),
    at: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'a version to read in place of the newest: VERSION, or DATASET@VERSION' }),
    format: Flags.string({ options: [...formats], description: 'how the answer is written; as --output is named, else a table' }),
    output: Flags.string({ description: 'write the answer to a file; parquet needs one' }),
    limit: Flags.integer({ min: 0, description: 'most rows; 1000, but all into a file of rows' }),
    memory: bytes({ description: 'most memory of DuckDB, such as 4GB; 2 GiB, or 60 % of the machine' }),
    timeout: Flags.integer({ min: 0, description: 'seconds; 0 = none; none on a terminal, else 300' }),
  }
  static override examples = [
    '<%= config.bin %> sql "select action, count(*) clips, sum(n_frames) frames from clips group by action order by action"',
    '<%= config.bin %> sql "select max(speed) from speed(\'left_wrist\')" --format csv',
    '<%= config.bin %> sql --saved files-of-clip --set clip=penn-action/0001 --output files.parquet',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { query }, flags } = await this.parse(Sql)
    const { store, runs, catalog = [], at, memory, output, limit, queries, timeout = process.stdout.isTTY ? 0 : 300 } = flags
    const place = { storeDir: store, runsDir: runs, catalogFiles: catalog, at, ...(memory === undefined ? {} : { memoryBytes: memory }) }
    if (flags.list) return listQueries(queries)
    const [sql, format, json, ends] = [await queryOf({ ...flags, query }), answerFormat({ ...flags, output, store }), this.jsonEnabled(), { timeout: timeout === 0 ? Infinity : timeout }]
    return sql === null ? promptAt({ place, queriesFolder: queries, format, limit, json, ...ends })
      : askSql({ place, sql, format, output, limit, json, options: { ...ends, values: valuesOf(flags.set), signal: this.interruptible() } })
  }
}
