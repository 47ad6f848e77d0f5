import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { metrics as all } from '../eval/metrics/index.ts'

export default class Metrics extends BaseCommand {
  static override description = 'List the metrics, headlines first.'
  static override examples = ['<%= config.bin %> metrics']

  protected async work(): Promise<Outcome> {
    await this.parse(Metrics)
    const metrics = all.map(({ name, title, better, headline, needs, source }) => ({ name, title, better, headline, needs, source }))
    return { document: { metrics }, text: textTable(['name', 'title', 'better', 'needs', 'source'], metrics.map(({ name, title, better, needs, source }) => [name, title, better, needs, source])) }
  }
}
