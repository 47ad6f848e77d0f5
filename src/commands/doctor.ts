import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { examine } from '../jobs/examine.ts'

export default class Doctor extends BaseCommand {
  static override description = 'Check this machine and the store; each line that fails names what mends it.'
  static override examples = ['<%= config.bin %> doctor']

  protected async work(): Promise<Outcome> {
    const { flags: { store } } = await this.parse(Doctor)
    const checks = await examine({ storeDir: store, environment: process.env })
    const table = textTable(['check', 'state', 'detail', 'fix'], checks.map(({ name, state, detail, fix }) => [name, state, detail, fix ?? '']))
    return { document: { checks }, text: table, exit: checks.some(({ state }) => state === 'fail') ? 1 : 0 }
  }
}
