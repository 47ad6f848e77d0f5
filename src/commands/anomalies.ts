import { Args, Flags } from '@oclif/core'
import { anomaliesText } from '../cli/anomalies-text.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { share } from '../cli/share.ts'
import { anomaliesJob } from '../jobs/anomalies.ts'
import { devices } from '../jobs/executor-of-device.ts'

export default class Anomalies extends BaseCommand {
  static override description = 'Look for what of a clip is not as in others of its action: foreign or misplaced frames, steps that are missing or hurried. Ends in 1 when there is something.'
  static override strict = false
  static override args = {
    run: Args.string({ required: true, description: 'a run, latest, or a floor such as baseline/coordinates-velocity' }),
    clip: Args.string({ required: true, description: 'the clip, then the references; without these, those of its action on the train side of the split' }),
  }
  static override flags = {
    split: Flags.string({ description: "the split whose train side the references are on; the run's own, or official, when not given" }),
    most: Flags.integer({ min: 4, max: 1000, default: 40, description: 'most references, evenly out of all' }),
    nearest: Flags.integer({ min: 1, max: 100, default: 3, description: 'how many references a frame is held against: its nearest ones' }),
    level: share({ default: 0.05, description: 'share of clean clips that each check may flag' }),
    at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
    device: Flags.string({ options: [...devices], description: "what computes embeddings; the run's own when not given" }),
    output: Flags.string({ description: 'write the score of every frame to a file, .csv, .json or .parquet' }),
  }
  static override examples = [
    '<%= config.bin %> anomalies baseline/coordinates-velocity penn-action/1037',
    '<%= config.bin %> anomalies latest penn-action/1037 --level 0.01 --most 100 --output scores.csv',
  ]

  protected async work(): Promise<Outcome> {
    const { args: { run, clip }, argv, flags: { store, runs, catalog, split, most, nearest, level, at, device, output } } = await this.parse(Anomalies)
    if (output !== undefined) checkOutput(output, store)
    const result = await anomaliesJob({
      storeDir: store, runsDir: runs, catalogFiles: catalog, encoder: run, clip, references: argv.slice(2).map(String), split, most, nearest, level, version: at, device, output })
    return { document: result, text: anomaliesText(result), exit: result.isAnomalous ? 1 : 0 }
  }
}
