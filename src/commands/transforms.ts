import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { presets, transforms } from '../transforms/index.ts'

export default class Transforms extends BaseCommand {
  static override description = 'List the steps a clip can go through, what turns it into tensors, and the presets of steps.'
  static override examples = ['<%= config.bin %> transforms']

  protected async work(): Promise<Outcome> {
    await this.parse(Transforms)
    const rows = (list: readonly { name: string; summary: string; source: string }[]): string => textTable(['name', 'summary', 'source'], list.map(({ name, summary, source }) => [name, summary, source]))
    const named = Object.entries(presets).map(([name, preset]) => ({ name, ...preset }))
    return { document: { transforms, presets: named }, text: `${rows(transforms)}\n\n${rows(named)}` }
  }
}
