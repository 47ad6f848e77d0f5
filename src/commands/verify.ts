import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { verifyText } from '../cli/verify-text.ts'
import { ToolkitError } from '../errors.ts'
import { listVerifiable, verify } from '../store/index.ts'

export default class Verify extends BaseCommand {
  static override description = 'Check every file of the store against its manifest; --deep also every value of every clip.'
  static override args = { dataset: Args.string({ description: 'a data set; all when not given' }) }
  static override flags = { deep: Flags.boolean({ description: 'read every clip back and hash its values' }) }
  static override examples = ['<%= config.bin %> verify', '<%= config.bin %> verify penn-action --deep']

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Verify)
    const datasets = args.dataset === undefined ? await listVerifiable(flags.store) : [args.dataset]
    if (datasets.length === 0) throw new ToolkitError('E_STORE_EMPTY', `nothing to verify: no data set in store "${flags.store}"`, { hint: 'posetta ingest DATASET RAW_DIR, or name the store with --store' })
    const found = await Promise.all(datasets.map(async (dataset) => ({ dataset, ...await verify(flags.store, dataset, { deep: flags.deep }) })))
    const problems = found.flatMap(({ dataset, problems }) => problems.map((problem) => ({ dataset, ...problem })))
    const [checked, bytes] = [found.reduce((sum, one) => sum + one.checked, 0), found.reduce((sum, one) => sum + one.bytes, 0)]
    return {
      document: { checked, bytes, problems, root: found.length === 1 ? found[0]!.root : null, roots: Object.fromEntries(found.map(({ dataset, root }) => [dataset, root])) },
      text: verifyText(problems, checked), exit: problems.length > 0 ? 1 : 0,
    }
  }
}
