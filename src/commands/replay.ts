import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { countArgument } from '../cli/count-argument.ts'
import { progressLine } from '../cli/progress.ts'
import { replayText } from '../cli/replay-text.ts'
import { replayJob } from '../jobs/replay.ts'

export default class Replay extends BaseCommand {
  static override description = 'Make the batch of a step of a training again: clips, windows, frames, draws, what was fed; and with --check its loss.'
  static override args = {
    run: Args.string({ required: true, description: 'a run, or latest' }),
    step: countArgument({ required: true, description: 'from 1, as in its log' }),
  }
  static override flags = {
    check: Flags.boolean({ description: 'compute the loss again, from the last checkpoint before the step or from the start of the run' }),
    write: Flags.string({ description: 'a safetensors file for what was fed' }),
    raw: Flags.string({ description: 'the folder of the download: holds raw files against their sha256' }),
    cache: Flags.string({ description: 'folder of the training shards; .cache/training in the store when not given' }),
  }
  static override examples = ['<%= config.bin %> replay latest 12', '<%= config.bin %> replay latest 12 --check --write batch.safetensors --json']

  protected async work(): Promise<Outcome> {
    const { args: { run, step }, flags: { store, runs, catalog = [], check, write: output = null, raw = null, cache } } = await this.parse(Replay)
    if (output !== null) checkOutput(output, store)
    const progress = progressLine()
    const replay = await replayJob({ storeDir: store, runsDir: runs, catalogFiles: catalog, cacheDir: cache, run, step, check, output, rawDir: raw }, {
      signal: this.interruptible(), onStep: ({ step: done, loss }) => progress.update(`step ${done} of ${step}, loss ${loss.toFixed(4)}`),
    }).finally(progress.end)
    const isAsRead = replay.clips.every(({ decoded, hash, raw: files }) => (decoded ?? hash) === hash && files.every(({ state }) => ['as read', 'not looked at'].includes(state)))
    return { document: replay, text: replayText(replay), exit: isAsRead && replay.check?.same !== false ? 0 : 1 }
  }
}
