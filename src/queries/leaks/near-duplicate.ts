import type { DuckDBConnection } from '@duckdb/node-api'
import type { Skeleton } from '../../skeleton.ts'
import { type NearDuplicate, nearDuplicates } from '../near-duplicates/near-duplicates.ts'
import { readPoseTracks } from '../near-duplicates/read-pose-tracks.ts'
import { rowsOf } from '../rows-of.ts'

/** The pairs of clips of a session's `members` that lie on two sides and move alike, the closest first, as texts: frames [start, end) of both and how far apart they are. */
export async function nearDuplicateLeaks(connection: DuckDBConnection, skeletons: readonly Skeleton[]): Promise<string[]> {
  const rows = await rowsOf(connection, 'SELECT clip_id, side FROM members ORDER BY clip_id', {})
  const sides = new Map(rows.map(({ clip_id: clip, side }) => [String(clip), String(side)]))
  const found = (await readPoseTracks(connection, skeletons)).flatMap((tracks) => nearDuplicates(tracks, (first, second) => sides.get(first.clip) !== sides.get(second.clip)))
  const describe = ({ clip }: NearDuplicate['first'], [start, end]: readonly [number, number]): string => `${clip} (${sides.get(clip)}, frames ${start} to ${end})`
  return found.sort((one, other) => one.distance - other.distance)
    .map(({ first, second, a, b, isMirrored, distance }) => `${describe(first, a)} = ${describe(second, b)}${isMirrored ? ', mirrored' : ''}, distance ${distance.toFixed(3)}`)
}
