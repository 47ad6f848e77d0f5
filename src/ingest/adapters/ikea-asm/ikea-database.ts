import { ToolkitError } from '../../../errors.ts'
import { readSqlite } from '../../readers/sqlite.ts'

/** A row of `annotations`: frames [start, end) as it says, which may lie beyond the film. */
export type IkeaRow = {
  /** Ids of `atomic_actions` and `objects`. */
  readonly action: number
  readonly object: number
  /** The words beside them in the row; in three published rows not those of the id. */
  readonly actionText: string
  readonly objectText: string
  readonly start: number
  readonly end: number
}

/** A row of `videos`: one scan seen by one camera. */
export type IkeaVideo = {
  readonly id: number
  readonly camera: string
  readonly frames: number
  /** In order of rowid, in which later ones overwrite. */
  readonly rows: readonly IkeaRow[]
}

export type IkeaDatabase = {
  /** By scan, as `Lack_TV_Bench/0001_black_table_02_01_2019_08_16_14_00`. */
  readonly videos: ReadonlyMap<string, readonly IkeaVideo[]>
  /** By id, as written: `pick up ...`. */
  readonly actions: ReadonlyMap<number, string>
  /** By id; the first is empty. */
  readonly objects: ReadonlyMap<number, string>
}

const wanted = {
  videos: { id: 'number', video_path: 'text', camera: 'text', nframes: 'number' },
  annotations: {
    video_id: 'number', atomic_action_id: 'number', action_description: 'text', object_id: 'number', object_name: 'text', starting_frame: 'number',
    ending_frame: 'number',
  },
  atomic_actions: { id: 'number', atomic_action: 'text' },
  objects: { id: 'number', object: 'text' },
} as const

/** Reads `ikea_annotation_db_full` of IKEA ASM: every film and what is annotated in it. Throws what `readSqlite` does, and E_IKEA_DATABASE. */
export function readIkeaDatabase(file: string): IkeaDatabase {
  const { videos, annotations, atomic_actions: actions, objects } = readSqlite(file, wanted)
  const rows = new Map<number, IkeaRow[]>(videos.map(({ id }) => [id, []]))
  for (const row of annotations) {
    const own = rows.get(row.video_id)
    if (own === undefined) throw new ToolkitError('E_IKEA_DATABASE', `an annotation is about video ${row.video_id}, which is not in videos`)
    checkRange(row)
    own.push({
      action: row.atomic_action_id, object: row.object_id, actionText: row.action_description, objectText: row.object_name,
      start: row.starting_frame, end: row.ending_frame,
    })
  }
  const byScan = new Map<string, IkeaVideo[]>()
  for (const { id, video_path: path, camera, nframes: frames } of videos) {
    const scan = scanOf(id, path, camera, frames)
    byScan.set(scan, [...byScan.get(scan) ?? [], { id, camera, frames, rows: rows.get(id)! }])
  }
  return {
    videos: byScan,
    actions: new Map(actions.map(({ id, atomic_action: name }) => [id, name])),
    objects: new Map(objects.map(({ id, object }) => [id, object])),
  }
}

function checkRange({ video_id: video, starting_frame: start, ending_frame: end }: { video_id: number; starting_frame: number; ending_frame: number }): void {
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start) return
  throw new ToolkitError('E_IKEA_DATABASE', `an annotation of video ${video} begins at frame ${start} and ends before frame ${end}`)
}

/** `Lack_TV_Bench/<scan>` of `Lack_TV_Bench/<scan>/dev3/images`. */
function scanOf(id: number, path: string, camera: string, frames: number): string {
  const [furniture, name, device] = path.split('/')
  if (!furniture || !name || device !== camera) throw new ToolkitError('E_IKEA_DATABASE', `video ${id} of camera ${camera} has the path "${path}"`)
  if (!Number.isInteger(frames) || frames < 1) throw new ToolkitError('E_IKEA_DATABASE', `video ${id} has ${frames} frames`)
  return `${furniture}/${name}`
}
