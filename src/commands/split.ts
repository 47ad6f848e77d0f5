import { Args, Flags } from '@oclif/core'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { splitListText, splitText } from '../cli/split-text.ts'
import { listProtocols, makeSplit } from '../queries/index.ts'
import { listSplits } from '../store/index.ts'

export default class Split extends BaseCommand {
  static override description = 'Make a split: who trains, who tests. Kept in the store under its name, with the hash of its members.'
  static override args = { dataset: Args.string({ required: true, description: 'a data set of the store' }) }
  static override flags = {
    protocol: Flags.string({ description: 'a published split', exclusive: ['query'] }),
    query: Flags.string({ description: 'a file of SQL that answers (side, clip_id); the split is named after it' }),
    seed: Flags.integer({ min: 0, default: 0, description: '$seed in the query' }),
    list: Flags.boolean({ description: 'list protocols and the splits that exist' }),
    'allow-leaks': Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'a leak that is known and accepted' }),
  }
  static override examples = ['<%= config.bin %> split penn-action --protocol official', '<%= config.bin %> split penn-action --list']

  protected async work(): Promise<Outcome> {
    const { args: { dataset }, flags } = await this.parse(Split)
    const { store, runs, catalog = [], protocol = 'official', query, seed } = flags
    const entry = entryOf(await readCatalog(catalog), dataset)
    if (flags.list) {
      const [protocols, splits] = [listProtocols(entry), await listSplits(store, dataset)]
      return { document: { protocols, splits }, text: splitListText(dataset, protocols, splits) }
    }
    const from = query === undefined ? { protocol } : { name: basename(query, extname(query)), sql: await readFile(query, 'utf8') }
    const { split, leaks, checks } = await makeSplit({ storeDir: store, runsDir: runs, catalogFiles: catalog, entry, from, seed, allowLeaks: flags['allow-leaks'] })
    const sides = Object.fromEntries(Object.entries(split.sides).map(([side, ids]) => [side, ids?.length ?? 0]))
    return { document: { name: split.name, hash: split.hash, sides, leaks, checks }, text: splitText(split, leaks, checks), exit: checks.every(({ ok, known }) => ok || known !== null) ? 0 : 1 }
  }
}
