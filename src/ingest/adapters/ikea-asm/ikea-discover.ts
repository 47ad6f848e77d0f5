import type { DatasetEntry } from '../../../catalog.ts'
import type { Quarantined } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext, Plan, PlanItem } from '../../adapter.ts'
import { isQuarantined, type RawFolder, slashed } from '../../raw-folder.ts'
import { TWIN_FILE } from '../../twin-file.ts'
import { type AnnotationPaths, type IkeaAnnotations, readAnnotations } from './ikea-annotations.ts'
import { readCalibration } from './ikea-calibration.ts'
import { checkLists } from './ikea-check-lists.ts'
import { findFilms, type IkeaFilm, type PoseFolder } from './ikea-find-films.ts'
import { type IkeaLabels, labelsOf } from './ikea-labels.ts'
import { findRoots, type IkeaRoots } from './ikea-roots.ts'
import { readScanName } from './ikea-scan-name.ts'

/** What is known by names of a scan seen by one camera, or of one that has labels only. */
export type IkeaFacts = {
  /** `Lack_TV_Bench/0001_black_table_02_01_2019_08_16_14_00` */
  readonly scan: string
  /** null = no film of the scan is there: its labels alone. */
  readonly camera: string | null
  readonly poses: readonly PoseFolder[]
  /** Folder of its pictures, and the video of them; null = not there, or not wanted. */
  readonly images: string | null
  readonly video: string | null
  readonly calibration: string | null
  readonly annotations: AnnotationPaths
}

type Found = {
  readonly roots: IkeaRoots
  readonly films: readonly IkeaFilm[]
  readonly annotations: IkeaAnnotations
  /** Scans that labels are taken of. */
  readonly labelled: ReadonlyMap<string, IkeaLabels>
}

/** Labels of frames by number; the catalog has them. */
export function classesOf({ classes }: DatasetEntry): readonly string[] {
  return classes['action'] ?? []
}

/** Which scans there are, by label and by film; all that several of them share is read and held against one another here. */
export function discoverIkea({ entry, raw, frames }: Omit<AdapterContext, 'scratch'>): Plan<IkeaFacts> {
  const classes = classesOf(entry)
  const roots = findRoots(raw, entry.actions)
  const annotations = readAnnotations(raw, roots.annotations, classes)
  const { films, ignored } = findFilms(raw, roots.trees, entry.actions)
  const filmed = new Set(films.map(({ scan }) => scan))
  const scans = new Map(scansOf(annotations).map((scan) => [scan, labelsOf(annotations, scan, null, classes)]))
  const hasSides = [...scans.values()].some(({ side }) => side !== null)
  const labelled = new Map([...scans].filter(([scan, { side }]) => !hasSides || side !== null || filmed.has(scan)))
  const found: Found = { roots, films, annotations, labelled }
  const items = [
    ...films.map((film) => filmItem({ entry, raw, frames }, film, roots)),
    ...[...labelled.keys()].filter((scan) => !filmed.has(scan)).map((scan) => labelItem(entry, scan, roots)),
  ]
  if (items.length === 0) throw noData(raw, annotations.quarantined[0])
  return {
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
    hasFrames: films.some(({ images, video }) => images !== null || video !== null),
    complete: raw.stat(TWIN_FILE) === null && isComplete(entry, found),
    missing: missingOf(entry, found),
    ignored: [...ignored, ...[...scans.keys()].filter((scan) => !labelled.has(scan)).map((scan) => unlisted(scan, annotations))].sort(),
    quarantined: [
      ...annotations.quarantined, ...checkLists(raw, roots, annotations.database?.content ?? null, classes), ...disagreements(found, classes),
      ...brokenCalibrations(raw, items),
    ],
  }
}

function filmItem(
  { entry, raw, frames }: Pick<AdapterContext, 'entry' | 'raw' | 'frames'>, film: IkeaFilm, { annotations, calibration }: IkeaRoots,
): PlanItem<IkeaFacts> {
  const { scan, camera, poses } = film
  const scene = readScanName(scan.split('/')[1]!)?.scene
  const parameters = calibration === null || scene === undefined ? null : slashed(calibration, scene, camera, 'camera_parameters.json')
  // image files come first, for they need no decoding; a proxy can be made of a video only
  const isVideo = film.video !== null && (film.images === null || frames === 'proxy')
  const facts = {
    scan, camera, poses, annotations, images: frames === 'none' || isVideo ? null : film.images, video: frames === 'none' || !isVideo ? null : film.video,
    calibration: parameters === null || raw.stat(parameters) === null ? null : parameters,
  }
  const inputs = [...Object.values(annotations), ...poses.map(({ folder }) => folder), facts.images, facts.video, facts.calibration]
  return { id: `${entry.name}/${scan}/${camera}`, path: film.folder, inputs: inputs.filter((input) => input !== null), facts }
}

/** A scan of which only labels are there. */
function labelItem({ name }: DatasetEntry, scan: string, { annotations }: IkeaRoots): PlanItem<IkeaFacts> {
  const inputs = Object.values(annotations).filter((input) => input !== null)
  const facts = { scan, camera: null, poses: [], images: null, video: null, calibration: null, annotations }
  return { id: `${name}/${scan}`, path: `${annotations.database ?? annotations.segments ?? annotations.gtAction}#${scan}`, inputs, facts }
}

/** Every scan that some file labels, sorted. */
function scansOf({ database, segments, gtAction }: IkeaAnnotations): string[] {
  return [...new Set([...database?.content.videos.keys() ?? [], ...segments?.content.keys() ?? [], ...gtAction?.content.keys() ?? []])].sort()
}

/** A scan of the database that the split leaves out, as `special_test` is, and that was never filmed as far as this folder goes. */
function unlisted(scan: string, { database }: IkeaAnnotations): string {
  const [video] = database?.content.videos.get(scan) ?? []
  return `${scan}: ${video?.frames ?? 0} frames and ${video?.rows.length ?? 0} annotations in ${database?.path}, on neither side of the split`
}

function isComplete({ counts }: DatasetEntry, { films, labelled }: Found): boolean {
  return labelled.size === counts?.recordings && [...labelled.values()].every(({ frames, side }) => frames !== null && side !== null)
    && films.every(({ scan }) => labelled.has(scan))
}

function missingOf({ counts }: DatasetEntry, { films, labelled, roots }: Found): string[] {
  const all = Math.max(counts?.recordings ?? 0, labelled.size)
  const lacking = (what: string, has: (film: IkeaFilm) => boolean): string[] => {
    const count = new Set(films.filter(has).map(({ scan }) => scan)).size
    return count === 0 ? [what] : count < all ? [`${what} of ${all - count} of ${all} scans`] : []
  }
  const { database, segments, gtAction, train, test } = roots.annotations
  const files = {
    ikea_annotation_db_full: database, 'gt_segments.json': segments, 'gt_action.npy': gtAction, 'train_cross_env.txt': train, 'test_cross_env.txt': test,
  }
  return [
    ...Object.entries(files).filter(([, path]) => path === null).map(([name]) => name),
    ...(labelled.size > 0 && labelled.size < all ? [`labels of ${all - labelled.size} of ${all} scans`] : []),
    ...lacking('poses', ({ poses }) => poses.length > 0), ...lacking('videos and frames', ({ images, video }) => images !== null || video !== null),
    ...(roots.calibration === null ? ['Calibration'] : []),
  ]
}

/** What the files about many scans say differently, of every film; each statement once. */
function disagreements({ annotations, labelled }: Found, classes: readonly string[]): Quarantined[] {
  const all = [...labelled.keys()].flatMap((scan) => {
    const cameras = annotations.database?.content.videos.get(scan)?.map(({ camera }) => camera) ?? [null]
    return cameras.flatMap((camera) => labelsOf(annotations, scan, camera, classes).disagreements)
  })
  return [...new Map(all.map((one) => [`${one.source} ${one.message}`, one])).values()]
}

/** Calibrations that cannot be read; each is about many films. */
function brokenCalibrations(raw: RawFolder, items: readonly PlanItem<IkeaFacts>[]): Quarantined[] {
  const paths = [...new Set(items.flatMap(({ facts }) => facts.calibration ?? []))].sort()
  return paths.map((path) => readCalibration(raw, path)).filter((read) => isQuarantined(read))
}

function noData({ dir }: RawFolder, broken: Quarantined | undefined): ToolkitError {
  if (broken !== undefined) {
    return new ToolkitError(broken.code, `nothing of IKEA ASM can be read: ${broken.message} (${broken.source})`, { hint: broken.readmit })
  }
  return new ToolkitError('E_RAW_EMPTY', `no scans of IKEA ASM (Lack_TV_Bench/<scan>/dev3/..., annotations/ikea_annotation_db_full) in ${dir}`,
    { hint: 'RAW_DIR is the folder that the downloads were unpacked in' })
}
