import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { removalText } from '../cli/version-text.ts'
import { ToolkitError } from '../errors.ts'
import { removeJob } from '../jobs/remove.ts'
import { EVERYTHING, restoreClips } from '../store/index.ts'

export default class Remove extends BaseCommand {
  static override description = 'Take clips out of a data set, as where consent is withdrawn: a new version without them, and no ingest brings them back.'
  static override strict = false
  static override args = { dataset: Args.string({ required: true, description: 'a data set of the store' }), clips: Args.string({ description: 'clips, or films with all their clips; several' }) }
  static override flags = {
    where: Flags.string({ description: 'also the clips that this condition of SQL is true of' }),
    all: Flags.boolean({ description: 'the whole data set', exclusive: ['where'] }),
    purge: Flags.boolean({ description: 'out of every earlier version too; needs --yes, there is no way back', dependsOn: ['yes'] }),
    restore: Flags.boolean({ description: 'let the next ingest read them again', exclusive: ['where', 'purge'] }),
    yes: Flags.boolean({ description: 'with --purge: yes, for good' }),
  }
  static override examples = ['<%= config.bin %> remove penn-action penn-action/0007', '<%= config.bin %> remove ikea-asm --where "subject = \'03\'" --purge --yes', '<%= config.bin %> remove penn-action penn-action/0007 --restore']

  protected async work(): Promise<Outcome> {
    const { args: { dataset }, argv, flags: { store, runs, catalog, where = null, all = false, purge = false, restore = false } } = await this.parse(Remove)
    const ids = all ? null : argv.slice(1).map(String)
    if (all && argv.length > 1) throw new ToolkitError('E_USAGE', `--all, and ${argv.length - 1} clips named`, { hint: 'one of them' })
    if (restore) {
      const restored = await restoreClips(store, dataset, ids?.length === 0 ? null : ids)
      return { document: { dataset, restored }, text: `${restored.includes(EVERYTHING) ? 'all' : restored.length} clips of ${dataset} are read again by the next ingest` }
    }
    const removed = await removeJob({ storeDir: store, runsDir: runs, catalogFiles: catalog, dataset, ids, where, purge })
    return { document: removed, text: removalText(removed) }
  }
}
