import { entryOf, readCatalog } from '../../src/catalog.ts'
import { ToolkitError } from '../../src/errors.ts'
import { sha256 } from '../../src/hash.ts'
import { runQuery } from '../../src/queries/index.ts'
import { listDatasets, readClips, readManifest, writeClips } from '../../src/store/index.ts'
import { firstPerson } from './first-person.ts'
import { type Routine, routinesOf } from './routines.ts'

/** Which routines, where they are labelled, and whose eyes see them. */
export type RoutineRequest = {
  readonly dataset: string
  readonly routines: readonly Routine[]
  readonly track: string
  readonly background: readonly string[]
  readonly camera: string
  /** Sources of joints that are taken before any other, the first first. */
  readonly sources: readonly string[]
  /** How a user comes to poses, where the store has none. */
  readonly hint: string
}

/**
 * Beside a store, one whose data set of the same name has every routine of it as a clip (see routinesOf), seen by one camera, its first person alone: of each number of dimensions the joints of the data set's first skeleton, from one
 * source: a preferred one, else that with most clips. Its folder is named after what it was made of, and it is made once. Throws E_ROUTINES_POSES without poses, E_ROUTINES without a routine.
 */
export async function routineStore({ storeDir, runsDir }: { storeDir: string; runsDir: string }, request: RoutineRequest): Promise<string> {
  const { dataset, routines } = request
  const entry = entryOf(await readCatalog(), dataset)
  const { root, complete } = await readManifest(storeDir, dataset)
  const folder = `${storeDir}-routines-${sha256(JSON.stringify([root, request])).slice(0, 12)}`
  if ((await listDatasets(folder)).includes(dataset)) return folder
  const ids = await seenBy({ storeDir, runsDir }, request, entry.skeleton.name)
  const clips = (await readClips(storeDir, dataset, ids)).flatMap((clip) => routinesOf(firstPerson(clip), routines, request))
  if (clips.length === 0) throw new ToolkitError('E_ROUTINES', `none of the routines ${routines.map(({ name }) => name).join(', ')} is labelled in ${ids.length} clips of ${dataset} in store "${storeDir}"`)
  await writeClips({ storeDir: folder, dataset, skeletons: entry.skeletons, clips, complete })
  return folder
}

async function seenBy(place: { storeDir: string; runsDir: string }, { dataset, camera, sources, hint }: RoutineRequest, skeleton: string): Promise<string[]> {
  const { rows } = await runQuery(place, `
    WITH posed AS (SELECT id, dims, source FROM clips WHERE dataset = '${dataset}' AND camera = '${camera}' AND skeleton = '${skeleton}' AND has_keypoints),
    sources AS (SELECT dims, source, row_number() OVER (PARTITION BY dims ORDER BY list_position([${sources.map((source) => `'${source}'`).join()}]::VARCHAR[], source) NULLS LAST, count(*) DESC, source) AS rank FROM posed GROUP BY dims, source)
    SELECT id FROM posed JOIN sources USING (dims, source) WHERE rank = 1 ORDER BY id`)
  if (rows.length > 0) return rows.map(([id]) => String(id))
  const { counts: { recordings: { recordings } } } = await readManifest(place.storeDir, dataset)
  throw new ToolkitError('E_ROUTINES_POSES', `store "${place.storeDir}" has ${recordings} recordings of ${dataset}, and no ${skeleton} joints of camera ${camera} in any of them: labels alone cannot be aligned`, { hint })
}
