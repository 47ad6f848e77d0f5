import { countSides, type Side, type Split } from '../split.ts'
import { listSplits, readSplit } from '../store/index.ts'

/** A split that the store keeps, with the number of clips on each side. */
export type KeptSplit = Pick<Split, 'name' | 'hash' | 'groupKey' | 'seed' | 'salt'> & { readonly sides: Readonly<Partial<Record<Side, number>>> }

/** The splits of a data set, in order of name. Throws E_SPLIT_DAMAGED. */
export async function keptSplits(storeDir: string, dataset: string): Promise<KeptSplit[]> {
  const names = await listSplits(storeDir, dataset)
  return Promise.all(names.map(async (name) => {
    const { hash, groupKey, seed, salt, sides } = await readSplit(storeDir, dataset, name)
    return { name, hash, groupKey, seed, salt, sides: countSides(sides) }
  }))
}
