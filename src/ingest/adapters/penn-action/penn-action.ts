import { basename } from 'node:path'
import type { Clip } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Adapter, AdapterContext, FilmRead, PlanItem } from '../../adapter.ts'
import { isQuarantined, orQuarantined, type RawFile, type RawFolder, sourceOf } from '../../raw-folder.ts'
import { readMat } from '../../readers/mat.ts'
import { readImages } from '../film-images.ts'
import { casaClip, type PennCasa, readPennCasa } from './penn-casa.ts'
import { discoverPenn, type PennFacts } from './penn-discover.ts'
import { pennKeypoints } from './penn-keypoints.ts'
import { type PennLabel, readPennLabel } from './penn-label.ts'
import { phaseFile, phaseRecord, type PhaseSource } from './penn-phase-sources.ts'
import { settlePhases } from './penn-settle-phases.ts'

/**
 * Penn Action: `labels/NNNN.mat`; if there, `frames/NNNN/%06d.jpg`, and TCC's phase labels as `penn_action_labels/{train,val}/<name>/NNNN.npy` and as
 * `penn_action_tfrecords/*.tfrecord`, of which the .npy counts, and CASA's `npyrecords/`, a clip `#casa` of signals. The pictures in the TFRecords are left
 * alone: they are copies of the frames, 224 x 224 px.
 */
export const pennAction: Adapter<PennFacts> = {
  filmsPerShard: 256,
  discover: async (context) => discoverPenn(context),
  read: async (context, item) => readPenn(context, item),
}

const nothing: Omit<FilmRead, 'quarantined'> = { clips: [], images: null, proxy: null }

/** One video: its label file decides; all else is held against it. */
function readPenn(context: AdapterContext, { id, path, facts }: PlanItem<PennFacts>): FilmRead {
  const { entry, raw, fps } = context
  const file = orQuarantined(path, null, () => readVideoFile(raw, path))
  if (isQuarantined(file)) return { ...nothing, quarantined: [file] }
  const label = orQuarantined(path, file, () => readPennLabel(readMat(file.bytes), entry))
  if (isQuarantined(label)) return { ...nothing, quarantined: [label] }
  const film = facts.frames === null ? null : readFrames(context, facts.frames, label)
  const frames = film?.frames ?? label.frames
  const found = facts.casa === null ? null : readPennCasa(entry, raw, { ...facts.casa, action: label.action })
  const [casa, bad] = found === null ? [null, []] : isQuarantined(found) ? [null, [found]] : [found, []]
  const { chosen, ...phases } = settlePhases(entry, phaseSources(raw, facts, casa), { action: label.action, side: label.side, frames })

  const { flags, ...keypoints } = pennKeypoints(label, frames)
  const sides = { ...(casa === null ? {} : { casa: casa.side }), ...(chosen?.split === 'tcc' ? { tcc: chosen.side } : {}) }
  const clip: Clip = {
    id, dataset: entry.name, group: id, skeleton: entry.skeleton.name, fps: fps ?? entry.fps, width: label.width, height: label.height, frames,
    persons: 1, joints: entry.skeleton.joints.length, dims: 2, unit: 'px', source: facts.source, ...keypoints,
    time: new Float32Array(frames).map((_, frame) => frame), signals: null, calibration: null,
    labels: {
      action: label.action, officialSplit: label.side, sides, view: label.view, subject: null, scene: null, camera: null,
      phases: chosen?.segments ?? null, segments: [],
    },
    flags: [...flags, ...(film?.flags ?? []), ...phases.flags, ...bad.map(() => 'casa-quarantined')].sort(),
    files: [sourceOf(file, 'label'), ...(chosen === null ? [] : [chosen.file])],
  }
  const bodies = casa === null ? [] : [casaClip(clip, casa, chosen?.over(casa.frames) ?? null)]
  return { clips: [clip, ...bodies], images: film?.images ?? null, proxy: null, quarantined: [...(film?.quarantined ?? []), ...phases.quarantined, ...bad] }
}

/** In the order in which they count. */
function phaseSources(raw: RawFolder, { phases, records }: PennFacts, casa: PennCasa | null): PhaseSource[] {
  return [...(phases === null ? [] : [phaseFile(raw, phases)]), ...records.map((record) => phaseRecord(raw, record)), ...(casa === null ? [] : [casa.phases])]
}

function readVideoFile(raw: RawFolder, path: string): RawFile {
  const name = basename(path)
  if (!/^\d{4,}\.mat$/.test(name)) throw new ToolkitError('E_PENN_NAME', `${name} is not named after the number of a video, such as 0001.mat`)
  return raw.read(path)
}

type PennFrames = Pick<FilmRead, 'images' | 'quarantined'> & { readonly frames: number; readonly flags: readonly string[] }

/** The pictures beside the label rows: file i + 1 belongs to row i. A clip is as long as the shorter of the two; no file at all leaves the labels alone. */
function readFrames(context: AdapterContext, folder: string, label: PennLabel): PennFrames {
  const { count, astray, images, flags, quarantined } = readImages(context, { folder, first: 1, width: label.width, height: label.height }, label.frames)
  if (count === 0) return { frames: label.frames, images: null, flags: ['frames-missing'], quarantined }
  const odd = [...(count === label.frames && astray === 0 ? [] : ['frame-count-mismatch']), ...(quarantined.length === 0 ? [] : ['frames-quarantined'])]
  return { frames: Math.min(count, label.frames), images: images.filter(({ frame }) => frame < count), flags: [...flags, ...odd], quarantined }
}
