import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { twinStoreOnce } from '../made-once.ts'
import { temporaryFolder } from './folder.ts'

/** Ingests two clips of Penn Action's twin (1037 and 1149) with their pictures once; answers with a function that gives a test a store of its own. */
export function twinStore(): () => Promise<{ storeDir: string; folder: string; fileOf: (table: string) => Promise<string> }> {
  let made: string
  beforeAll(async () => { made = await twinStoreOnce('penn-action', { clips: 2, seed: 1, frames: true }, 'embed') })
  return async () => {
    const storeDir = await temporaryFolder()
    await cp(made, storeDir, { recursive: true })
    return { storeDir, folder: join(storeDir, 'penn-action'), fileOf: fileIn(join(storeDir, 'penn-action/shards')) }
  }
}

/** Finds the file of a table, `frames-two` that of a layout, by how its name begins. */
export function fileIn(folder: string): (table: string) => Promise<string> {
  return async (table) => join(folder, (await readdir(folder)).sort().find((name) => name.startsWith(`${table}-`))!)
}
