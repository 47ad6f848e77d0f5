import { Args, Flags } from '@oclif/core'
import { entryOf, readCatalog } from '../catalog.ts'
import { BaseCommand, type Outcome } from '../cli/base-command.ts'
import { splitOrigin } from '../cli/split-origin.ts'
import { splitList, splitOutcome } from '../cli/split-outcome.ts'
import { keptSplits, listProtocols, makeSplit, makeSplits } from '../queries/index.ts'

export default class Split extends BaseCommand {
  static override description = 'Make a split: who trains, who tests. Kept in the store under its name, with the hash of its members.'
  static override args = { dataset: Args.string({ required: true, description: 'a data set of the store' }) }
  static override flags = {
    protocol: Flags.string({ description: 'a published split', exclusive: ['query', 'make', 'group'] }),
    query: Flags.string({ description: 'a file of SQL that answers (side, clip_id); the split is named after it', exclusive: ['make'] }),
    make: Flags.string({ description: 'hash, kfold, leave-one-group-out, stratified, fraction, zero-shot, long-tail' }),
    shares: Flags.string({ description: 'hash, stratified: train/test or train/validation/test, such as 80/10/10' }),
    by: Flags.string({ description: 'stratified: what has the same shares; hash, kfold, leave-one-group-out: what stays together' }),
    k: Flags.integer({ description: 'kfold: how many folds' }),
    of: Flags.string({ description: 'fraction, long-tail: a split whose train side is thinned' }),
    share: Flags.string({ description: 'fraction: how much of it is kept, such as 0.1' }),
    'hold-out': Flags.string({ description: 'zero-shot: classes to test on alone, such as action=bowl,squat' }),
    factor: Flags.integer({ description: 'long-tail: how much more common the commonest action is than the rarest' }),
    group: Flags.string({ description: 'what no two sides share: group_id (recordings), subject, scene, camera, action, source_cluster' }),
    name: Flags.string({ description: 'name of the split: that of the protocol, of the file or of the parameters when it is not given' }),
    seed: Flags.integer({ min: 0, default: 0, description: '$seed in the query' }),
    salt: Flags.string({ description: '$salt in the query and of hash buckets; the seed when it is not given' }),
    list: Flags.boolean({ description: 'list protocols and the splits that exist' }),
    'fitted-on': Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'a split on whose train side something was fitted that is to be used with this one' }),
    'allow-leaks': Flags.string({ multiple: true, multipleNonGreedy: true, default: [], description: 'a leak that is known and accepted' }),
  }
  static override examples = ['<%= config.bin %> split penn-action --protocol official', '<%= config.bin %> split penn-action --make kfold --k 5', '<%= config.bin %> split penn-action --list']

  protected async work(): Promise<Outcome> {
    const { args: { dataset }, flags } = await this.parse(Split)
    const { store: storeDir, runs: runsDir, catalog: catalogFiles = [] } = flags
    const entry = entryOf(await readCatalog(catalogFiles), dataset)
    if (flags.list) return splitList(dataset, listProtocols(entry), await keptSplits(storeDir, entry))
    const origin = await splitOrigin(flags)
    const request = { storeDir, runsDir, catalogFiles, entry, seed: flags.seed, salt: flags.salt ?? String(flags.seed), fittedOn: flags['fitted-on'], allowLeaks: flags['allow-leaks'] }
    return splitOutcome('maker' in origin ? await makeSplits({ ...request, ...origin }) : { splits: [await makeSplit({ ...request, ...origin })] })
  }
}
