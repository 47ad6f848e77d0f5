import { atomicActions, furniture, objects } from './ikea-classes.ts'
import { type Table, writeSqlite } from './sqlite-writer.ts'

/** One annotated stretch: frames start .. end - 1, by the ids of the database; `end` may lie beyond the film, and a later row wins. */
export type Annotated = { readonly action: number; readonly object: number; readonly start: number; readonly end: number }

/** A scan as the database knows it. */
export type RecordedScan = {
  /** `0001_black_table_02_01_2019_08_16_14_00` */
  readonly name: string
  /** `Lack_TV_Bench` */
  readonly folder: string
  readonly frames: number
  /** Seconds that annotating the view from above took; the other views were given its rows. */
  readonly annotationTime: number
  /** `dev3` first. */
  readonly cameras: readonly string[]
  /** In the order of their ids. */
  readonly rows: readonly Annotated[]
}

/** Writes `ikea_annotation_db_full`: the six tables of the published file, the rows of dev3 first and then those of the other cameras side by side. */
export function writeIkeaDatabase(file: string, scans: readonly RecordedScan[]): void {
  const videos = scans.flatMap((scan) => scan.cameras.map((camera) => ({ scan, camera })))
  const idOf = (scan: RecordedScan, camera: string): number => videos.findIndex((video) => video.scan === scan && video.camera === camera) + 1
  const rowsOf = (cameras: readonly string[]) => scans.flatMap((scan) => scan.rows.flatMap((row, counter) =>
    cameras.filter((camera) => scan.cameras.includes(camera)).map((camera) => [idOf(scan, camera), ...annotation(row, counter)])))
  writeSqlite(file, [
    { name: 'videos', sql: VIDEOS, rows: videos.map(({ scan, camera }, at) => [at + 1, ...video(scan, camera)]) },
    { name: 'atomic_actions', sql: 'CREATE TABLE atomic_actions(id INTEGER PRIMARY KEY, atomic_action TEXT)', rows: numbered(atomicActions) },
    { name: 'objects', sql: 'CREATE TABLE objects(id INTEGER PRIMARY KEY, object TEXT)', rows: numbered(objects) },
    { name: 'annotations', sql: ANNOTATIONS, rows: [...rowsOf(['dev3']), ...rowsOf(['dev1', 'dev2'])].map((row, id) => [id, ...row]) },
    { name: 'furniture_object_relation', sql: RELATION, rows: relations() },
    { name: 'furniture', sql: 'CREATE TABLE "furniture" ("id" INTEGER, "name" TEXT, PRIMARY KEY("id"))', rows: numbered(furniture.map(({ name }) => name)) },
  ])
}

const VIDEOS = `CREATE TABLE videos(id INTEGER PRIMARY KEY, video_name TEXT, video_path TEXT, furniture TEXT, camera TEXT, annotated BOOL,
  annotation_time FLOAT, nframes INTEGER)`
const ANNOTATIONS = `CREATE TABLE annotations(id INTEGER PRIMARY KEY, video_id INTEGER, atomic_action_id INTEGER, action_counter INTEGER, 
  action_description TEXT, object_id INTEGER, object_name  TEXT, starting_frame INT, ending_frame INT, FOREIGN KEY (video_id) REFERENCES videos (id),
  FOREIGN KEY (object_id) REFERENCES objects (id), FOREIGN KEY (atomic_action_id) REFERENCES atomic_actions (id))`
const RELATION = `CREATE TABLE "furniture_object_relation" ("id" INTEGER NOT NULL, "furniture_id" INTEGER, "object_id" INTEGER,
  FOREIGN KEY("object_id") REFERENCES "objects"("id"), PRIMARY KEY("id"))`

function video({ name, folder, frames, annotationTime }: RecordedScan, camera: string): (string | number)[] {
  const spelt = furniture.find((one) => one.folder === folder)!.name
  return [name, `${folder}/${name}/${camera}/images`, spelt, camera, 1, camera === 'dev3' ? annotationTime : 0, frames]
}

function annotation({ action, object, start, end }: Annotated, counter: number): (string | number)[] {
  return [action, counter, atomicActions[action - 1]!, object, objects[object - 1]!, start, end]
}

function relations(): Table['rows'] {
  return furniture.flatMap((one, at) => one.objects.map((object, place) => [one.firstRelation + place, at + 1, object]))
}

function numbered(names: readonly string[]): Table['rows'] {
  return names.map((name, at) => [at + 1, name])
}
