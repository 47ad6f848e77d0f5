import { Args } from '@oclif/core'
import { join } from 'node:path'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { goingOn, trainFlags, trainRequest } from '../cli/train-flags.ts'
import { trainProgress } from '../cli/train-progress.ts'
import { trainText } from '../cli/train-text.ts'
import type { TrainEvent } from '../jobs/run-training.ts'
import { trainInWorker } from '../jobs/train-in-worker.ts'
import { removeDraftsIn } from '../train/index.ts'

export default class Train extends BaseCommand {
  static override description = 'Train a model on the train side of a split. Ctrl-C leaves a checkpoint that --resume goes on from.'
  static override args = { model: Args.string({ description: 'its name; posetta models lists them' }) }
  static override flags = trainFlags
  static override examples = [
    '<%= config.bin %> train la2ds --action squat --epochs 30', '<%= config.bin %> train --resume latest', '<%= config.bin %> train la2ds --init weights.safetensors --names names.yaml']

  #begun: { readonly folder: string; readonly goOn: readonly string[] } | null = null

  protected async work(): Promise<Outcome> {
    const { args: { model }, flags } = await this.parse(Train)
    const request = await trainRequest(model, flags)
    const signal = this.interruptible()
    const progress = trainProgress(signal)
    const onEvent = (event: TrainEvent): void => {
      if (event.kind === 'start') this.#begun = { folder: join(flags.runs, event.record.run), goOn: goingOn(event.record.run, flags) }
      progress.onEvent(event)
    }
    const result = await trainInWorker(request, { signal, onEvent }).finally(progress.end)
    if (result.state === 'interrupted') throw signal.reason
    return { document: result, text: trainText(result, flags), exit: result.replaced.length === 0 ? 0 : 3 }
  }

  protected override resumeArguments(): readonly string[] {
    return this.#begun?.goOn ?? this.argv
  }

  protected override clear(): void {
    if (this.#begun !== null) removeDraftsIn(this.#begun.folder)
  }
}
