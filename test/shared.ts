import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of real annotations beside the project, or where POSETTA_SHARED says; null when there is none, and tests that need it say that they skipped. */
export const shared: string | null = [process.env['POSETTA_SHARED'], fileURLToPath(new URL('../../shared', import.meta.url))]
  .find((folder): folder is string => folder !== undefined && existsSync(folder)) ?? null

/** The complete real Penn Action annotations (`labels/*.mat`), or null. */
export const realPenn: string | null = shared === null ? null : `${shared}/data/penn-action`
