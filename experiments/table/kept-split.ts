import { entryOf, readCatalog } from '../../src/catalog.ts'
import { makeSplit } from '../../src/queries/index.ts'
import { listSplits } from '../../src/store/index.ts'
import type { Spec } from './spec.ts'

/** Makes a split, a protocol or a query of one's own, unless the store has one of its name. */
export async function keptSplit({ storeDir, runsDir }: { storeDir: string; runsDir: string }, { dataset, split: name }: NonNullable<Spec['data']>, sql?: string): Promise<void> {
  if ((await listSplits(storeDir, dataset)).includes(name)) return
  await makeSplit({ storeDir, runsDir, entry: entryOf(await readCatalog(), dataset), from: sql === undefined ? { protocol: name } : { name, sql }, seed: 0, allowLeaks: [] })
}
