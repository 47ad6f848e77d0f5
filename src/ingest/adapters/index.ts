import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { EXPORT_FILE } from '../../store/export-files.ts'
import type { Adapter } from '../adapter.ts'
import type { RawFolder } from '../raw-folder.ts'

/** Every raw layout that is understood, by the name that the catalog's `adapter` uses, each loaded when it is asked for: a reading thread, too, would load all of them. */
export const adapters: Readonly<Record<string, () => Promise<Adapter>>> = {
  h2o: async () => (await import('./h2o/h2o.ts')).h2o,
  'ikea-asm': async () => (await import('./ikea-asm/ikea-asm.ts')).ikeaAsm,
  ntu: async () => (await import('./ntu/ntu.ts')).ntu,
  'nw-ucla': async () => (await import('./nw-ucla/nw-ucla.ts')).nwUcla,
  'penn-action': async () => (await import('./penn-action/penn-action.ts')).pennAction,
  'pose-json': async () => (await import('./pose-json/pose-json.ts')).poseJson,
  pyskl: async () => (await import('./pyskl/pyskl.ts')).pyskl,
  table: async () => (await import('./table/table.ts')).table,
}

/** The adapter of a data set, or, for a folder that `posetta export` made, the one that reads those, into shards as large. Throws E_ADAPTER. */
export async function adapterOf({ name, adapter }: DatasetEntry, raw: RawFolder): Promise<Adapter> {
  const load = adapters[adapter]
  if (load === undefined) throw new ToolkitError('E_ADAPTER', `data set "${name}" asks for the adapter "${adapter}"`, { hint: `There are: ${Object.keys(adapters).join(', ')}` })
  const own = await load()
  if (raw.stat(EXPORT_FILE) === null) return own
  // only when it is needed: it needs the whole store, which a reading thread can do without
  const { posettaExport } = await import('./posetta-export/posetta-export.ts')
  return { ...posettaExport, filmsPerShard: own.filmsPerShard }
}
