import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { transforms } from '../transforms/index.ts'

export default class Transforms extends BaseCommand {
  static override description = 'List the transforms of clips, in the order in which they are applied.'
  static override examples = ['<%= config.bin %> transforms']

  protected async work(): Promise<Outcome> {
    await this.parse(Transforms)
    return { document: { transforms }, text: textTable(['name', 'summary', 'source'], transforms.map(({ name, summary, source }) => [name, summary, source])) }
  }
}
