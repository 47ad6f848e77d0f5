import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { temperature as temperatureFlag } from '../cli/temperature.ts'
import { transferText } from '../cli/transfer-text.ts'
import { type Method, methods, TEMPERATURE } from '../eval/alignment/align-frames.ts'
import { devices } from '../jobs/executor-of-device.ts'
import { transferJob, transferred, type TransferRequest } from '../jobs/transfer.ts'

export default class Transfer extends BaseCommand {
  static override description = 'Label a clip by others: their phases, segments or events, brought over by alignment; the nearest of several vote.'
  static override strict = false
  static override args = {
    run: Args.string({ required: true, description: 'a run, latest, or a floor such as baseline/coordinates-velocity' }),
    clip: Args.string({ required: true, description: 'the clip, then the references; without these, those of its action on the train side of the split' }),
  }
  static override flags = {
    labels: Flags.string({ options: [...transferred], default: 'phases', description: 'what is brought over' }),
    method: Flags.string({ options: [...methods], default: 'warping', description: 'how clips are aligned' }),
    temperature: temperatureFlag({ default: TEMPERATURE }),
    split: Flags.string({ description: "the split whose train side the references are on; the run's own, or official, when not given" }),
    most: Flags.integer({ min: 1, max: 1000, default: 40, description: 'most references, evenly out of all' }),
    nearest: Flags.integer({ min: 1, max: 100, default: 5, description: 'how many of them vote: the nearest ones' }),
    at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
    device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
    output: Flags.string({ description: 'write the labels to a file, .csv, .json or .parquet' }),
  }
  static override examples = ['<%= config.bin %> transfer latest penn-action/1037', '<%= config.bin %> transfer latest penn-action/1037 penn-action/1038 --labels events --output events.csv']

  protected async work(): Promise<Outcome> {
    const { args: { run, clip }, argv, flags: { store, runs, catalog, labels, method, temperature, split, most, nearest, at, device, output } } = await this.parse(Transfer)
    if (output !== undefined) checkOutput(output, store)
    const result = await transferJob({ storeDir: store, runsDir: runs, catalogFiles: catalog, encoder: run, clip, references: argv.slice(2).map(String), split, most, nearest,
      what: labels as TransferRequest['what'], method: method as Method, temperature, version: at, device, output })
    return { document: result, text: transferText(result) }
  }
}
