import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { Interrupted } from '../cli/failure.ts'
import { sampleFlags, sampleRequest } from '../cli/loader-flags.ts'
import { trainProgress } from '../cli/train-progress.ts'
import { trainText } from '../cli/train-text.ts'
import { ToolkitError } from '../errors.ts'
import { devices } from '../jobs/executor-of-device.ts'
import { trainInWorker } from '../jobs/train-in-worker.ts'

export default class Train extends BaseCommand {
  static override description = 'Train a model on the train side of a split. Ctrl-C leaves a checkpoint that --resume goes on from.'
  static override args = { model: Args.string({ description: 'its name; posetta models lists them' }) }
  static override flags = {
    dataset: Flags.string({ default: 'penn-action', description: 'a data set of the store' }),
    split: Flags.string({ default: 'official', description: 'a split of it' }),
    at: Flags.string({ description: 'a version of the data set; the newest when not given' }),
    action: Flags.string({ description: 'one action; all in one model when not given' }),
    epochs: Flags.integer({ min: 1, description: 'passes over the clips' }),
    seed: Flags.integer({ min: 0, default: 0, description: 'where all chance comes from' }),
    device: Flags.string({ default: 'cpu', options: [...devices], description: 'what computes' }),
    set: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'an option of the training, key=value' }),
    ...sampleFlags,
    workers: Flags.integer({ min: 0, default: 0, description: 'threads that make batches; 0 = the one that trains' }),
    resume: Flags.string({ description: 'go on with this run', exclusive: ['action', 'at', 'epochs', 'set', 'plan', 'on-bad', 'most-bad'] }),
  }
  static override examples = ['<%= config.bin %> train la2ds --action squat --epochs 30', '<%= config.bin %> train --resume latest']
  protected async work(): Promise<Outcome> {
    const { args: { model }, flags } = await this.parse(Train)
    const { store, runs, catalog = [], dataset, split, at: version, action = null, epochs, seed, device, set, workers, resume } = flags
    if (model === undefined && resume === undefined) throw new ToolkitError('E_USAGE', 'no model named', { hint: 'posetta train la2ds, or --resume RUN; posetta models lists what there is' })
    const { plan, onBad, ...means } = sampleRequest(flags)
    const [place, settings] = [{ storeDir: store, runsDir: runs, catalogFiles: catalog, workers, ...means }, epochs === undefined ? set : [...set, `epochs=${epochs}`]]
    const request = resume === undefined ? { ...place, model: model!, dataset, split, version, action, seed, device, settings, plan, onBad } : { ...place, resume }
    const progress = trainProgress()
    const result = await trainInWorker(request, { signal: this.interruptible(), onEvent: progress.onEvent }).finally(progress.end)
    if (result.state === 'interrupted') throw new Interrupted(() => `go on with: posetta train --resume ${result.run} --store ${store} --runs ${runs}${flags.cache === undefined ? '' : ` --cache ${flags.cache}`}`)
    return { document: result, text: trainText(result), exit: result.replaced.length === 0 ? 0 : 3 }
  }
}
