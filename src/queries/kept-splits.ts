import type { DatasetEntry } from '../catalog.ts'
import { countSides, type Side, type Split } from '../split.ts'
import { listSplits, readSplit } from '../store/index.ts'
import { protocolOfSplit } from './protocol-mark.ts'
import { listProtocols } from './protocols.ts'

/** A split that the store keeps, with the number of clips on each side and the protocol that it follows, null = none. */
export type KeptSplit = Pick<Split, 'name' | 'hash' | 'groupKey' | 'seed' | 'salt'> & {
  readonly protocol: string | null
  readonly sides: Readonly<Partial<Record<Side, number>>>
}

/** The splits of a data set, in order of name. Throws E_SPLIT_DAMAGED. */
export async function keptSplits(storeDir: string, entry: DatasetEntry): Promise<KeptSplit[]> {
  const dataset = entry.name
  const protocols = listProtocols(entry).map(({ name }) => name)
  const names = await listSplits(storeDir, dataset)
  return Promise.all(names.map(async (name) => {
    const { query, hash, groupKey, seed, salt, sides } = await readSplit(storeDir, dataset, name)
    return { name, protocol: protocolOfSplit({ name, query }, protocols), hash, groupKey, seed, salt, sides: countSides(sides) }
  }))
}
