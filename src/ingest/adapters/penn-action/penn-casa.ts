import type { DatasetEntry } from '../../../catalog.ts'
import type { Clip, Quarantined, Segment, Signals, SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Side } from '../../../split.ts'
import { isQuarantined, quarantinedBy, type RawFolder } from '../../raw-folder.ts'
import { casaName, casaVideo, readCasaFile } from './casa-videos.ts'
import type { CasaPlace } from './penn-find-casa.ts'
import type { PhaseSource } from './penn-phase-sources.ts'

/** What CASA's file says of a video of Penn Action. */
export type PennCasa = {
  readonly frames: number
  readonly side: Side
  readonly phases: PhaseSource
  /** [T, 76]: axis and angle of the root and of 21 joints of SMPL, then 10 numbers of its shape, as FrankMocap predicts them. */
  readonly signals: Signals
  readonly file: SourceRef
}

const POSE = 66
const BETA = 10
const names = [...numbered('casa_pose_', POSE, 2), ...numbered('casa_beta_', BETA, 1)]

/** Reads one video out of CASA's file and holds its arrays against one another. Answers the entry of the quarantine where that fails. */
export function readPennCasa(entry: DatasetEntry, raw: RawFolder, { path, name, action }: CasaPlace & { readonly action: string }): PennCasa | Quarantined {
  const file = readCasaFile(raw, path)
  if (isQuarantined(file)) return file
  const place = `['${name}']`
  const quarantined = (error: unknown): Quarantined => ({ ...quarantinedBy(error, `${path}#${place}`), sha256: file.sha256 })
  try {
    const { name: tccName, side } = casaName(path)!
    if (entry.phases.find((phases) => phases.action === action)?.tccName !== tccName) {
      throw new ToolkitError('E_CASA_VIDEO', `the video is filed under ${tccName}, its label file says ${action}`)
    }
    const { labels, pose, beta } = casaVideo(file, name)
    const [frames = 0] = labels.shape
    if (labels.shape.length !== 1 || frames === 0) throw misshapen('labels', labels.shape, 'one label per frame is read')
    mustBe('pose', pose.shape, [frames, POSE])
    mustBe('beta', beta?.shape ?? [], [frames, BETA])
    const about = { path, bytes: file.bytes, sha256: file.sha256, frame: null, place }
    return {
      frames, side, file: { ...about, role: 'annotations' },
      signals: { names, values: sideBySide(pose.values, beta!.values, frames) },
      phases: {
        name: `${place} of ${path}`, split: 'casa', side, action: tccName, labels: () => ({ shape: labels.shape, values: labels.values }),
        file: () => ({ ...about, role: 'phases' }), quarantined,
      },
    }
  } catch (error) {
    return quarantined(error)
  }
}

/** The bodies that FrankMocap saw in a video as a clip of its own, without joints; all else is as in the clip of the label file. */
export function casaClip(clip: Clip, { frames, signals, file }: PennCasa, phases: readonly Segment[] | null): Clip {
  return {
    ...clip, id: `${clip.id}#casa`, skeleton: null, frames, joints: 0, dims: 3, unit: 'm', source: 'frankmocap',
    keypoints: null, states: null, raw: null, boxes: null, time: new Float32Array(frames).map((_, frame) => frame), signals,
    labels: { ...clip.labels, phases }, flags: frames === clip.frames ? [] : ['frame-count-mismatch'], files: [...clip.files, file],
  }
}

function sideBySide(pose: ArrayLike<number>, beta: ArrayLike<number>, frames: number): Float32Array {
  const values = new Float32Array(frames * names.length)
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (let cell = frame * POSE; cell < (frame + 1) * POSE; cell++) values[at++] = pose[cell]!
    for (let cell = frame * BETA; cell < (frame + 1) * BETA; cell++) values[at++] = beta[cell]!
  }
  return values
}

function mustBe(name: string, shape: readonly number[], expected: readonly number[]): void {
  if (shape.join() !== expected.join()) throw misshapen(name, shape, `(${expected.join(', ')}) is read`)
}

function misshapen(name: string, shape: readonly number[], expected: string): ToolkitError {
  return new ToolkitError('E_CASA_VIDEO', `${name} of shape (${shape.join(', ')}); ${expected}`)
}

function numbered(prefix: string, count: number, digits: number): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${String(at).padStart(digits, '0')}`)
}
