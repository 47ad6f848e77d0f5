import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { exportModelText } from '../cli/export-model-text.ts'
import { exportModelJob } from '../jobs/export-model.ts'

export default class ExportModel extends BaseCommand {
  static override description = 'Write the trained model of a run for others: an ONNX graph with its parameters, or the parameters alone as safetensors.'
  static override args = { run: Args.string({ required: true, description: 'a run, or latest' }) }
  static override flags = {
    output: Flags.string({ required: true, description: 'a file, .onnx or .safetensors' }),
    rows: Flags.integer({ min: 1, max: 2 ** 16, default: 1, description: 'clips that the graph takes at a time' }),
    frames: Flags.integer({ min: 1, max: 2 ** 16, description: 'frames of each; those of the training when not given' }),
    inputs: Flags.string({ options: ['patches', 'points'], description: 'heatmaps, or points that the graph draws them of; as in the training when not given' }),
  }
  static override examples = ['<%= config.bin %> export-model latest --output model.onnx --inputs points', '<%= config.bin %> export-model latest --output weights.safetensors']

  protected async work(): Promise<Outcome> {
    const { args: { run }, flags: { store, runs, catalog = [], output, rows, frames = null, inputs = null } } = await this.parse(ExportModel)
    checkOutput(output, store)
    const exported = await exportModelJob({ runsDir: runs, run, catalogFiles: catalog, output, rows, frames, inputs: inputs as 'patches' | 'points' | null })
    return { document: exported, text: exportModelText(exported) }
  }
}
