import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { metrics as all } from '../eval/metrics/index.ts'
import { protocols } from '../eval/protocol.ts'

export default class Metrics extends BaseCommand {
  static override description = 'List the metrics, headlines first, and the protocols they are measured under.'
  static override examples = ['<%= config.bin %> metrics']

  protected async work(): Promise<Outcome> {
    await this.parse(Metrics)
    const metrics = all.map(({ name, title, better, headline, needs, source }) => ({ name, title, better, headline, needs, source }))
    const tables = [
      textTable(['metric', 'title', 'better', 'needs', 'source'], metrics.map(({ name, title, better, needs, source }) => [name, title, better, needs, source])),
      textTable(['protocol', 'models', 'source'], protocols.map(({ name, scope, source }) => [name, scope ?? 'either', source])),
    ]
    return { document: { metrics, protocols }, text: tables.join('\n\n') }
  }
}
