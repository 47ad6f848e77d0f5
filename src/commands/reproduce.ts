import { Args, Flags } from '@oclif/core'
import { availableParallelism } from 'node:os'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { progressLine } from '../cli/progress.ts'
import { reproduceText } from '../cli/reproduce-text.ts'
import { stages } from '../jobs/reproduce-chain.ts'
import { reproduceJob } from '../jobs/reproduce.ts'

export default class Reproduce extends BaseCommand {
  static override description = 'Make a run again, data, split, training and evaluation, in a temporary folder, and list what comes out otherwise.'
  static override args = { run: Args.string({ required: true, description: 'a run, or latest' }) }
  static override flags = {
    raw: Flags.string({ description: 'the folder of the download, to make the data from; else those in the store are verified' }),
    only: Flags.string({ multiple: true, multipleNonGreedy: true, default: [], options: [...stages], description: 'only this link of the chain' }),
  }
  static override examples = ['<%= config.bin %> reproduce latest --raw ~/Penn_Action', '<%= config.bin %> reproduce latest --only evaluation --json']

  protected async work(): Promise<Outcome> {
    const { args: { run }, flags: { store, runs, catalog = [], raw = null, only } } = await this.parse(Reproduce)
    const progress = progressLine()
    const reproduction = await reproduceJob({
      storeDir: store, runsDir: runs, catalogFiles: catalog, run, rawDir: raw, jobs: availableParallelism(), only: stages.filter((stage) => only.includes(stage)),
    }, {
      now: Date.now, signal: this.interruptible(), onStage: (stage) => progress.update(`making again: ${stage}`),
      onEvent: (event) => { if (event.kind === 'step') progress.update(`step ${event.step.step} of ${event.steps}, loss ${event.step.loss.toFixed(4)}`) },
      onMeasure: ({ metric, encoder }) => progress.update(`measured ${metric} of ${encoder}`),
    }).finally(progress.end)
    return { document: reproduction, text: reproduceText(reproduction), exit: reproduction.stages.every(({ state }) => state === 'same') ? 0 : 1 }
  }
}
