import { Args } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { Interrupted } from '../cli/failure.ts'
import { trainFlags, trainRequest } from '../cli/train-flags.ts'
import { trainProgress } from '../cli/train-progress.ts'
import { trainText } from '../cli/train-text.ts'
import { trainInWorker } from '../jobs/train-in-worker.ts'

export default class Train extends BaseCommand {
  static override description = 'Train a model on the train side of a split. Ctrl-C leaves a checkpoint that --resume goes on from.'
  static override args = { model: Args.string({ description: 'its name; posetta models lists them' }) }
  static override flags = trainFlags
  static override examples = [
    '<%= config.bin %> train la2ds --action squat --epochs 30', '<%= config.bin %> train --resume latest', '<%= config.bin %> train la2ds --init weights.safetensors --names names.yaml']

  protected async work(): Promise<Outcome> {
    const { args: { model }, flags } = await this.parse(Train)
    const request = await trainRequest(model, flags)
    const progress = trainProgress()
    const result = await trainInWorker(request, { signal: this.interruptible(), onEvent: progress.onEvent }).finally(progress.end)
    const { store, runs, cache } = flags
    if (result.state === 'interrupted') throw new Interrupted(() => `go on with: posetta train --resume ${result.run} --store ${store} --runs ${runs}${cache === undefined ? '' : ` --cache ${cache}`}`)
    return { document: result, text: trainText(result), exit: result.replaced.length === 0 ? 0 : 3 }
  }
}
