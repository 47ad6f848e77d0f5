import { Args, Flags } from '@oclif/core'
import { writeFile } from 'node:fs/promises'
import { answerFormat } from '../cli/answer-format.ts'
import { answerText } from '../cli/answer-text.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { progressLine } from '../cli/progress.ts'
import { firstOfEach, validateText } from '../cli/validate-text.ts'
import { ToolkitError } from '../errors.ts'
import { listDatasets } from '../store/index.ts'
import { findingTable, selectChecks, validate, writeFindings } from '../validate/index.ts'

export default class Validate extends BaseCommand {
  static override description = 'Look for flaws in skeletons and labels; docs/validate.md has every code. Ends in 1 when there is an error or a warning.'
  static override args = { dataset: Args.string({ description: 'a data set; all when not given' }) }
  static override flags = {
    select: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'only the check of this code' }),
    ignore: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'not the check of this code' }),
    limit: Flags.integer({ min: 0, description: 'most findings told of each code: 3 as text, 1000 in --json; the counts are of all' }),
    output: Flags.string({ description: 'write all findings to a file, .parquet, .csv or .json' }),
  }
  static override examples = [
    '<%= config.bin %> validate', '<%= config.bin %> validate penn-action --select left-right-swap --limit 20',
    '<%= config.bin %> validate penn-action --ignore off-image --output findings.parquet']

  protected async work(): Promise<Outcome> {
    const { args: { dataset }, flags: { store, catalog, select, ignore, limit, output } } = await this.parse(Validate)
    const [checks, format] = [selectChecks({ select, ignore }), answerFormat({ format: undefined, output, store })]
    const datasets = dataset === undefined ? await listDatasets(store) : [dataset]
    if (datasets.length === 0) throw new ToolkitError('E_STORE_EMPTY', `nothing to validate: no data set in store "${store}"`, { hint: 'posetta ingest DATASET RAW_DIR, or name the store with --store' })
    const [progress, shown, signal] = [progressLine(), limit ?? 1000, this.interruptible()]
    const found = await validate({
      storeDir: store, datasets, catalogFiles: catalog, checks, limit: output === undefined ? shown : Infinity, signal, onProgress: (done, total) => progress.update(`${done} of ${total} clips`),
    }).finally(progress.end)
    if (output !== undefined && format === 'parquet') await writeFindings(output, found.findings)
    if (output !== undefined && format !== 'parquet') await writeFile(output, `${answerText(findingTable(found), format)}\n`)
    const [findings, truncated] = [firstOfEach(found.findings, shown), found.counts.some((count) => count.findings > shown)]
    return {
      document: { ...found, findings, truncated, checks: checks.map(({ code }) => code), output: output ?? null },
      text: validateText(found, limit), exit: found.counts.some(({ severity }) => severity !== 'info') ? 1 : 0,
    }
  }
}
