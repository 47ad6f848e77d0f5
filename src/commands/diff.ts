import { Args } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { diffText } from '../cli/version-text.ts'
import { diffVersions } from '../store/index.ts'

export default class Diff extends BaseCommand {
  static override description = 'Compare two versions of a data set: clips added, removed and changed; which joints and labels, and by how much.'
  static override args = {
    dataset: Args.string({ required: true, description: 'a data set of the store' }),
    from: Args.string({ default: 'newest~1', description: 'a version: a tag, digits of a commit, newest~2' }),
    to: Args.string({ default: 'newest', description: 'the version to compare it with' }),
  }
  static override examples = ['<%= config.bin %> diff penn-action', '<%= config.bin %> diff penn-action paper newest --json']

  protected async work(): Promise<Outcome> {
    const { args: { dataset, from, to }, flags } = await this.parse(Diff)
    const diff = await diffVersions(flags.store, dataset, from, to)
    return { document: diff, text: diffText(diff) }
  }
}
