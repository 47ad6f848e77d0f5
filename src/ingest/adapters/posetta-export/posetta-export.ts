import type { Clip, Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { filmOf, type Image } from '../../../film.ts'
import { withDuck } from '../../../store/duckdb.ts'
import { EXPORT_FILE, INDEX_FILE, indexColumns, REST_FOLDER } from '../../../store/export-files.ts'
import { type ExportManifest, parseExportManifest } from '../../../store/export-manifest.ts'
import type { StoredImage } from '../../../store/index.ts'
import { readRows } from '../../../store/read-parquet.ts'
import { byId } from '../../../store/shards.ts'
import type { Adapter, AdapterContext, FilmRead, Plan, PlanItem } from '../../adapter.ts'
import { hashFile } from '../../large-file.ts'
import { quarantinedBy, type RawFolder } from '../../raw-folder.ts'
import { cocoJoints } from './coco-joints.ts'
import { type ExportedJoints, type ExportedPlace, exportedClip } from './exported-clip.ts'
import { restManifest, restOfFilm } from './exported-rest.ts'
import { hfJoints } from './hf-joints.ts'
import { pysklJoints } from './pyskl-joints.ts'
import { webdatasetJoints, webdatasetPictures } from './webdataset-joints.ts'

/** Where the clips of a film lie. */
type ExportedFilm = Pick<ExportManifest, 'kind' | 'pictures'> & {
  readonly clips: readonly ExportedPlace[]
  /** sha256 of the files they lie in, as they were exported. */
  readonly hashes: Readonly<Record<string, string>>
}

/**
 * A folder that `posetta export` made: the joints out of its files of another format, everything else out of what lies beside them. Clips come back with the
 * hash they had.
 */
export const posettaExport: Adapter<ExportedFilm> = {
  filmsPerShard: 256,
  discover: discoverExport,
  read: readExported,
}

async function discoverExport({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Promise<Plan<ExportedFilm>> {
  const manifest = parseExportManifest(raw.read(EXPORT_FILE).bytes.toString('utf8'), raw.full(EXPORT_FILE))
  if (manifest.dataset !== entry.name) {
    throw new ToolkitError('E_EXPORT_DATASET', `${raw.dir} is an export of ${manifest.dataset}, not of ${entry.name}`, {
      hint: `posetta ingest ${manifest.dataset} ${raw.dir}` })
  }
  const known = new Map(manifest.files.map(({ file, sha256 }) => [file, sha256]))
  for (const file of [INDEX_FILE, `${REST_FOLDER}/${entry.name}/manifest.json`]) checkFile(raw, file, known.get(file))
  const rest = await restManifest(raw, entry.name)
  const films = new Map<string, ExportedPlace[]>()
  for (const [id, , hash, file, place] of await withDuck((duck) => readRows(duck, { files: [raw.full(INDEX_FILE)] }, indexColumns))) {
    const film = filmOf(String(id))
    films.set(film, [...films.get(film) ?? [], { id: String(id), hash: String(hash), file: String(file), place: place === null ? null : String(place) }])
  }
  const { kind, pictures } = manifest
  const items = [...films].map(([id, clips]): PlanItem<ExportedFilm> => {
    const files = [...new Set(clips.map(({ file }) => file))]
    const hashes = Object.fromEntries(files.map((file) => [file, known.get(file) ?? '']))
    return { id, path: files[0]!, inputs: [EXPORT_FILE, INDEX_FILE, ...files], facts: { kind, clips, pictures, hashes } }
  })
  const hasPaths = rest.counts.images > 0 && (frames === 'reference' || frames === 'none')
  return {
    items: items.sort(byId), hasFrames: pictures || hasPaths, complete: rest.complete, ignored: [],
    missing: manifest.leftOut.map(({ count, message }) => `${count} clips: ${message}`), quarantined: rest.quarantine,
  }
}

async function readExported(context: AdapterContext, { id, facts }: PlanItem<ExportedFilm>): Promise<FilmRead> {
  const quarantined: Quarantined[] = []
  const clips: Clip[] = []
  const rest = await restOfFilm(context.raw, context.entry.name, id)
  for (const place of facts.clips) {
    try {
      checkFile(context.raw, place.file, facts.hashes[place.file]!)
      const stored = rest.clips.find(({ clip }) => clip.id === place.id)
      if (stored === undefined) throw new ToolkitError('E_EXPORT_CHANGED', `what ${place.file} has no room for of ${place.id} is not there`)
      const { clip, layout } = stored
      clips.push(exportedClip(clip, clip.keypoints === null ? null : await jointsOf(context, facts.kind, clip, place), layout.joints, place))
    } catch (error) {
      quarantined.push(quarantinedBy(error, `${place.file}#${place.id}`))
    }
  }
  return { clips, images: clips.length === 0 ? null : imagesOf(context, rest.images, facts), proxy: null, quarantined }
}

/** Throws E_EXPORT_CHANGED for a file that is not as it was exported. */
function checkFile(raw: RawFolder, file: string, expected: string | undefined): void {
  if (hashFile(raw, file).sha256 === expected) return
  throw new ToolkitError('E_EXPORT_CHANGED', `${file} was changed after it was exported: its sha256 is another one`, {
    hint: 'export the data set again; what was changed on purpose is read as a data set of its own, without posetta-export.json' })
}

async function jointsOf({ raw, entry }: AdapterContext, kind: ExportManifest['kind'], clip: Clip, place: ExportedPlace): Promise<ExportedJoints> {
  switch (kind) {
    case 'pyskl': return pysklJoints(raw, clip, place)
    case 'coco': return cocoJoints(raw.read(place.file, { maxBytes: 2 ** 28 }), clip, entry.skeletons.find(({ name }) => name === clip.skeleton)!)
    case 'webdataset': return webdatasetJoints(raw, clip, place)
    case 'hf': return hfJoints(raw, place)
  }
}

/** Pictures as they were kept; with `embed`, the image files of the first clip's sample. */
function imagesOf({ raw, frames }: AdapterContext, images: readonly StoredImage[], { clips, pictures }: ExportedFilm): Image[] | null {
  if (frames === 'none' || images.length === 0) return null
  const files = frames === 'embed' && pictures ? webdatasetPictures(raw, clips[0]!) : new Map<number, Uint8Array>()
  return images.map(({ frame, path, width, height, pts, hash, bytes }) => ({ frame, path, width, height, pts, hash, bytes, data: files.get(frame) ?? null }))
}
