import { basename } from 'node:path'
import type { DatasetEntry } from '../../catalog.ts'
import type { Clip, Quarantined, Segment } from '../../clip.ts'
import { ToolkitError } from '../../errors.ts'
import type { Adapter, PlanItem } from '../adapter.ts'
import { readMat } from '../readers/mat.ts'
import { readNpy } from '../readers/npy.ts'
import { discoverPenn } from './penn-discover.ts'
import { listPennFrames } from './penn-frames.ts'
import { pennKeypoints } from './penn-keypoints.ts'
import { readPennLabel } from './penn-label.ts'
import { pennPhases, phaseFolder } from './penn-phases.ts'
import { orQuarantined, type RawFile, readRawFile } from './raw-file.ts'

/** Penn Action: `labels/NNNN.mat`, `frames/NNNN/%06d.jpg` if there, TCC's `penn_action_labels/{train,val}/<name>/NNNN.npy` if there. */
export const pennAction: Adapter = {
  discover: async (entry, rawDir, options = {}) => discoverPenn(entry, rawDir, options),
  read: async (entry, rawDir, item) => readPenn(entry, rawDir, item),
}

/** One video: its label file decides; phases and frames are held against it. */
function readPenn(entry: DatasetEntry, rawDir: string, item: PlanItem): Clip | Quarantined {
  const file = orQuarantined(item.path, null, () => readVideoFile(rawDir, item.path))
  if ('code' in file) return file
  const label = orQuarantined(item.path, file, () => readPennLabel(readMat(file.bytes), entry))
  if ('code' in label) return label
  const images = item.frames === null ? null : listPennFrames(rawDir, item.frames, label.frames)
  const frames = images === null || images.paths === null ? label.frames : images.paths.length
  const phases = item.phases === null ? null : readPhases(entry, rawDir, item.phases, { action: label.action, side: label.side, frames })
  if (phases !== null && 'code' in phases) return phases

  const { flags, ...keypoints } = pennKeypoints(label, frames)
  return {
    id: item.id, dataset: entry.name, group: item.id, skeleton: entry.skeleton.name, fps: item.fps,
    width: label.width, height: label.height, frames, persons: 1, joints: entry.skeleton.joints.length, dims: 2, source: item.source,
    ...keypoints,
    time: new Float32Array(frames).map((_, frame) => frame),
    framePaths: images?.paths ?? null,
    labels: { action: label.action, officialSplit: label.side, view: label.view, subject: null, scene: null, camera: null, phases: phases?.segments ?? null },
    flags: [...flags, ...(images?.flags ?? []), ...(phases?.flags ?? [])].sort(),
    files: [file.source, ...(phases === null ? [] : [phases.file.source])],
  }
}

function readVideoFile(rawDir: string, path: string): RawFile {
  if (!/^\d{4}\.mat$/.test(basename(path))) throw new ToolkitError('E_PENN_NAME', `${basename(path)} is not named after a video, 0001.mat to 9999.mat`)
  return readRawFile(rawDir, path)
}

type Phases = { readonly segments: readonly Segment[]; readonly flags: readonly string[]; readonly file: RawFile }

function readPhases(entry: DatasetEntry, rawDir: string, path: string, clip: { action: string; side: string; frames: number }): Phases | Quarantined {
  const file = orQuarantined(path, null, () => readRawFile(rawDir, path))
  if ('code' in file) return file
  return orQuarantined(path, file, () => {
    const { side, tccName } = phaseFolder(path)
    const phases = entry.phases.find(({ action }) => action === clip.action)
    if (phases === undefined || phases.tccName !== tccName) throw new ToolkitError('E_PENN_PHASES', `phase labels of ${tccName} for a clip of ${clip.action}`)
    const labels = readNpy(file.bytes)
    const segments = pennPhases(labels, clip.frames, phases)
    const flags = [
      ...(segments.some(({ start, end }) => start === end) ? ['phases-incomplete'] : []),
      ...(labels.values.length === clip.frames ? [] : ['phases-resampled']),
      ...(side === clip.side ? [] : ['phases-on-other-side']),
    ]
    return { segments, flags, file }
  })
}
