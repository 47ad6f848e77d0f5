import { basename } from 'node:path'
import { ToolkitError } from '../../errors.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../adapter.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder, sourceOf } from '../raw-folder.ts'
import { readMat } from '../readers/mat.ts'
import { readImages } from './film-images.ts'
import { discoverPenn, type PennFacts } from './penn-discover.ts'
import { pennKeypoints } from './penn-keypoints.ts'
import { type PennLabel, readPennLabel } from './penn-label.ts'
import { phaseFile, phaseRecord } from './penn-phase-sources.ts'
import { settlePhases } from './penn-settle-phases.ts'

/**
 * Penn Action: `labels/NNNN.mat`; if there, `frames/NNNN/%06d.jpg`, and TCC's phase labels as `penn_action_labels/{train,val}/<name>/NNNN.npy` and as
 * `penn_action_tfrecords/*.tfrecord`, of which the .npy counts. The pictures in the records, copies of the frames of 224 x 224 px, are left alone.
 */
export const pennAction: Adapter<PennFacts> = {
  filmsPerShard: 256,
  discover: async (context) => discoverPenn(context),
  read: async (context, item) => readPenn(context, item),
}

const nothing: Omit<FilmRead, 'quarantined'> = { clips: [], images: null, proxy: null }

/** One video: its label file decides; phases and frames are held against it. */
function readPenn(context: AdapterContext, { id, path, facts }: PlanItem<PennFacts>): FilmRead {
  const { entry, raw, fps } = context
  const file = orQuarantined(path, null, () => readVideoFile(raw, path))
  if (isQuarantined(file)) return { ...nothing, quarantined: [file] }
  const label = orQuarantined(path, file, () => readPennLabel(readMat(file.bytes), entry))
  if (isQuarantined(label)) return { ...nothing, quarantined: [label] }
  const film = facts.frames === null ? null : readFrames(context, facts.frames, label)
  const frames = film?.frames ?? label.frames
  const sources = [...(facts.phases === null ? [] : [phaseFile(raw, facts.phases)]), ...facts.records.map((record) => phaseRecord(raw, record))]
  const phases = settlePhases(entry, sources, { action: label.action, side: label.side, frames })
  const { flags, ...keypoints } = pennKeypoints(label, frames)
  const clip = {
    id, dataset: entry.name, group: id, skeleton: entry.skeleton.name, fps: fps ?? entry.fps,
    width: label.width, height: label.height, frames, persons: 1, joints: entry.skeleton.joints.length, dims: 2 as const, unit: 'px' as const, source: facts.source,
    ...keypoints,
    time: new Float32Array(frames).map((_, frame) => frame),
    signals: null, calibration: null,
    labels: {
      action: label.action, officialSplit: label.side, sides: phases.chosen === null ? {} : { tcc: phases.chosen.side }, view: label.view, subject: null, scene: null, camera: null,
      phases: phases.chosen?.segments ?? null, segments: [],
    },
    flags: [...flags, ...(film?.flags ?? []), ...((film?.quarantined.length ?? 0) === 0 ? [] : ['frames-quarantined']), ...phases.flags].sort(),
    files: [sourceOf(file, 'label'), ...(phases.chosen === null ? [] : [phases.chosen.file])],
  }
  return { clips: [clip], images: film?.images ?? null, proxy: null, quarantined: [...(film?.quarantined ?? []), ...phases.quarantined] }
}

function readVideoFile(raw: RawFolder, path: string): RawFile {
  if (!/^\d{4,}\.mat$/.test(basename(path))) throw new ToolkitError('E_PENN_NAME', `${basename(path)} is not named after the number of a video, such as 0001.mat`)
  return raw.read(path)
}

/** The pictures beside the label rows: file i + 1 belongs to row i. A clip is as long as the shorter of the two; no file at all leaves the labels as they are. */
function readFrames(context: AdapterContext, folder: string, label: PennLabel): Pick<FilmRead, 'images' | 'quarantined'> & { frames: number; flags: readonly string[] } {
  const { count, astray, images, flags, quarantined } = readImages(context, { folder, first: 1, width: label.width, height: label.height }, label.frames)
  if (count === 0) return { frames: label.frames, images: null, flags: ['frames-missing'], quarantined }
  const mismatch = count === label.frames && astray === 0 ? [] : ['frame-count-mismatch']
  return { frames: Math.min(count, label.frames), images, flags: [...flags, ...mismatch], quarantined }
}
