import { Args, Flags } from '@oclif/core'
import { setTimeout } from 'node:timers/promises'
import { BaseCommand, type Outcome } from '../../cli/base-command.ts'
import { loaderFlags, loaderRequest } from '../../cli/loader-flags.ts'
import { loaderStatsText } from '../../cli/loader-stats-text.ts'
import { positive } from '../../cli/positive.ts'
import { loaderStats } from '../../jobs/loader-stats.ts'

export default class LoaderStats extends BaseCommand {
  static override description = 'Say before a training what it would see, how well shuffled, how fast, and how long it would wait for batches.'
  static override strict = false
  static override args = { datasets: Args.string({ default: 'penn-action', description: 'a data set of the store, or several of one skeleton' }) }
  static override flags = {
    ...loaderFlags,
    seconds: positive({ default: 3, description: 'how long batches are taken' }),
    step: Flags.integer({ min: 0, default: 0, description: 'ms that a training step takes' }),
  }
  static override examples = ['<%= config.bin %> loader stats penn-action --preset la2ds --batch 16 --step 200']

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(LoaderStats)
    const effects = { now: () => performance.now(), sleep: (milliseconds: number) => setTimeout(milliseconds) }
    const stats = await loaderStats(loaderRequest(argv.map(String), flags, this.interruptible()), { seconds: flags.seconds, stepMs: flags.step }, effects)
    return { document: stats, text: loaderStatsText(stats) }
  }
}
