import type { Quarantined, SourceRef, SourceRole } from '../../clip.ts'
import { isQuarantined, orQuarantined, type RawFolder, slashed, sourceOf } from '../raw-folder.ts'
import { readNumbers } from '../readers/number-text.ts'
import { type Kind, KINDS, kinds } from './h2o-folders.ts'

const roles: Readonly<Record<Kind, SourceRole>> = {
  cam_pose: 'camera', hand_pose: 'keypoints', hand_pose_mano: 'keypoints', obj_pose: 'keypoints', obj_pose_rt: 'keypoints', action_label: 'label', verb_label: 'label' }

/** The text files of one camera, frame by frame. */
export type H2oNumbers = {
  readonly frames: number
  /** [T][count]; null where the file of a frame is missing or unreadable, and for a kind without a folder. */
  readonly values: Readonly<Record<Kind, readonly (Float64Array | null)[]>>
  readonly sources: Readonly<Record<Kind, readonly SourceRef[]>>
  /** `frame-count-mismatch`, `frames-quarantined`. */
  readonly flags: readonly string[]
  readonly quarantined: readonly Quarantined[]
}

/** Reads every text file of the given folders; as many frames as `listed` says, or as the longest folder has. */
export function readFrames(raw: RawFolder, folders: Readonly<Partial<Record<Kind, string>>>, listed: number | null): H2oNumbers {
  const names = new Map(kinds.map((kind) => [kind, namesIn(raw, folders[kind])]))
  const lengths = kinds.flatMap((kind) => (folders[kind] === undefined ? [] : [Math.max(-1, ...names.get(kind)!.keys()) + 1]))
  const frames = listed ?? Math.max(0, ...lengths)
  const quarantined: Quarantined[] = []
  const read = kinds.map((kind) => {
    const folder = folders[kind]
    const sources: SourceRef[] = []
    const values = Array.from({ length: frames }, (_, frame): Float64Array | null => {
      if (folder === undefined) return null
      const name = names.get(kind)!.get(frame)
      if (name === undefined) {
        quarantined.push(missing(slashed(folder, fileName(frame)), frame))
        return null
      }
      const path = slashed(folder, name)
      const file = orQuarantined(path, null, () => raw.read(path))
      const numbers = isQuarantined(file) ? file : orQuarantined(path, file, () => readNumbers(file.bytes, KINDS[kind]))
      if (isQuarantined(file) || isQuarantined(numbers)) {
        quarantined.push(numbers as Quarantined)
        return null
      }
      sources.push(sourceOf(file, roles[kind], { frame }))
      return numbers
    })
    return { kind, values, sources }
  })
  const flags = [...(lengths.some((length) => length !== frames) ? ['frame-count-mismatch'] : []), ...(quarantined.length > 0 ? ['frames-quarantined'] : [])]
  return { frames, values: byKind(read, ({ values }) => values), sources: byKind(read, ({ sources }) => sources), flags, quarantined }
}

function byKind<R extends { readonly kind: Kind }, V>(read: readonly R[], what: (one: R) => V): Readonly<Record<Kind, V>> {
  return Object.fromEntries(read.map((one) => [one.kind, what(one)])) as Record<Kind, V>
}

function namesIn(raw: RawFolder, folder: string | undefined): Map<number, string> {
  const names = folder === undefined ? [] : raw.list(folder).flatMap(({ name }) => (/^\d{6}\.txt$/i.test(name) ? [name] : []))
  return new Map(names.map((name) => [Number(name.slice(0, 6)), name]))
}

function fileName(frame: number): string {
  return `${String(frame).padStart(6, '0')}.txt`
}

function missing(source: string, frame: number): Quarantined {
  return {
    source, code: 'E_H2O_MISSING', message: `there is no file of frame ${frame}`, offset: null, sha256: null,
    readmit: 'extract the archive again and run the same ingest: what was added is read' }
}
