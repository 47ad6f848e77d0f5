import type { Quarantined, SourceRef, TrackSegment } from '../../../clip.ts'
import type { Side } from '../../../split.ts'
import type { IkeaAnnotations } from './ikea-annotations.ts'
import { pairClasses } from './ikea-classes.ts'
import type { IkeaVideo } from './ikea-database.ts'
import { absence, disagreement, type LabelSource, rowFlags, sideDifference } from './ikea-disagreement.ts'
import { labelsOfRows, labelsOfRuns } from './ikea-frame-labels.ts'
import { sharedSource } from './ikea-read-once.ts'
import { annotationTracks, classTrack } from './ikea-tracks.ts'

/** What is known about one scan seen by one camera, whichever files say it. */
export type IkeaLabels = {
  /** null = none of the files labels it. */
  readonly frames: number | null
  /** null = it is on neither side of the split. */
  readonly side: Side | null
  readonly segments: readonly TrackSegment[]
  readonly flags: readonly string[]
  readonly files: readonly SourceRef[]
  /** What the files say differently. */
  readonly disagreements: readonly Quarantined[]
}

/** The camera whose rows a scan without any film is labelled by: the one that was annotated; the others were given its rows. */
const ANNOTATED = 'dev3'

/**
 * Labels of a scan: per frame `gt_action.npy` counts, else the database, else `gt_segments.json`, and whatever the others say differently is told. Segments:
 * track `action` = runs of one class over all known frames; `annotation`, `verb`, `object` = the database's rows as they are, cut where the film ends.
 */
export function labelsOf(annotations: IkeaAnnotations, scan: string, camera: string | null, classes: readonly string[]): IkeaLabels {
  const { database, segments, gtAction } = annotations
  const video = videoOf(annotations, scan, camera)
  const own = gtAction?.content.get(scan)
  const runs = segments?.content.get(scan)
  const sources: LabelSource[] = []
  if (own !== undefined) sources.push({ file: gtAction!, place: `gt_labels[${own.at}]`, labels: own.labels })
  if (video !== null) sources.push({ file: database!, place: `videos row ${video.id}`, labels: labelsOfRows(video, pairClasses(database!.content, classes)) })
  if (runs !== undefined) sources.push({ file: segments!, place: `database["${scan}"]`, labels: labelsOfRuns(runs, sources[0]?.labels.length ?? 0) })
  const [truth, ...others] = sources
  const { side, files, disagreement: sided } = sideOf(annotations, scan)
  const labelled = others.flatMap((other) => disagreement(scan, classes, truth!, other) ?? [])
  if (truth !== undefined && side !== null) {
    const silent = [gtAction, database, segments].filter((file) => file !== null && !sources.some((source) => source.file === file))
    labelled.push(...silent.map((file) => absence(scan, file!, truth.file)))
  }
  return {
    frames: truth?.labels.length ?? null, side,
    segments: truth === undefined ? [] : [
      ...classTrack(truth.labels, classes), ...(video === null ? [] : annotationTracks(video, truth.labels.length, database!.content)),
    ],
    flags: [
      ...(labelled.length > 0 ? ['labels-disagree'] : []), ...(sided.length > 0 ? ['split-disagrees'] : []),
      ...(truth?.labels.includes(-1) ? ['frames-without-label'] : []), ...(video === null ? [] : rowFlags(video, pairClasses(database!.content, classes))),
    ],
    files: [...sources.map(({ file, place }) => sharedSource(file, 'annotations', place)), ...files],
    disagreements: [...labelled, ...sided],
  }
}

function videoOf({ database }: IkeaAnnotations, scan: string, camera: string | null): IkeaVideo | null {
  const videos = database?.content.videos.get(scan) ?? []
  return videos.find((video) => video.camera === (camera ?? ANNOTATED)) ?? videos.find((video) => video.camera === ANNOTATED) ?? videos[0] ?? null
}

/** The side by `gt_segments.json`, else by the lists. */
function sideOf({ segments, train, test }: IkeaAnnotations, scan: string): { side: Side | null; files: SourceRef[]; disagreement: Quarantined[] } {
  const entry = segments?.content.get(scan)
  const listed = ([['train', train], ['test', test]] as const).flatMap(([side, file]) => {
    const line = file?.content.get(scan)
    return line === undefined ? [] : [{ side, file: file!, line }]
  })
  const side = entry?.side ?? listed[0]?.side ?? null
  const against = listed.filter((list) => list.side !== side)
  return {
    side, files: listed.map(({ file, line }) => sharedSource(file, 'annotations', `line ${line}`)),
    disagreement: against.map((list) => sideDifference(scan, { side: side!, path: entry === undefined ? listed[0]!.file.path : segments!.path }, list)),
  }
}
