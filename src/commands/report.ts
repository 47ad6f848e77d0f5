import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { checkOutput } from '../cli/check-output.ts'
import { reportJob } from '../jobs/report.ts'

export default class Report extends BaseCommand {
  static override description = 'Write one self-contained page about runs: measures beside floors, curves, two test clips in step, where everything came from.'
  static override strict = false
  static override args = { run: Args.string({ required: true, description: 'runs, or latest; several seeds of one action stand side by side' }) }
  static override flags = { output: Flags.string({ description: 'the page; the JSON lies beside it' }) }
  static override examples = ['<%= config.bin %> report latest --output report.html']

  protected async work(): Promise<Outcome> {
    const { argv, flags: { store, runs, catalog = [], output } } = await this.parse(Report)
    if (output !== undefined) checkOutput(output, store)
    const result = await reportJob({ storeDir: store, runsDir: runs, runs: argv.map(String), catalogFiles: catalog, ...(output === undefined ? {} : { output }) }, { now: Date.now })
    return { document: result, text: [...result.warnings.map((warning) => `warning: ${warning}`), result.html, result.json].join('\n') }
  }
}
