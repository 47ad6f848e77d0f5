import { Args } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { lintText } from '../cli/lint-text.ts'
import { lintFiles } from '../queries/index.ts'

export default class Lint extends BaseCommand {
  static override description = 'Find in SQL what can make its answer change between runs: chance, the clock, missing ORDER BY, sums of floats. Nothing is run.'
  static override strict = false
  static override args = { files: Args.string({ required: true, description: 'files of SQL, one SELECT each' }) }
  static override examples = ['<%= config.bin %> lint queries/by-action.sql', '<%= config.bin %> lint queries/by-action.sql queries/fast-clips.sql --json']

  protected async work(): Promise<Outcome> {
    const { argv } = await this.parse(Lint)
    const document = await lintFiles(argv.map(String))
    return { document, text: lintText(document), exit: document.findings.length === 0 ? 0 : 1 }
  }
}
