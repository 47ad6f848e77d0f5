import { join } from 'node:path'
import { ToolkitError } from '../errors.ts'
import { lockFolder } from '../store/index.ts'
import { removeRun } from '../train/index.ts'
import { writeFailure } from '../write-failure.ts'

export type Unlock = () => Promise<void>

/** A run that nobody else writes until it is unlocked. Throws E_RUN_BUSY while another process trains it, E_RUNS_READ_ONLY, E_DISK_FULL. */
export async function lockRun<Run extends { readonly run: string }>(runsDir: string, record: Run): Promise<{ record: Run; run: string; unlock: Unlock }> {
  const folder = join(runsDir, record.run)
  try {
    return { record, run: record.run, unlock: await lockFolder(folder) }
  } catch (cause) {
    if (!(cause instanceof ToolkitError)) throw writeFailure(cause, folder)
    throw new ToolkitError('E_RUN_BUSY', `run ${record.run}: ${cause.message}`, { cause, hint: cause.hint! })
  }
}

/** Removes a run that nobody trains. Answers its name. Throws E_RUN_UNKNOWN, E_RUN_DAMAGED, E_RUN_BUSY. */
export async function removeIdleRun(runsDir: string, name: string): Promise<string> {
  return removeRun(runsDir, name, async (run) => (await lockRun(runsDir, { run })).unlock)
}
