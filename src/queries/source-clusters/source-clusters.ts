import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { grouped } from '../../store/index.ts'
import { rowsOf } from '../rows-of.ts'
import { sourceLinks, type SourcePlace } from './source-links.ts'

/**
 * Gives the clips of a session the column `source_cluster`: clips of one recording, and those that `sourceLinks` holds for cuts of one film, directly or by way of others
 * (single linkage). A cluster is called by the first of its recordings. It is derived from poses alone: not every clip of a film is found, and clips that are added
 * may join two clusters.
 */
export async function openSourceClusters(connection: DuckDBConnection, dataset: string): Promise<void> {
  const clips = await rowsOf(connection, 'SELECT id, group_id FROM clips WHERE dataset = $dataset ORDER BY id', { dataset })
  const groups = new Map(clips.map(({ id, group_id: group }) => [String(id), String(group)]))
  const links = sourceLinks(await readPlaces(connection, dataset)).map(({ first, second }) => [groups.get(first)!, groups.get(second)!] as const)
  const clusterOf = linked([...groups.values()], links)
  await connection.run('CREATE TABLE source_clusters (clip_id VARCHAR, source_cluster VARCHAR)')
  const appender = await connection.createAppender('source_clusters')
  for (const [clip, group] of groups) {
    appender.appendVarchar(clip)
    appender.appendVarchar(clusterOf(group))
    appender.endRow()
  }
  appender.closeSync()
  await connection.run('ALTER VIEW clips RENAME TO stored_clips')
  await connection.run('CREATE VIEW clips AS SELECT stored_clips.*, source_cluster FROM stored_clips LEFT JOIN source_clusters ON source_clusters.clip_id = stored_clips.id ORDER BY id')
}

/** Where the persons of a data set's clips are in their pictures, in order of clip and person. */
export async function readPlaces(connection: DuckDBConnection, dataset: string): Promise<SourcePlace[]> {
  const rows = await rowsOf(connection, await readFile(new URL('./source-places.sql', import.meta.url), 'utf8'), { dataset })
  const joints = rows.reduce((most, { joint }) => Math.max(most, Number(joint) + 1), 0)
  return [...grouped(rows, ({ clip_id: clip, person }) => `${String(clip)} ${String(person)}`).values()].map((placed) => {
    const [x, y] = [new Float64Array(joints).fill(NaN), new Float64Array(joints).fill(NaN)]
    for (const row of placed) {
      x[Number(row['joint'])] = Number(row['x'])
      y[Number(row['joint'])] = Number(row['y'])
    }
    const { clip_id: clip, width, height } = placed[0]!
    return { clip: String(clip), frame: `${String(width)} x ${String(height)}`, x, y }
  })
}

/** The first, in order, of all names that a name is linked with, directly or by way of others. */
function linked(names: readonly string[], links: readonly (readonly [string, string])[]): (name: string) => string {
  const parent = new Map(names.map((name) => [name, name]))
  const rootOf = (name: string): string => (parent.get(name) === name ? name : rootOf(parent.get(name)!))
  for (const link of links) {
    const [first, second] = link.map(rootOf).sort() as [string, string]
    parent.set(second, first)
  }
  return rootOf
}
