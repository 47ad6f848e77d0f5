import { Args } from '@oclif/core'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { textTable } from '../cli/text-table.ts'
import { listDatasets } from '../store/index.ts'

export default class Datasets extends BaseCommand {
  static override description = 'List the data sets of the catalog, or show one of them.'
  static override args = { name: Args.string({ description: 'a data set; all when not given' }) }
  static override examples = ['<%= config.bin %> datasets', '<%= config.bin %> datasets penn-action --json']

  protected async work(): Promise<Outcome> {
    const { args, flags } = await this.parse(Datasets)
    const catalog = await readCatalog(flags.catalog)
    const ingested = await listDatasets(flags.store)
    const entries = args.name === undefined ? catalog.entries : [entryOf(catalog, args.name)]
    const datasets = entries.map(({ name, title, licence, skeleton }) => ({ name, title, licence, skeleton: skeleton.name, ingested: ingested.includes(name) }))
    if (args.name === undefined) return { document: { datasets }, text: textTable(['name', 'title', 'skeleton', 'ingested'], datasets.map((row) => [row.name, row.title, row.skeleton, row.ingested])) }
    return { document: { datasets, entry: entries[0] }, text: JSON.stringify(entries[0], null, 2) }
  }
}
