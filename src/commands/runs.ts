import { Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { removeIdleRun } from '../jobs/run-lock.ts'
import { listRuns } from '../train/index.ts'

export default class Runs extends BaseCommand {
  static override description = 'List the runs, or remove one with everything in its folder.'
  static override flags = { remove: Flags.string({ description: 'a run to remove' }) }
  static override examples = ['<%= config.bin %> runs', '<%= config.bin %> runs --remove 20261121-055231-la2ds-pullup-s0']

  protected async work(): Promise<Outcome> {
    const { flags } = await this.parse(Runs)
    const removed = flags.remove === undefined ? null : await removeIdleRun(flags.runs, flags.remove)
    const found = await listRuns(flags.runs)
    const runs = found.runs.map(({ run, model, split, action, started, state }) => ({ run, model, split: split.name, action, started, state }))
    const damaged = found.damaged.map(({ run, error: { code, message, hint } }) => ({ run, code, message, hint }))
    const table = textTable(['run', 'model', 'split', 'action', 'started', 'state'], runs.map((one) => Object.values(one)))
    const text = [...(removed === null ? [] : [`removed ${removed}`]), table, ...damaged.map(({ code, message, hint }) => `${code}: ${message}; ${hint}`)].join('\n')
    return { document: { runs, removed, damaged }, text, exit: damaged.length === 0 ? 0 : 1 }
  }
}
