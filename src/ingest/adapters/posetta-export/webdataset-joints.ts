import type { Clip } from '../../../clip.ts'
import { type OpenFile, withFile } from '../../large-file.ts'
import type { RawFolder } from '../../raw-folder.ts'
import { readNpy } from '../../readers/npy.ts'
import { tarMembers, type TarMember } from '../../readers/tar.ts'
import type { ExportedJoints, ExportedPlace } from './exported-clip.ts'

/** The joints of a sample of an exported archive: its `.npy` is [T, M, J, dims + 1], the confidence last. */
export function webdatasetJoints(raw: RawFolder, { dims }: Clip, place: ExportedPlace): ExportedJoints {
  return withFile(raw, place.file, (file) => {
    const [member] = membersOf(file, place, /^npy$/)
    const { values } = member === undefined ? { values: new Float32Array() } : readNpy(file.read(member.start, member.bytes), { maxBytes: 2 ** 30 })
    const cells = values.length / (dims + 1)
    return {
      points: Float32Array.from({ length: cells * dims }, (_, at) => values[Math.floor(at / dims) * (dims + 1) + (at % dims)]!),
      confidence: Float32Array.from({ length: cells }, (_, cell) => values[cell * (dims + 1) + dims]!),
    }
  })
}

/** The image files of a sample, by frame. */
export function webdatasetPictures(raw: RawFolder, place: ExportedPlace): Map<number, Uint8Array> {
  return withFile(raw, place.file, (file) => {
    const members = membersOf(file, place, /^\d+\.(?:jpg|png)$/)
    return new Map(members.map((member) => [Number(/^\d+/.exec(endingOf(member))![0]), file.read(member.start, member.bytes)]))
  })
}

/** Those files of the sample at a place whose ending matches. A sample is the neighbours that have one key, which is their path before its first dot. */
function membersOf(file: OpenFile, { place }: ExportedPlace, ending: RegExp): TarMember[] {
  const found: TarMember[] = []
  let key: string | null = null
  for (const member of tarMembers(file, Number(place))) {
    key ??= keyOf(member)
    if (keyOf(member) !== key) break
    if (ending.test(endingOf(member))) found.push(member)
  }
  return found
}

function keyOf({ path }: TarMember): string {
  return path.slice(0, dotOf(path))
}

function endingOf({ path }: TarMember): string {
  return path.slice(dotOf(path) + 1)
}

function dotOf(path: string): number {
  return path.indexOf('.', path.lastIndexOf('/') + 1)
}
