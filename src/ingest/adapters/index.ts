import type { DatasetEntry } from '../../catalog.ts'
import { ToolkitError } from '../../errors.ts'
import { EXPORT_FILE } from '../../store/export-files.ts'
import type { Adapter } from '../adapter.ts'
import type { RawFolder } from '../raw-folder.ts'
import { h2o } from './h2o/h2o.ts'
import { ikeaAsm } from './ikea-asm/ikea-asm.ts'
import { ntu } from './ntu/ntu.ts'
import { nwUcla } from './nw-ucla/nw-ucla.ts'
import { pennAction } from './penn-action/penn-action.ts'
import { poseJson } from './pose-json/pose-json.ts'
import { pyskl } from './pyskl/pyskl.ts'
import { table } from './table/table.ts'

/** Every raw layout that is understood, by the name that the catalog's `adapter` uses. */
export const adapters: Readonly<Record<string, Adapter>> = {
  h2o,
  'ikea-asm': ikeaAsm,
  ntu,
  'nw-ucla': nwUcla,
  'penn-action': pennAction,
  'pose-json': poseJson,
  pyskl,
  table,
}

/** The adapter of a data set, or, for a folder that `posetta export` made, the one that reads those, into shards as large. Throws E_ADAPTER. */
export async function adapterOf({ name, adapter }: DatasetEntry, raw: RawFolder): Promise<Adapter> {
  const own = adapters[adapter]
  if (own === undefined) throw new ToolkitError('E_ADAPTER', `data set "${name}" asks for the adapter "${adapter}"`, { hint: `There are: ${Object.keys(adapters).join(', ')}` })
  if (raw.stat(EXPORT_FILE) === null) return own
  // only when it is needed: it needs the whole store, which a reading thread can do without
  const { posettaExport } = await import('./posetta-export/posetta-export.ts')
  return { ...posettaExport, filmsPerShard: own.filmsPerShard }
}
