import { entryOf, readCatalog } from '../../../src/catalog.ts'
import { ingest } from '../../../src/ingest/ingest.ts'
import { openTrainingShards } from '../../../src/loader/shards/index.ts'
import { realPenn } from '../../shared.ts'
import { temporaryFolder } from '../../store/folder.ts'
import { digestOf, expectedClips, readAll } from './shards.ts'

/** The clips of the real labels of Penn Action (the first `limit` of them) as digests: as the store has them, and as shards give them with each amount of memory. */
export async function realThroughShards({ limit, memoryBytes }: { limit?: number; memoryBytes: readonly number[] }): Promise<{ expected: string[]; found: string[][] }> {
  const storeDir = await temporaryFolder()
  await ingest({ entry: entryOf(await readCatalog(), 'penn-action'), rawDir: realPenn!, storeDir, jobs: 1, ...(limit === undefined ? {} : { limit }) })
  const found: string[][] = []
  for (const bytes of memoryBytes) {
    const shards = await openTrainingShards({ storeDir, dataset: 'penn-action', memoryBytes: bytes })
    found.push(readAll(shards.opened).map(digestOf))
    await shards.close()
  }
  return { expected: (await expectedClips(storeDir, 'penn-action')).map(digestOf), found }
}
