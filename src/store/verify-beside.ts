import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { findCommit } from './commits.ts'
import { realDisk } from './disk.ts'
import type { Manifest } from './manifest.ts'
import type { Problem } from './problem.ts'
import { listReceipts, type Receipt } from './receipts.ts'
import { listSplits, readSplit } from './splits.ts'
import { allFiles } from './stored-files.ts'

/** The newest manifest and all it leads back to; a commit that is missing or damaged is a problem. */
export async function checkHistory(folder: string, manifest: Manifest): Promise<{ readonly kept: readonly Manifest[]; readonly problems: readonly Problem[] }> {
  const kept = [manifest]
  const problems: Problem[] = []
  for (const commit of [manifest.commit, ...manifest.history]) {
    const file = `commits/${commit}.json`
    const found = await findCommit(folder, commit).catch((error: unknown) => error instanceof ToolkitError ? error : Promise.reject(error))
    if (found === null) problems.push({ file, code: 'E_FILE_MISSING', message: 'the manifest leads back to it, the folder lacks it: bring it back from a backup; its shards are kept until posetta gc' })
    else if (found instanceof ToolkitError) problems.push({ file, code: found.code, message: found.message })
    else if (commit !== manifest.commit) kept.push(found)
  }
  return { kept, problems }
}

/** Splits that are not as they were written. */
export async function checkSplits(storeDir: string, dataset: string): Promise<{ readonly checked: number; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = []
  const names = await listSplits(storeDir, dataset)
  for (const name of names) {
    const error = await readSplit(storeDir, dataset, name).then(() => null, (error: unknown) => error)
    if (error instanceof ToolkitError) problems.push({ file: `splits/${name}`, code: error.code, message: error.message })
    else if (error !== null) throw error
  }
  return { checked: 2 * names.length, problems }
}

/** Receipts by shard; null = damaged. */
type Receipts = ReadonlyMap<string, Receipt | null>

/** Receipts that are damaged or lie in the place of others: no part of the data, and no clip is lost by them. */
export async function checkReceipts(folder: string): Promise<{ readonly receipts: Receipts; readonly problems: readonly Problem[] }> {
  const receipts = await listReceipts(folder, realDisk)
  const problems = [...receipts].flatMap(([shard, receipt]): Problem[] => {
    const of = receipt?.shard?.shard ?? shard
    if (receipt !== null && of === shard) return []
    const what = receipt === null ? 'it was changed after it was written' : `it is that of shard ${of}`
    const message = `${what}; no part of the data: remove it, and the next ingest reads again what it stood for`
    return [{ file: `receipts/${shard}.json`, code: 'E_RECEIPT', message, clips: [] }]
  })
  return { receipts, problems }
}

type Beside = { readonly receipts: Receipts; readonly isWhole: boolean }

/**
 * Files that nothing in the data set leads to. Shards that an unfinished ingest has left for the next one to go on from are known by
 * their receipts; `isWhole` = every version could be read, so that none of them names more.
 */
export async function extraFiles(folder: string, kept: readonly Manifest[], { receipts, isWhole }: Beside): Promise<Problem[]> {
  const pending = [...receipts.values()].flatMap((receipt) => receipt?.shard?.files ?? [])
  const splits = (await namesIn(folder, 'splits')).filter((name) => name.endsWith('.json'))
  const left = isWhole ? 'left by an interrupted ingest (the next one removes it) or put there by hand'
    : 'left by an interrupted ingest, put there by hand, or part of a version whose own file is damaged'
  const stopped = 'left by a command that was stopped, or put there by hand'
  const rooms: readonly { readonly room: string; readonly known: readonly string[]; readonly message: string }[] = [
    { room: 'shards', known: [...kept.flatMap(allFiles), ...pending].map(({ file }) => file), message: `the manifest does not name it: ${left}` },
    {
      room: 'commits', known: [kept[0]!.commit, ...kept[0]!.history].map((commit) => `${commit}.json`),
      message: 'no version leads to it: posetta gc removes it',
    },
    { room: 'receipts', known: [...receipts.keys()].map((shard) => `${shard}.json`), message: 'no receipt: put there by hand' },
    { room: 'splits', known: [...splits.flatMap((name) => [name, name.replace(/json$/, 'parquet')]), '.lock'], message: `no split has it: ${stopped}` },
    { room: '.', known: ['manifest.json', 'shards', 'commits', 'receipts', 'splits', '.lock', '.staging'], message: `no file of a data set: ${stopped}` },
  ]
  const found = await Promise.all(rooms.map(async ({ room, known, message }) => {
    const names = new Set(known)
    const extra = (await namesIn(folder, room)).filter((name) => !names.has(name))
    return extra.map((name) => ({ file: join(room, name), code: 'E_FILE_EXTRA', message, clips: [] }))
  }))
  return found.flat()
}

async function namesIn(folder: string, room: string): Promise<string[]> {
  return existsSync(join(folder, room)) ? (await readdir(join(folder, room))).sort() : []
}
