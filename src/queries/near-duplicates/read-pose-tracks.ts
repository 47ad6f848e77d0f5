import type { DuckDBConnection } from '@duckdb/node-api'
import { mirrorOrder, type Skeleton } from '../../skeleton.ts'
import { rowsOf } from '../rows-of.ts'
import { trustScans } from '../trusted-scan.ts'
import { type PoseTrack, poseTrack } from './pose-track.ts'

/** Longer clips are looked at every 2nd, 4th, ... frame. */
const MOST_FRAMES = 512

/**
 * The tracks of the clips of a session's `members`, one list per skeleton and number of axes, each in order of clip and person. Clips whose skeleton is not among
 * `skeletons`, and those with too few joints to tell people apart, have none.
 */
export async function readPoseTracks(connection: DuckDBConnection, skeletons: readonly Skeleton[]): Promise<PoseTrack[][]> {
  const layouts = await rowsOf(connection, 'SELECT DISTINCT skeleton, dims FROM clips SEMI JOIN members ON members.clip_id = clips.id WHERE has_keypoints ORDER BY skeleton, dims', {})
  const lists: PoseTrack[][] = []
  for (const { skeleton: name, dims } of layouts) {
    const skeleton = skeletons.find((skeleton) => skeleton.name === name)
    if (skeleton !== undefined) lists.push(await readLayout(connection, skeleton, dims as 2 | 3))
  }
  return lists
}

type Rows = {
  readonly clip: string
  readonly person: number
  readonly stride: number
  /** [frames, joints, dims]. */
  readonly positions: number[]
}

async function readLayout(connection: DuckDBConnection, skeleton: Skeleton, dims: 2 | 3): Promise<PoseTrack[]> {
  const tracks: PoseTrack[] = []
  for await (const { clip, person, stride, positions } of rowsByTrack(connection, skeleton, dims)) {
    const track = poseTrack({ clip, person, stride, frames: positions.length / skeleton.joints.length / dims, dims, mirrorOrder: mirrorOrder(skeleton), positions: Float32Array.from(positions) })
    if (track !== null) tracks.push(track)
  }
  return tracks
}

async function* rowsByTrack(connection: DuckDBConnection, { name, joints }: Skeleton, dims: 2 | 3): AsyncGenerator<Rows> {
  const coordinates = joints.flatMap((_, joint) => ['x', 'y', 'z'].slice(0, dims).map((axis) => `${axis}[${joint + 1}]`))
  const sql = `
    WITH chosen AS (
      SELECT id, CAST(pow(2, greatest(0, ceil(log2(n_frames / ${MOST_FRAMES})))) AS INTEGER) AS stride
      FROM clips SEMI JOIN members ON members.clip_id = clips.id WHERE skeleton = $skeleton AND dims = $dims)
    SELECT clip_id, person, stride, ${coordinates.join(', ')} FROM keypoints JOIN chosen ON chosen.id = clip_id WHERE frame % stride = 0 ORDER BY clip_id, person, frame`
  await trustScans(connection, sql)
  let track: Rows = { clip: '', person: 0, stride: 1, positions: [] }
  for await (const chunk of await connection.stream(sql, { skeleton: name, dims })) {
    const [clips, persons, strides, ...positions] = chunk.getColumns()
    for (const [row, clip] of clips!.entries()) {
      if (track.clip !== clip || track.person !== persons![row]) {
        if (track.positions.length > 0) yield track
        track = { clip: String(clip), person: Number(persons![row]), stride: Number(strides![row]), positions: [] }
      }
      for (const axis of positions) track.positions.push(axis[row] === null ? NaN : Number(axis[row]))
    }
  }
  if (track.positions.length > 0) yield track
}
