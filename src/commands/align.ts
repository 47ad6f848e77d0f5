import { Args, Flags } from '@oclif/core'
import { alignText } from '../cli/align-text.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { temperature as temperatureFlag } from '../cli/temperature.ts'
import { type Method, methods, TEMPERATURE } from '../eval/alignment/align-frames.ts'
import { alignJob } from '../jobs/align.ts'
import { devices } from '../jobs/executor-of-device.ts'

export default class Align extends BaseCommand {
  static override description = 'Align a clip to another one: for each of its frames the moment of the other, with its cost and how sure that is.'
  static override args = {
    run: Args.string({ required: true, description: 'a run, latest, or a floor such as baseline/coordinates-velocity' }),
    clip: Args.string({ required: true, description: 'the clip whose frames are aligned' }),
    reference: Args.string({ required: true, description: 'the clip that they are aligned to' }),
  }
  static override flags = {
    method: Flags.string({ options: [...methods], default: 'warping', description: 'how; warping and soft-warping keep the order of time' }),
    temperature: temperatureFlag({ default: TEMPERATURE }),
    at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
    device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
    output: Flags.string({ description: 'the map as .csv, .json or .parquet, or both clips in step as .html or .mp4' }),
  }
  static override examples = [
    '<%= config.bin %> align latest penn-action/0001 penn-action/0002',
    '<%= config.bin %> align baseline/coordinates-velocity penn-action/0001 penn-action/0002 --method soft-warping --output map.csv',
    '<%= config.bin %> align latest penn-action/0001 penn-action/0002 --output pair.html',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { run, clip, reference }, flags: { store, runs, catalog, method, temperature, at, device, output } } = await this.parse(Align)
    if (output !== undefined) checkOutput(output, store)
    const result = await alignJob({
      storeDir: store, runsDir: runs, catalogFiles: catalog, encoder: run, clip, reference, method: method as Method, temperature, version: at, device, output })
    return { document: result, text: alignText(result) }
  }
}
