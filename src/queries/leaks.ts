import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { unknownName } from '../errors.ts'
import type { Skeleton } from '../skeleton.ts'
import { nearDuplicateLeaks } from './leaks/near-duplicate.ts'
import { rowsOf } from './rows-of.ts'

/** What makes a split worth less than it seems; `code` = the gate that found it, `meaning` = what it found, in one sentence, `count` how often. */
export type Leak = { readonly code: string; readonly meaning: string; readonly count: number; readonly examples: readonly string[]; readonly allowed: boolean }

/** One way in which a split can leak. */
type Gate = {
  readonly code: string
  readonly meaning: string
  /** What it finds in the `members` of a session, as texts, in order. */
  find(connection: DuckDBConnection, skeletons: readonly Skeleton[]): Promise<readonly string[]>
}

/** Every gate, in the order of their report. What each means, its thresholds and what it finds in real data: docs/leaks.md. */
export const leakGates: readonly Gate[] = [
  sqlGate('empty-side', 'a side has no frames'),
  sqlGate('unlabelled-side', 'a side has none of the labels that another side has'),
  sqlGate('group-on-two-sides', 'a group (a recording, unless the split says otherwise) is divided'),
  sqlGate('subject-on-two-sides', 'a person is on two sides'),
  sqlGate('file-on-two-sides', 'the same raw bytes are on two sides'),
  sqlGate('picture-on-two-sides', 'the same picture is on two sides'),
  sqlGate('neighbouring-frames', 'clips of one film, less than 30 frames apart, are on two sides'),
  { code: 'near-duplicate', meaning: 'the same movement is on two sides, whatever its place, size, mirror and speed', find: nearDuplicateLeaks },
  sqlGate('statistics-on-test', 'something else was fitted on clips of another side than train'),
]

/** Throws E_LEAK_UNKNOWN, with the nearest code, for one that no gate has. */
export function checkLeakCodes(codes: readonly string[]): void {
  const known = leakGates.map(({ code }) => code)
  for (const code of codes) if (!known.includes(code)) throw unknownName('E_LEAK_UNKNOWN', 'leak', code, known)
}

/** Runs every gate on the tables `members`, `groups` and `fitted` of a session; those that found nothing are left out. */
export async function findLeaks(connection: DuckDBConnection, skeletons: readonly Skeleton[]): Promise<Omit<Leak, 'allowed'>[]> {
  const leaks: Omit<Leak, 'allowed'>[] = []
  for (const { code, meaning, find } of leakGates) {
    const found = await find(connection, skeletons)
    if (found.length > 0) leaks.push({ code, meaning, count: found.length, examples: found.slice(0, 5) })
  }
  return leaks
}

/** A gate whose query, in `leaks/<code>.sql`, answers one row `example` per finding. */
function sqlGate(code: string, meaning: string): Gate {
  return {
    code, meaning,
    find: async (connection) => (await rowsOf(connection, await readFile(new URL(`./leaks/${code}.sql`, import.meta.url), 'utf8'), {})).map(({ example }) => String(example)),
  }
}
