import { Args } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { logText } from '../cli/version-text.ts'
import { listDatasets, listVersions } from '../store/index.ts'

export default class Log extends BaseCommand {
  static override description = 'List the versions of a data set, newest first. Every ingest that changed something is one; all can be read again.'
  static override args = { dataset: Args.string({ description: 'a data set; all when not given' }) }
  static override examples = ['<%= config.bin %> log penn-action', '<%= config.bin %> sql "select count(*) from clips" --at penn-action@newest~1']

  protected async work(): Promise<Outcome> {
    const { args, flags: { store } } = await this.parse(Log)
    const datasets = args.dataset === undefined ? await listDatasets(store) : [args.dataset]
    const versions = (await Promise.all(datasets.map(async (dataset) => {
      const [newest, ...older] = await listVersions(store, dataset)
      return [newest!, ...older].map(({ commit, parent, root, counts, complete, purged }) => ({
        dataset, commit, parent, root, clips: counts.clips, frames: counts.frames, complete,
        tags: Object.entries(newest!.tags).filter(([, tagged]) => tagged === commit).map(([tag]) => tag), purged: purged.filter(({ kind }) => kind === 'clip').length,
      }))
    }))).flat()
    return { document: { versions }, text: logText(versions) }
  }
}
