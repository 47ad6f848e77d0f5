import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { collectGarbage, findGarbage, type Garbage } from '../store/index.ts'
import { readRun, runFile, type RunRecord } from '../train/index.ts'

/**
 * Versions that no tag, split or run needs, in each of the data sets; with `apply` they are let go of. Throws what the store throws, and E_RUN_DAMAGED: a run
 * that cannot be read may need any of them.
 */
export async function garbageOf({ storeDir, runsDir, datasets, apply }: {
  readonly storeDir: string; readonly runsDir: string; readonly datasets: readonly string[]; readonly apply: boolean
}): Promise<Garbage[]> {
  const runs = await everyRun(runsDir)
  const garbage = []
  for (const dataset of datasets) {
    const references = runs.filter((run) => run.dataset === dataset).map(({ run, root }) => ({ name: `run ${run}`, root }))
    garbage.push(await (apply ? collectGarbage : findGarbage)(storeDir, dataset, references))
  }
  return garbage
}

async function everyRun(runsDir: string): Promise<RunRecord[]> {
  const names = existsSync(runsDir) ? (await readdir(runsDir)).sort() : []
  return Promise.all(names.filter((name) => existsSync(runFile(runsDir, name, 'record'))).map((name) => readRun(runsDir, name === 'latest' ? './latest' : name)))
}
