import { ToolkitError } from '../errors.ts'
import type { Hash } from '../hash.ts'
import type { Receipt } from '../store/index.ts'
import type { PlanItem } from './adapter.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { RawFolder } from './raw-folder.ts'

/** What an earlier ingest knows of an item, and in which shard it was then. */
export type Known = { readonly shard: string; readonly item: Receipt['items'][number] }

/** Everything that earlier ingests with the same key know, by id: receipts of several of them may lie side by side. Items that are to be read in any case are left out. */
export function knownItems(receipts: ReadonlyMap<string, Receipt>, key: Hash): Map<string, Known[]> {
  const known = new Map<string, Known[]>()
  for (const [shard, receipt] of receipts) {
    if (receipt.key !== key) continue
    for (const item of receipt.items) if (item.fingerprint !== null) known.set(item.id, [...known.get(item.id) ?? [], { shard, item }])
  }
  return known
}

/** An item as it looks now; `fingerprint` null = its files cannot be looked at, `known` null = it is to be read. */
export type Looked = { readonly fingerprint: string | null; readonly sizes: ReadonlyMap<string, number>; readonly known: Known | null }

/** What is known of an item that nothing has changed since, if possible by the receipt of `shard`. */
export function look(raw: RawFolder, item: PlanItem, known: ReadonlyMap<string, readonly Known[]>, shard: string): Looked {
  const seen = lookAt(raw, item)
  const same = seen.fingerprint === null ? [] : (known.get(item.id) ?? []).filter((one) => one.item.fingerprint === seen.fingerprint)
  return { ...seen, known: same.find((one) => one.shard === shard) ?? same[0] ?? null }
}

/** A folder that cannot be listed is no reason to stop here: reading the item will say so. */
function lookAt(raw: RawFolder, item: PlanItem): Omit<Looked, 'known'> {
  try {
    return fingerprintOf(raw, item)
  } catch (error) {
    if (error instanceof ToolkitError) return { fingerprint: null, sizes: new Map() }
    throw error
  }
}
