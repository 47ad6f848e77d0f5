import type { DuckDBConnection } from '@duckdb/node-api'
import type { GroupKey } from '../split.ts'
import { type QueryPlace, withSession } from './session.ts'
import { openSourceClusters } from './source-clusters/source-clusters.ts'

/** A session in whose table of clips the group key of a data set is a column: that of source clusters is derived first. */
export async function withGroupedSession<T>(place: QueryPlace, { dataset, groupKey }: { dataset: string; groupKey: GroupKey }, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return withSession(place, async (connection) => {
    if (groupKey === 'source_cluster') await openSourceClusters(connection, dataset)
    return use(connection)
  })
}
