import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ToolkitError } from '../../../src/errors.ts'
import type { TrainingShards } from '../../../src/loader/shards/index.ts'
import { flipBit } from '../../store/flip.ts'
import { hashTree } from '../../store/folder.ts'
import { digestOf, expectedClips, openTiny, readAll, tinyStore } from './shards.ts'

/** The files of an entry. */
export const files = ['index.bin', 'shard-00000.arrow', 'entry.json'] as const

/** Turns a bit at so many places of a file, one after the other. Answers the places after which clips or files did not come back as they were. */
export async function healAt(file: string, places: number): Promise<number[]> {
  const storeDir = await tinyStore()
  const { opened: { folder }, close } = await openTiny(storeDir)
  await close()
  const expected = [(await expectedClips(storeDir)).map(digestOf), await filesIn(folder)]
  const { size } = await stat(join(folder, file))
  const lost = []
  for (let place = 0; place < places; place++) {
    await flipBit(join(folder, file), Math.floor((place * size) / places), place % 8)
    const shards = await openTiny(storeDir, { memoryBytes: place % 2 === 0 ? 0 : 2 ** 30 })
    const found = [await readHealing(shards), await filesIn(folder)]
    await shards.close()
    if (!isDeepStrictEqual(found, expected)) lost.push(place)
  }
  return lost
}

/** sha256 of the files of an entry; `used` changes with every use. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const { used: _, ...files } = await hashTree(folder)
  return files
}

/** Every clip, after healing once where damage is met, as a loader does. */
async function readHealing({ opened, heal }: TrainingShards): Promise<string[]> {
  try {
    return readAll(opened).map(digestOf)
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code !== 'E_SHARD_DAMAGED') throw error
    await heal()
    return readAll(opened).map(digestOf)
  }
}
