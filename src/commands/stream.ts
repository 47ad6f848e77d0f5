import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { goingOnFrom, loaderFlags, loaderRequest } from '../cli/loader-flags.ts'
import type { LoaderState } from '../batch.ts'
import { ToolkitError } from '../errors.ts'
import { streamText } from '../cli/stream-text.ts'
import { streamJob } from '../jobs/stream.ts'

export default class Stream extends BaseCommand {
  static override description = 'Write the batches of a training to stdout as an Arrow stream, for a trainer in Python or elsewhere.'
  static override strict = false
  static override args = { datasets: Args.string({ default: 'penn-action', description: 'a data set of the store, or several of one skeleton' }) }
  static override flags = { ...loaderFlags, output: Flags.string({ description: 'a file instead of stdout' }) }
  static override examples = [
    '<%= config.bin %> stream penn-action --batch 16 --epochs 30 | python train.py',
    '<%= config.bin %> stream penn-action --preset la2ds --action squat --output batches.arrows',
  ]

  #stands: LoaderState | null = null

  protected async work(): Promise<Outcome> {
    const { argv, flags } = await this.parse(Stream)
    const { output = null } = flags
    if (output === null && this.jsonEnabled()) throw new ToolkitError('E_USAGE', 'stdout has the batches: --json needs --output', { hint: 'posetta stream ... --output batches.arrows --json' })
    if (output !== null) checkOutput(output, flags.store)
    const result = await streamJob(loaderRequest(argv.map(String), flags, this.interruptible()), { output, stdout: process.stdout, onTaken: (state) => { this.#stands = state } })
    const lost = result.bad.map(({ clip, code }) => `${clip} (${code})`).join(', ')
    if (lost !== '') process.stderr.write(`${result.bad.length} clips were replaced: ${lost}\n`)
    return { document: result, text: streamText(result), exit: lost === '' ? 0 : 3 }
  }

  /** After the last batch that was taken; a file that was begun is gone, and is begun again. */
  protected override resumeArguments(): readonly string[] {
    return this.#stands === null ? this.argv : goingOnFrom(this.argv, this.#stands)
  }
}
