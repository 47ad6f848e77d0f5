import { Args, Flags } from '@oclif/core'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { readManifest, removeTag, tagVersion } from '../store/index.ts'

export default class Tag extends BaseCommand {
  static override description = 'Give a version of a data set a name, which keeps it from gc; without a name list the tags.'
  static override args = {
    dataset: Args.string({ required: true, description: 'a data set of the store' }),
    name: Args.string({ description: 'a name of your own' }),
    version: Args.string({ default: 'newest', description: 'the version it is given to' }),
  }
  static override flags = { remove: Flags.boolean({ default: false, description: 'let go of the name; the version stays until gc' }) }
  static override examples = ['<%= config.bin %> tag penn-action eccv', '<%= config.bin %> tag penn-action eccv newest~1', '<%= config.bin %> tag penn-action']

  protected async work(): Promise<Outcome> {
    const { args: { dataset, name, version }, flags: { store, remove } } = await this.parse(Tag)
    const commit = name === undefined ? null : await (remove ? removeTag(store, dataset, name) : tagVersion(store, dataset, name, version))
    const { tags } = await readManifest(store, dataset)
    const text = commit === null ? textTable(['tag', 'commit'], Object.entries(tags).map(([tag, one]) => [tag, one.slice(0, 12)])) : `${dataset} ${commit.slice(0, 12)} is ${remove ? 'no longer ' : ''}${name}`
    return { document: { dataset, commit, tags }, text }
  }
}
