import { join } from 'node:path'
import { fewNames } from '../few-names.ts'
import { shellWord } from '../shell-word.ts'
import { type Condition, conditionOf, listFolders } from '../store/index.ts'
import type { Check } from './check.ts'

/** Looks at every data set of a store by names and sizes; no file of data is read. */
export async function examineStore(storeDir: string): Promise<Check[]> {
  const folders = await listFolders(storeDir)
  const first = command('ingest penn-action RAW_DIR', storeDir)
  if (folders.length === 0) return [{ name: 'store', state: 'warn', detail: `nothing ingested in "${storeDir}"`, fix: first }]
  const checks = []
  for (const dataset of folders) checks.push(...examineDataset(storeDir, await conditionOf(storeDir, dataset)))
  return checks
}

/** A line for the data set as such, and one for everything that is wrong with it. */
function examineDataset(storeDir: string, condition: Condition): Check[] {
  const { dataset, missing, resized, unnamed, lost, damaged, writers, hasDrafts } = condition
  const ingest = command(`ingest ${dataset} RAW_DIR`, storeDir)
  const checks = [...manifestChecks(storeDir, condition, ingest), ...writers.map((writer) => writerCheck(dataset, writer))]
  const add = (state: Check['state'], detail: string, fix: string): void => void checks.push({ name: dataset, state, detail, fix })
  if (missing.length > 0) add('fail', `files missing: ${counted(missing)}`, ingest)
  if (resized.length > 0) add('fail', `files of another size than they were written with: ${counted(resized)}`, ingest)
  const left = [...(unnamed.length > 0 ? [`files that no version names: ${counted(unnamed)}`] : []), ...(hasDrafts ? ['drafts in .staging'] : [])]
  const isAtWork = writers.some(({ isAlive }) => isAlive !== false)
  // without the manifest of a version nobody knows what it names
  const isKnown = condition.failure === null && lost.length + damaged.length === 0
  if (left.length > 0 && !isAtWork && isKnown) add('warn', `an ingest was interrupted: ${left.join('; ')}`, `${ingest} # goes on with them`)
  const backup = (commit: string): string => `cp BACKUP/commits/${commit}.json ${shellWord(join(storeDir, dataset, 'commits', `${commit}.json`))}`
  if (damaged.length > 0) add('fail', `versions whose own files under commits/ are not as they were written: ${counted(damaged.map(short))}`, `${backup(damaged[0]!)} # from a backup`)
  if (lost.length > 0) {
    const fix = `${backup(lost[0]!)} # from a backup; without one, ${command(`gc ${dataset}`, storeDir)} says what goes with them`
    add('warn', `versions that the newest one leads back to and whose own files under commits/ are gone: ${counted(lost.map(short))}`, fix)
  }
  for (const name of condition.damagedSplits) add('fail', `split "${name}" is not as it was written`, splitFix(storeDir, dataset, name))
  return checks
}

function manifestChecks(storeDir: string, { dataset, manifest, failure, spare, unnamed, hasDrafts }: Condition, ingest: string): Check[] {
  if (manifest !== null) {
    const versions = `${manifest.history.length + 1} ${manifest.history.length === 0 ? 'version' : 'versions'}`
    const detail = `${manifest.counts.clips} clips, root ${manifest.root.slice(0, 12)}, ${versions}`
    if (manifest.complete) return [{ name: dataset, state: 'ok', detail, fix: null }]
    // no ingest makes it whole
    if (manifest.withdrawn.length > 0) return [{ name: dataset, state: 'ok', detail: `${detail}; clips were taken out of it`, fix: null }]
    return [{ name: dataset, state: 'warn', detail: `${detail}; a part of the download`, fix: `${ingest} # with the whole download` }]
  }
  const folder = join(storeDir, dataset)
  if (spare !== null) {
    const fix = `cp ${shellWord(join(folder, `commits/${spare}.json`))} ${shellWord(join(folder, 'manifest.json'))}`
    return [{ name: dataset, state: 'fail', detail: failure?.message ?? `"${folder}" has lost its manifest`, fix }]
  }
  if (failure !== null) {
    const fix = failure.code === 'E_STORE_VERSION' ? ingest : `mv ${shellWord(folder)} ${shellWord(`${folder}.damaged`)} && ${ingest}`
    return [{ name: dataset, state: 'fail', detail: failure.message, fix }]
  }
  return unnamed.length > 0 || hasDrafts ? [] : [{ name: dataset, state: 'warn', detail: `"${folder}" holds no data set yet`, fix: ingest }]
}

function writerCheck(dataset: string, { file, host, pid, isAlive }: Condition['writers'][number]): Check {
  const fix = `rm ${shellWord(file)}`
  if (isAlive === true) return { name: dataset, state: 'ok', detail: `is being written by process ${pid}`, fix: null }
  if (isAlive === false) return { name: dataset, state: 'warn', detail: `process ${pid} ended without letting go of it; the next writer tidies up`, fix }
  const detail = `is held by process ${pid} on ${host}; nobody can write while that is so`
  return { name: dataset, state: 'warn', detail, fix: `${fix} # if it is no longer at it` }
}

function short(commit: string): string {
  return commit.slice(0, 12)
}

function counted(names: readonly string[]): string {
  return `${names.length} (${fewNames(names, 2)})`
}

function splitFix(storeDir: string, dataset: string, name: string): string {
  const files = ['json', 'parquet'].map((kind) => shellWord(join(storeDir, dataset, 'splits', `${name}.${kind}`)))
  return `rm -f ${files.join(' ')} && ${command(`split ${dataset} --protocol ${name}`, storeDir)} # or --query and the file it was made from`
}

function command(words: string, storeDir: string): string {
  return `posetta ${words} --store ${shellWord(storeDir)}`
}
