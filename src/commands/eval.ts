import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { measureText } from '../cli/measure-text.ts'
import { progressLine } from '../cli/progress.ts'
import { evalJob } from '../jobs/eval.ts'
import { devices } from '../jobs/executor-of-device.ts'

export default class Eval extends BaseCommand {
  static override description = 'Measure a run and every floor on the test side of its split.'
  static override args = { run: Args.string({ required: true, description: 'a run, or latest' }) }
  static override flags = {
    metric: Flags.string({ multiple: true, multipleNonGreedy: true, description: 'only these; posetta metrics lists them' }),
    protocol: Flags.string({ description: 'how each is measured' }),
    corrupt: Flags.string({ description: 'KIND=LEVEL, such as missing=0.2: show every encoder corrupted clips' }),
    baseline: Flags.string({ description: 'another run among the floors' }),
    device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
  }
  static override examples = ['<%= config.bin %> eval latest', '<%= config.bin %> eval latest --metric kendall-tau --metric re-cut-cycle-skill --json']

  protected async work(): Promise<Outcome> {
    const { args: { run }, flags: { store, runs, catalog = [], metric, protocol, corrupt, baseline, device } } = await this.parse(Eval)
    const progress = progressLine()
    const result = await evalJob({
      storeDir: store, runsDir: runs, run, catalogFiles: catalog, ...(metric === undefined ? {} : { metrics: metric }), ...(protocol === undefined ? {} : { protocol }),
      ...(corrupt === undefined ? {} : { corrupt }), ...(baseline === undefined ? {} : { baseline }), ...(device === undefined ? {} : { device }),
    }, { onMeasure: ({ metric, encoder }) => progress.update(`measured ${metric} of ${encoder}`) }).finally(progress.end)
    return { document: result, text: measureText(result, { store, runs }) }
  }
}
