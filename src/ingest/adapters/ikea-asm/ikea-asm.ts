import type { Clip } from '../../../clip.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../../adapter.ts'
import { isQuarantined } from '../../raw-folder.ts'
import { readAnnotations } from './ikea-annotations.ts'
import { IMAGE, readCalibration } from './ikea-calibration.ts'
import { classesOf, discoverIkea, type IkeaFacts } from './ikea-discover.ts'
import { type IkeaLabels, labelsOf } from './ikea-labels.ts'
import { type IkeaPictures, readPictures } from './ikea-pictures.ts'
import { poseFrames, readPoses } from './ikea-poses.ts'
import { sharedSource } from './ikea-read-once.ts'
import { readScanName } from './ikea-scan-name.ts'

/**
 * IKEA ASM: `<Furniture>/<scan>/<dev>/...` with poses, calibration and pictures, and files of labels about all scans; each where its download unpacks to.
 * A film is a scan seen by one camera, its clips are the sources of poses; a film without poses, and a scan without films, has one clip of labels alone.
 */
export const ikeaAsm: Adapter<IkeaFacts> = {
  filmsPerShard: 16,
  discover: async (context) => discoverIkea(context),
  read: async (context, item) => readIkea(context, item),
}

async function readIkea(context: AdapterContext, { id, facts }: PlanItem<IkeaFacts>): Promise<FilmRead> {
  const { entry, raw } = context
  const { scan, camera } = facts
  const classes = classesOf(entry)
  const labels = labelsOf(readAnnotations(raw, facts.annotations, classes), scan, camera, classes)
  const pictures = await readPictures(context, id, facts, labels.frames ?? Infinity)
  const frames = labels.frames ?? Math.max(pictures.count, ...facts.poses.map((folder) => (poseFrames(raw, folder, entry.skeletons).at(-1)?.frame ?? -1) + 1))
  const film = filmClip(context, facts, labels, frames, pictures)
  const read = facts.poses.map(({ source, folder }) => ({ source, ...readPoses(raw, { source, folder }, frames, entry.skeletons) }))
  const clips = read.flatMap(({ source, poses }): Clip[] => {
    if (poses === null) return []
    const { skeleton, flags, files, ...keypoints } = poses
    return [{
      ...film, ...keypoints, id: `${id}#${source}`, source, skeleton: skeleton.name, joints: skeleton.joints.length,
      flags: [...film.flags, ...flags].sort(), files: [...film.files, ...files],
    }]
  })
  return {
    clips: clips.length > 0 ? clips.sort((a, b) => (a.id < b.id ? -1 : 1)) : frames > 0 ? [{ ...film, id }] : [],
    images: pictures.images, proxy: pictures.proxy,
    quarantined: [...pictures.quarantined, ...read.flatMap(({ quarantined }) => quarantined)],
  }
}

/** What all clips of a film have in common, as one that has labels only. */
function filmClip(
  { entry, raw, fps, frames: mode }: AdapterContext, facts: IkeaFacts, labels: IkeaLabels, frames: number, pictures: IkeaPictures,
): Omit<Clip, 'id'> {
  const [furniture, name] = facts.scan.split('/') as [string, string]
  const named = readScanName(name)
  const read = facts.calibration === null ? null : readCalibration(raw, facts.calibration)
  const calibration = read === null || isQuarantined(read) ? null : read
  const isMismatch = pictures.images !== null && (pictures.count !== frames || pictures.astray > 0)
  return {
    dataset: entry.name, group: `${entry.name}/${facts.scan}`, skeleton: null, fps: fps ?? entry.fps, ...IMAGE, frames, persons: 0, joints: 0, dims: 2,
    source: 'labels', unit: 'px', keypoints: null, states: null, raw: null, time: Float32Array.from({ length: frames }, (_, frame) => frame), boxes: null,
    signals: null, calibration: calibration?.content ?? null,
    labels: {
      action: furniture, officialSplit: labels.side, sides: {}, view: null, subject: named?.person ?? null, scene: named?.scene ?? null, camera: facts.camera,
      phases: null, segments: labels.segments,
    },
    flags: [
      ...labels.flags, ...(facts.camera === null || mode === 'none' ? [] : pictures.flags), ...(isMismatch ? ['frame-count-mismatch'] : []),
      ...(read !== null && calibration === null ? ['calibration-quarantined'] : []), ...(labels.frames === null ? ['labels-missing'] : []),
      ...(labels.frames !== null && labels.side === null ? ['not-in-split'] : []), ...(named === null || named.hasSuffix ? ['scan-name-outside-grammar'] : []),
    ].sort(),
    files: [...labels.files, ...(calibration === null ? [] : [sharedSource(calibration, 'camera', null)])],
  }
}
