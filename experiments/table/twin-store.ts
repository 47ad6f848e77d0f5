import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { writeTwin } from '../../src/ingest/synthetic/index.ts'
import { TWIN_FILE } from '../../src/ingest/twin-file.ts'
import { listDatasets } from '../../src/store/index.ts'

/** What `posetta synth` is asked for; with a ball there are frames, which the store then holds. */
export type TwinRequest = { readonly dataset: string; readonly clips: number; readonly ball?: boolean; readonly seed?: number }

/**
 * A store that lacks the data set gets its twin: written in the raw layout beside the store, as `posetta synth`, and ingested. A store that has it stays as it is. Whether what it now has is a
 * twin that was made here; killed on the way, the same call goes on.
 */
export async function twinStore(storeDir: string, { dataset, clips, ball = false, seed = 0 }: TwinRequest): Promise<boolean> {
  const rawDir = join(`${storeDir}-twin`, dataset)
  if (!(await listDatasets(storeDir)).includes(dataset)) {
    const entry = entryOf(await readCatalog(), dataset)
    await writeTwin(entry, rawDir, { clips, seed, frames: ball, ball })
    await ingest({ entry, rawDir, storeDir, jobs: 1, frames: ball ? 'embed' : 'none' })
  }
  return existsSync(join(rawDir, TWIN_FILE))
}
