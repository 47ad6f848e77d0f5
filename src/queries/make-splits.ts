import { type Side, sides } from '../split.ts'
import { readManifest, readSplit, writeSplit } from '../store/index.ts'
import { type Maker, makerKinds } from './makers/maker.ts'
import { makerQueries } from './makers/maker-queries.ts'
import { withGroupedSession } from './grouped-session.ts'
import { judgeSplit, type MadeSplit, type SplitRequest } from './split.ts'

export type MakerRequest = Omit<SplitRequest, 'from'> & {
  readonly maker: Maker
  /** The name of the split, or the first part of the names; by the parameters when it is not given. */
  readonly name?: string
}

/** The splits that a maker made; `stable` = clips that are added to the data set will move none of these, `empty` = sides that were asked for and have no clip. */
export type MadeSplits = { readonly splits: readonly MadeSplit[]; readonly stable: boolean; readonly empty: readonly Side[] }

/** Makes the splits of a maker and keeps them in the store, all or none. Throws what `makerQueries` and `judgeSplit` throw. A split of a split keeps together what that one does. */
export async function makeSplits(request: MakerRequest): Promise<MadeSplits> {
  const { maker, storeDir, entry: { name: dataset }, seed, salt = String(seed), name = null, ...rest } = request
  const manifest = await readManifest(storeDir, dataset)
  const groupKey = request.groupKey ?? ('of' in maker ? (await readSplit(storeDir, dataset, maker.of)).groupKey : 'group_id')
  const queries = await withGroupedSession(request, { dataset, groupKey }, (connection) => makerQueries(maker, { connection, dataset, groupKey, salt, name }))
  const splits: MadeSplit[] = []
  for (const from of queries) splits.push(await judgeSplit({ ...rest, storeDir, entry: request.entry, seed, salt, groupKey, from }, manifest))
  for (const { split } of splits) await writeSplit(storeDir, split, manifest.root)
  const empty = sides.filter((side) => 'shares' in maker && maker.shares[side] > 0 && splits.some(({ split }) => split.sides[side] === undefined))
  // one clip more may join two clusters
  return { splits, stable: makerKinds[maker.kind].stable && groupKey !== 'source_cluster', empty }
}
