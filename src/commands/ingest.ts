import { Args, Flags } from '@oclif/core'
import { availableParallelism } from 'node:os'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { dryRunText, ingestText } from '../cli/ingest-text.ts'
import { partOf } from '../cli/part.ts'
import { positive } from '../cli/positive.ts'
import { progressLine } from '../cli/progress.ts'
import { dryRun } from '../ingest/dry-run.ts'
import { ingest, ingestExit, type IngestOptions } from '../ingest/ingest.ts'

export default class Ingest extends BaseCommand {
  static override description = 'Read a data set from its original download into the store. The same command again goes on, or changes nothing.'
  static override args = { dataset: Args.string({ required: true, description: 'its name in the catalog' }), rawDir: Args.string({ required: true, description: 'the download, or a part of it' }) }
  static override flags = {
    frames: Flags.string({ options: ['none', 'reference', 'embed', 'proxy'], description: 'pictures: not at all, path and hash (when they are there), the files themselves, a small video of each video' }),
    jobs: Flags.integer({
      min: 1, default: Math.max(1, availableParallelism() - 1), defaultHelp: async () => 'one per core, but for the one that writes',
      description: 'reading threads; the result is the same with any number' }),
    limit: Flags.integer({ min: 1, description: 'only the first so many films (a recording by one camera)' }),
    include: Flags.string({ description: 'only raw files whose path matches this glob' }),
    'on-bad': Flags.string({ options: ['quarantine', 'fail'], default: 'quarantine', description: 'what to do with a file that cannot be read' }),
    fps: positive({ description: 'frames per second, where the data set does not say' }),
    precision: Flags.string({ options: ['float32', 'int16'], default: 'float32', description: 'coordinates as they are, or rounded to 1/16 px (1/4096 m) in half the space' }),
    part: Flags.string({ description: 'I/N: read only the I-th of N parts, beside others; the same command without it puts them together' }),
    'dry-run': Flags.boolean({ description: 'only say what there is to do' }),
  }
  static override examples = ['<%= config.bin %> ingest penn-action ~/Penn_Action', '<%= config.bin %> ingest penn-action ~/Penn_Action --limit 20 --store try --json', '<%= config.bin %> ingest h2o ~/h2o --part 1/4']

  protected async work(): Promise<Outcome> {
    const { args: { dataset, rawDir }, flags: { store, catalog, frames, jobs, limit, include, 'on-bad': onBad, fps, precision, part, 'dry-run': isDry } } = await this.parse(Ingest)
    const [progress, started] = [progressLine(), Date.now()]
    const options: IngestOptions = {
      entry: entryOf(await readCatalog(catalog), dataset), rawDir, storeDir: store, jobs, limit, include, fps, signal: this.interruptible(), onBad: onBad as 'quarantine' | 'fail', frames: frames as IngestOptions['frames'], precision: precision as IngestOptions['precision'],
      part: part === undefined ? undefined : partOf(part), onProgress: ({ done, total, quarantined }) => progress.update(`${done} of ${total} films, ${quarantined} files set aside`),
    }
    if (isDry) return dryRun(options, Date.now).then((plan) => ({ document: plan, text: dryRunText(plan) }))
    const result = await ingest(options).finally(progress.end)
    const timed = { ...result, seconds: (Date.now() - started) / 1000 }
    return { document: timed, text: ingestText(timed, part), exit: ingestExit(result) }
  }
}
