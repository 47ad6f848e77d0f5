import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { runsAskedText } from '../cli/runs-asked-text.ts'
import { garbageText } from '../cli/version-text.ts'
import { garbageOf } from '../jobs/collect-garbage.ts'
import { listDatasets } from '../store/index.ts'

export default class Gc extends BaseCommand {
  static override description = 'Show the versions that no tag, split or run needs, and with --yes let go of them and of their files.'
  static override args = { dataset: Args.string({ description: 'a data set; all when not given' }) }
  static override flags = { yes: Flags.boolean({ default: false, description: 'do it; there is no way back' }) }
  static override examples = ['<%= config.bin %> gc', '<%= config.bin %> gc penn-action --yes']

  protected async work(): Promise<Outcome> {
    const { args, flags: { store, runs, yes } } = await this.parse(Gc)
    const datasets = args.dataset === undefined ? await listDatasets(store) : [args.dataset]
    const collection = await garbageOf({ storeDir: store, runsDir: runs, datasets, apply: yes })
    return { document: { done: yes, ...collection }, text: `${runsAskedText(collection.runs)}\n${garbageText(collection.datasets, yes)}` }
  }
}
