import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { models } from '../models/index.ts'

export default class Models extends BaseCommand {
  static override description = 'List the models that can be trained.'
  static override examples = ['<%= config.bin %> models']

  protected async work(): Promise<Outcome> {
    await this.parse(Models)
    const listed = models.map(({ name, summary, source }) => ({ name, summary, source }))
    return { document: { models: listed }, text: textTable(['name', 'summary', 'source'], listed.map(({ name, summary, source }) => [name, summary, source])) }
  }
}
