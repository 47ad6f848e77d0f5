import { join } from 'node:path'
import { fewNames } from '../few-names.ts'
import { shellWord } from '../shell-word.ts'
import { type Condition, conditionOf, listFolders } from '../store/index.ts'
import type { Check } from './check.ts'

/** Looks at every data set of a store by names and sizes; no file of data is read. */
export async function examineStore(storeDir: string): Promise<Check[]> {
  const folders = await listFolders(storeDir)
  if (folders.length === 0) return [{ name: 'store', state: 'warn', detail: `nothing ingested in "${storeDir}"`, fix: command('ingest penn-action RAW_DIR', storeDir) }]
  const checks = []
  for (const dataset of folders) checks.push(...examineDataset(storeDir, await conditionOf(storeDir, dataset)))
  return checks
}

/** One line for the data set as such, and one for everything that is wrong with it. */
function examineDataset(storeDir: string, condition: Condition): Check[] {
  const { dataset, missing, resized, lost, hasDrafts, unnamed } = condition
  const ingest = command(`ingest ${dataset} RAW_DIR`, storeDir)
  const isBusy = condition.writers.some(({ isAlive }) => isAlive !== false)
  const found: (Check | null)[] = [
    manifestCheck(storeDir, condition, ingest),
    missing.length === 0 ? null : { name: dataset, state: 'fail', detail: `files missing: ${counted(missing)}`, fix: ingest },
    resized.length === 0 ? null : { name: dataset, state: 'fail', detail: `files of another size than they were written with: ${counted(resized)}`, fix: ingest },
    ...condition.writers.map((writer) => writerCheck(dataset, writer)),
    isBusy || condition.failure !== null || (unnamed.length === 0 && !hasDrafts) ? null : { name: dataset, state: 'warn', detail: `an ingest was interrupted: ${leftOf(condition)}`, fix: `${ingest} (goes on with them)` },
    lost.length === 0 ? null : { name: dataset, state: 'warn', detail: `versions that the newest one leads back to and that are gone: ${counted(lost.map((commit) => commit.slice(0, 12)))}`, fix: command(`gc ${dataset} --yes`, storeDir) },
    ...condition.damagedSplits.map((name) => splitCheck(storeDir, dataset, name)),
  ]
  return found.filter((check) => check !== null)
}

function manifestCheck(storeDir: string, { dataset, manifest, failure, spare, unnamed, hasDrafts }: Condition, ingest: string): Check | null {
  if (manifest !== null) {
    const detail = `${manifest.counts.clips} clips, root ${manifest.root.slice(0, 12)}, ${manifest.history.length + 1} ${manifest.history.length === 0 ? 'version' : 'versions'}`
    return manifest.complete ? { name: dataset, state: 'ok', detail, fix: null } : { name: dataset, state: 'warn', detail: `${detail}; a part of the download`, fix: `${ingest} (with the whole download)` }
  }
  const folder = join(storeDir, dataset)
  if (spare !== null) {
    const fix = `cp ${shellWord(join(folder, `commits/${spare}.json`))} ${shellWord(join(folder, 'manifest.json'))}`
    return { name: dataset, state: 'fail', detail: failure?.message ?? `"${folder}" has lost its manifest`, fix }
  }
  if (failure === null) return unnamed.length === 0 && !hasDrafts ? { name: dataset, state: 'warn', detail: `"${folder}" holds no data set yet`, fix: ingest } : null
  return { name: dataset, state: 'fail', detail: failure.message, fix: failure.code === 'E_STORE_VERSION' ? ingest : `mv ${shellWord(folder)} ${shellWord(`${folder}.damaged`)} && ${ingest}` }
}

function writerCheck(dataset: string, { file, host, pid, isAlive }: Condition['writers'][number]): Check {
  const fix = `rm ${shellWord(file)}`
  if (isAlive === true) return { name: dataset, state: 'ok', detail: `is being written by process ${pid}`, fix: null }
  if (isAlive === false) return { name: dataset, state: 'warn', detail: `process ${pid} ended without letting go of it; the next writer tidies up`, fix }
  return { name: dataset, state: 'warn', detail: `is held by process ${pid} on ${host}; nobody can write while that is so`, fix: `${fix} (if it is no longer at it)` }
}

function leftOf({ unnamed, hasDrafts }: Condition): string {
  return [...(unnamed.length === 0 ? [] : [`files that no version names: ${counted(unnamed)}`]), ...(hasDrafts ? ['drafts in .staging'] : [])].join('; ')
}

function counted(names: readonly string[]): string {
  return `${names.length} (${fewNames(names, 2)})`
}

function splitCheck(storeDir: string, dataset: string, name: string): Check {
  const files = ['json', 'parquet'].map((kind) => shellWord(join(storeDir, dataset, 'splits', `${name}.${kind}`)))
  const again = command(`split ${dataset} --protocol ${name}`, storeDir)
  return { name: dataset, state: 'fail', detail: `split "${name}" is not as it was written`, fix: `rm -f ${files.join(' ')} && ${again} (or --query and the file it was made from)` }
}

function command(words: string, storeDir: string): string {
  return `posetta ${words} --store ${shellWord(storeDir)}`
}
