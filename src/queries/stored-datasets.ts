import { readCatalog } from '../catalog.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import { listDatasets, readVersion } from '../store/index.ts'
import type { Stored } from './frame-parts.ts'

/**
 * The data sets of a store, each in its newest version or in the one that `at` names: `dataset@version`, or the version alone where there is one data set.
 * Throws E_VERSION, E_NOT_INGESTED, and what `readVersion` throws.
 */
export async function storedDatasets(storeDir: string, catalogFiles: readonly string[], at: readonly string[]): Promise<Stored[]> {
  const [catalog, datasets] = [await readCatalog(catalogFiles), await listDatasets(storeDir)]
  const versions = new Map(at.map((name) => versionOf(name, datasets)))
  return Promise.all(datasets.map(async (dataset) => ({
    manifest: await readVersion(storeDir, dataset, versions.get(dataset)), skeletons: catalog.entries.find(({ name }) => name === dataset)?.skeletons ?? [],
  })))
}

function versionOf(name: string, datasets: readonly string[]): [dataset: string, version: string] {
  const at = name.indexOf('@')
  if (at < 0 && datasets.length === 1) return [datasets[0]!, name]
  if (at < 0) throw new ToolkitError('E_VERSION', `version "${name}" of which data set?`, { hint: `say it: ${datasets.map((dataset) => `${dataset}@${name}`).join(', ') || '(the store is empty)'}` })
  if (!datasets.includes(name.slice(0, at))) throw unknownName('E_NOT_INGESTED', 'data set in the store named', name.slice(0, at), datasets)
  return [name.slice(0, at), name.slice(at + 1)]
}
