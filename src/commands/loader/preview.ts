import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../../cli/base-command.ts'
import { checkOutput } from '../../cli/check-output.ts'
import { loaderFlags, loaderRequest } from '../../cli/loader-flags.ts'
import { previewText } from '../../cli/preview-text.ts'
import { previewJob } from '../../jobs/preview.ts'

export default class LoaderPreview extends BaseCommand {
  static override description = 'Draw a sample exactly as stream hands it out: the clip or both of a pair, each view, and what was drawn by chance.'
  static override strict = false
  static override args = { datasets: Args.string({ default: 'penn-action', description: 'a data set of the store, or several of one skeleton' }) }
  static override flags = {
    ...loaderFlags,
    sample: Flags.integer({ min: 0, description: 'its number since the start; the first after --state when not given' }),
    step: Flags.integer({ min: 1, description: 'all samples of this batch, counted from 1', exclusive: ['sample'] }),
    heatmaps: Flags.boolean({ description: 'draw the heatmaps too' }),
    output: Flags.string({ default: 'preview.svg', description: 'the picture, .svg or .html' }),
  }
  static override examples = [`<%= config.bin %> loader preview penn-action --preset la2ds --plan '{"pairs": {"same": "action", "differs": "group"}}' --sample 7`]

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(LoaderPreview)
    const { sample = null, step = null, heatmaps, output } = flags
    checkOutput(output, flags.store)
    const result = await previewJob({ loader: loaderRequest(argv.map(String), flags, this.interruptible()), sample, step, heatmaps, output })
    return { document: result, text: previewText(result) }
  }
}
