import { Args, Flags } from '@oclif/core'
import { availableParallelism } from 'node:os'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { ingestText } from '../cli/ingest-text.ts'
import { positive } from '../cli/positive.ts'
import { progressLine } from '../cli/progress.ts'
import { ingest, ingestExit } from '../ingest/ingest.ts'

export default class Ingest extends BaseCommand {
  static override description = 'Read a data set from its original download into the store. The same command again goes on, or changes nothing.'
  static override args = { dataset: Args.string({ required: true, description: 'its name in the catalog' }), rawDir: Args.string({ required: true, description: 'the download, or a part of it' }) }
  static override flags = {
    frames: Flags.string({ options: ['none', 'reference'], description: 'image frames: by reference when they are there' }),
    jobs: Flags.integer({
      min: 1, default: Math.max(1, availableParallelism() - 1), defaultHelp: async () => 'one per core, but for the one that writes',
      description: 'reading threads; the result is the same with any number' }),
    limit: Flags.integer({ min: 1, description: 'only the first so many clips' }),
    include: Flags.string({ description: 'only raw files whose path matches this glob' }),
    'on-bad': Flags.string({ options: ['quarantine', 'fail'], default: 'quarantine', description: 'what to do with a file that cannot be read' }),
    fps: positive({ description: 'frames per second, where the data set does not say' }),
    'dry-run': Flags.boolean({ description: 'only say what there is to do' }),
  }
  static override examples = ['<%= config.bin %> ingest penn-action ~/Penn_Action', '<%= config.bin %> ingest penn-action ~/Penn_Action --limit 20 --store try --json']

  protected async work(): Promise<Outcome> {
    const { args: { dataset, rawDir }, flags: { store, catalog, frames, jobs, limit, include, 'on-bad': onBad, fps, 'dry-run': dryRun } } = await this.parse(Ingest)
    const [entry, progress, started] = [entryOf(await readCatalog(catalog), dataset), progressLine(), Date.now()]
    const result = await ingest({
      entry, rawDir, storeDir: store, jobs, dryRun, signal: this.interruptible(), onBad: onBad as 'quarantine' | 'fail',
      ...(frames === undefined ? {} : { frames: frames as 'none' | 'reference' }), ...(limit === undefined ? {} : { limit }),
      ...(include === undefined ? {} : { include }), ...(fps === undefined ? {} : { fps }),
      onProgress: ({ done, total, quarantined }) => progress.update(`${done} of ${total} clips read, ${quarantined} set aside`),
    }).finally(progress.end)
    const seconds = (Date.now() - started) / 1000
    return { document: { ...result, seconds }, text: ingestText(result, { dryRun, seconds }), exit: ingestExit(result) }
  }
}
