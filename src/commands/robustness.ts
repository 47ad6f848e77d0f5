import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { progressLine } from '../cli/progress.ts'
import { robustnessText } from '../cli/robustness-text.ts'
import { devices } from '../jobs/executor-of-device.ts'
import { robustnessJob } from '../jobs/robustness.ts'

export default class Robustness extends BaseCommand {
  static override description = 'Measure a run and the floors that see joints on test clips that are corrupted more and more.'
  static override args = { run: Args.string({ required: true, description: 'a run, or latest' }) }
  static override flags = {
    corrupt: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'only this kind, such as missing; all when not given' }),
    metric: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'these instead of the headlines' }),
    protocol: Flags.string({ description: 'how each is measured' }),
    baseline: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'another run of the same split beside it' }),
    device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
  }
  static override examples = ['<%= config.bin %> robustness latest', '<%= config.bin %> robustness latest --corrupt missing --corrupt noise --protocol quick --json']

  protected async work(): Promise<Outcome> {
    const { args: { run }, flags: { store, runs, catalog = [], corrupt, metric, protocol, baseline, device } } = await this.parse(Robustness)
    const progress = progressLine()
    const result = await robustnessJob({
      storeDir: store, runsDir: runs, run, catalogFiles: catalog, ...(corrupt === undefined ? {} : { kinds: corrupt }), ...(metric === undefined ? {} : { metrics: metric }),
      ...(protocol === undefined ? {} : { protocol }), ...(baseline === undefined ? {} : { baselines: baseline }), ...(device === undefined ? {} : { device }),
    }, { onLevel: ({ action, encoder, kind, level }) => progress.update(`${action}: measured ${encoder} at ${kind}=${level}`) }).finally(progress.end)
    return { document: result, text: robustnessText(result, { store, runs }) }
  }
}
