import type { Quarantined, SourceRef } from '../../../clip.ts'
import type { Side } from '../../../split.ts'
import { quarantinedBy, type RawFile, type RawFolder, sourceOf } from '../../raw-folder.ts'
import { readNpy } from '../../readers/npy.ts'
import type { PhaseLabels } from './penn-phases.ts'
import { aboutRecord, placeOf, readFrameLabels, type TccRecord } from './tcc-records.ts'
import { hashFile } from '../../large-file.ts'

/** Phase labels of one video in one place, not read yet. */
export type PhaseSource = {
  /** The place as people are told of it. */
  readonly name: string
  /** The split it comes with, and the side of that. */
  readonly split: 'tcc' | 'casa'
  readonly side: Side
  /** The action, by TCC's name as a rule. */
  readonly action: string
  /** null = there are no labels after all. Throws ToolkitError. */
  labels(): PhaseLabels | null
  /** Provenance, once they are read. */
  file(): SourceRef
  /** The entry of the quarantine that an error about them makes. */
  quarantined(error: unknown): Quarantined
}

/** TCC's .npy file; its folders say the side and the action. */
export function phaseFile(raw: RawFolder, path: string): PhaseSource {
  const [side, action] = path.split('/').slice(-3)
  let file: RawFile | null = null
  return {
    name: path, split: 'tcc', side: sideOf(side!), action: action!,
    labels: () => {
      file = raw.read(path)
      return readNpy(file.bytes)
    },
    file: () => sourceOf(file!, 'phases'),
    quarantined: (error) => quarantinedBy(error, path, file),
  }
}

/** A record of TCC's; the file's name says the side. */
export function phaseRecord(raw: RawFolder, record: TccRecord): PhaseSource {
  return {
    name: nameOf(record), split: 'tcc', side: recordSide(record.path)!, action: record.name.slice(record.name.indexOf('_') + 1),
    labels: () => {
      const values = readFrameLabels(raw, record)
      return values === null ? null : { shape: [values.length], values }
    },
    file: () => ({ ...hashFile(raw, record.path), role: 'phases', frame: null, place: placeOf(record) }),
    quarantined: (error) => aboutRecord(raw, record, error),
  }
}

/** A record as people are told of it. */
export function nameOf(record: TccRecord): string {
  return `${placeOf(record)} of ${record.path}`
}

/** The side of a shard: `penn_action_train-0.tfrecord` of CARL, `squats_val-0-of-2.tfrecord` of TCC; null = it is neither's. */
export function recordSide(path: string): Side | null {
  const side = /_(train|val)-\d+(?:-of-\d+)?\.tfrecord$/.exec(path)?.[1]
  return side === undefined ? null : sideOf(side)
}

/** TCC's `val` is the test side. */
function sideOf(name: string): Side {
  return name === 'train' ? 'train' : 'test'
}
