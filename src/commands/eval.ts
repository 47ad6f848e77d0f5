import { Args } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { evalAsked, evalFlags } from '../cli/eval-flags.ts'
import { measureText } from '../cli/measure-text.ts'
import { progressLine } from '../cli/progress.ts'
import { evalGivenJob, writeViewsJob } from '../jobs/eval-given.ts'
import { evalJob } from '../jobs/eval.ts'

export default class Eval extends BaseCommand {
  static override description = 'Measure a run, or embeddings of your own, and every floor on the test side of its split.'
  static override args = { run: Args.string({ description: 'a run, or latest' }) }
  static override flags = evalFlags
  static override examples = [
    '<%= config.bin %> eval latest', '<%= config.bin %> eval latest --metric kendall-tau --metric re-cut-cycle-skill --json',
    '<%= config.bin %> eval --write-views views.parquet --dataset penn-action --split official --action squat',
    '<%= config.bin %> eval --embeddings mine.npz --dataset penn-action --split official --action squat',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { run }, flags } = await this.parse(Eval)
    const asked = evalAsked(run, flags)
    if ('views' in asked) {
      checkOutput(asked.views.file, flags.store)
      const written = await writeViewsJob(asked.views)
      return { document: written, text: `${written.output}: ${written.clips} clips and ${written.views} views, ${written.frames} frames` }
    }
    const progress = progressLine()
    const onMeasure = ({ metric, encoder }: { metric: string; encoder: string }): void => progress.update(`measured ${metric} of ${encoder}`)
    const result = await ('run' in asked ? evalJob(asked.run, { onMeasure }) : evalGivenJob(asked.given, { onMeasure, now: Date.now })).finally(progress.end)
    return { document: result, text: measureText(result, flags) }
  }
}
