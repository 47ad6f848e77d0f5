import { existsSync } from 'node:fs'
import { collectGarbage, findGarbage, type Garbage } from '../store/index.ts'
import { listRuns, type RunRecord } from '../train/index.ts'

/** What can be let go of, or was, and which runs were asked what they need. */
export type Collection = { readonly runs: { readonly folder: string; readonly exists: boolean; readonly count: number }; readonly datasets: readonly Garbage[] }

/**
 * Versions that no tag, split or run needs, in each of the data sets; with `apply` they are let go of. Throws what the store throws, and E_RUN_DAMAGED: a run
 * that cannot be read may need any of them.
 */
export async function garbageOf({ storeDir, runsDir, datasets, apply }: {
  readonly storeDir: string; readonly runsDir: string; readonly datasets: readonly string[]; readonly apply: boolean
}): Promise<Collection> {
  const runs = await everyRun(runsDir)
  const garbage = []
  for (const dataset of datasets) {
    const references = runs.filter((run) => run.dataset === dataset).map(({ run, root }) => ({ name: `run ${run}`, root }))
    garbage.push(await (apply ? collectGarbage : findGarbage)(storeDir, dataset, references))
  }
  return { runs: { folder: runsDir, exists: existsSync(runsDir), count: runs.length }, datasets: garbage }
}

async function everyRun(runsDir: string): Promise<RunRecord[]> {
  const { runs, damaged: [first] } = await listRuns(runsDir)
  if (first === undefined) return runs
  throw first.error
}
