import type { Split } from '../split.ts'
import { withGroupedSession } from './grouped-session.ts'
import { membersOf } from './members.ts'
import { checkReadOnly } from './read-only.ts'
import { rowsOf } from './rows-of.ts'
import type { QueryPlace } from './session.ts'

/** The sides that the query of a split answers today, over the versions of `place`; nothing is kept. Throws what reading SQL and `membersOf` throw. */
export async function rebuildMembers(place: QueryPlace, { name, dataset, query, groupKey, seed, salt }: Split): Promise<Split['sides']> {
  return withGroupedSession(place, { dataset, groupKey }, async (connection) => membersOf(await rowsOf(connection, await checkReadOnly(connection, query), { dataset, seed, salt }), name))
}
