import type { DuckDBConnection } from '@duckdb/node-api'
import type { Skeleton } from '../../skeleton.ts'
import { type NearDuplicate, nearDuplicates } from '../near-duplicates/near-duplicates.ts'
import { readPoseTracks } from '../near-duplicates/read-pose-tracks.ts'
import { rowsOf } from '../rows-of.ts'

/**
 * The pairs of clips of a session's `members` that lie on two sides and move alike, the closest first, as texts: first and last frame of both and how far apart they
 * are. Clips of one group are left to the gate of groups.
 */
export async function nearDuplicateLeaks(connection: DuckDBConnection, skeletons: readonly Skeleton[]): Promise<string[]> {
  const rows = await rowsOf(connection, 'SELECT members.clip_id, side, group_key FROM members JOIN groups ON groups.clip_id = members.clip_id ORDER BY members.clip_id', {})
  const sides = new Map(rows.map(({ clip_id: clip, side }) => [String(clip), String(side)]))
  const groups = new Map(rows.map(({ clip_id: clip, group_key: group }) => [String(clip), String(group)]))
  const areCompared = (first: string, second: string): boolean => sides.get(first) !== sides.get(second) && groups.get(first) !== groups.get(second)
  const found = (await readPoseTracks(connection, skeletons)).flatMap((tracks) => nearDuplicates(tracks, (first, second) => areCompared(first.clip, second.clip)))
  const describe = ({ clip }: NearDuplicate['first'], [start, end]: readonly [number, number]): string => `${clip} (${sides.get(clip)}, frames ${start} to ${end - 1})`
  return found.sort((one, other) => one.distance - other.distance)
    .map(({ first, second, a, b, isMirrored, distance }) => `${describe(first, a)} = ${describe(second, b)}${isMirrored ? ', mirrored' : ''}, distance ${distance.toFixed(3)}`)
}
