import type { Clip } from '../clip.ts'
import { npyBytes } from '../npy.ts'
import { type ClipPlace, type ExportFormat, type FormatContext, type FormatWriter, type OutgoingClip, partOf } from './format.ts'
import type { OutputFile } from './output-folder.ts'
import { safeName } from './safe-name.ts'
import { TAR_END, tarHeader, tarPadding } from './tar-header.ts'

/**
 * Tar archives of samples, as WebDataset streams them: `<side>-000000.tar`, ... of at most `fileBytes` bytes or one sample. A sample is a clip: `key.json`
 * (what is said about it), `key.npy` ([T, M, J, dims + 1] float32, absent joints NaN), `key.states.npy` ([T, M, J] uint8), `key.boxes.npy` ([T, 4], NaN where
 * there is none), `key.cls` (the label, where it has an action), `key.000000.jpg` (the frames, where they go along). Clips come in the order of the hash of
 * their films: shuffled, always alike. github.com/webdataset/webdataset.
 */
export const webdataset: ExportFormat = {
  holdsPictures: true,
  holdsConfidence: () => true,
  lack: () => null,
  open: async (context) => openArchives(context),
}

type Archive = { readonly path: string; readonly file: OutputFile }
/** A file in an archive. */
type Member = { readonly name: string; readonly bytes: Uint8Array }

function openArchives({ folder, fileBytes }: FormatContext): FormatWriter {
  const places = new Map<string, ClipPlace>()
  const open = new Map<string, Archive>()
  const counts = new Map<string, number>()

  async function next(part: string): Promise<Archive> {
    const count = counts.get(part) ?? 0
    counts.set(part, count + 1)
    const path = `${part}-${String(count).padStart(6, '0')}.tar`
    const archive = { path, file: await folder.create(path) }
    open.set(part, archive)
    return archive
  }

  async function end({ file }: Archive): Promise<void> {
    await file.write([TAR_END])
    await file.close()
  }

  return {
    async add(outgoing) {
      const [part, members] = [partOf(outgoing), membersOf(outgoing)]
      const known = open.get(part)
      const isFull = known !== undefined && known.file.bytes > 0 && known.file.bytes + sizeOf(outgoing, members) > fileBytes
      if (isFull) await end(known)
      const { path, file } = known === undefined || isFull ? await next(part) : known
      places.set(outgoing.clip.id, { file: path, place: String(file.bytes) })
      for (const member of members) await file.write(inTar(member))
      let at = 0
      for await (const bytes of outgoing.readPictures()) await file.write(inTar({ name: pictureName(outgoing, at++, endingOf(bytes)), bytes }))
    },
    async finish() {
      for (const archive of open.values()) await end(archive)
      return places
    },
  }
}

function inTar({ name, bytes }: Member): Uint8Array[] {
  return [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)]
}

/** Bytes of a sample in an archive, with the archive's end. */
function sizeOf(outgoing: OutgoingClip, members: readonly Member[]): number {
  const pictures = outgoing.pictures.map(({ bytes }, at) => ({ name: pictureName(outgoing, at, 'jpg'), size: bytes! }))
  const sizes = [...members.map(({ name, bytes }) => ({ name, size: bytes.length })), ...pictures]
  return sizes.reduce((sum, { name, size }) => sum + tarHeader(name, size).length + size + tarPadding(size).length, TAR_END.length)
}

/** The members of a sample but for its pictures. */
function membersOf(outgoing: OutgoingClip): Member[] {
  const { clip, label, name } = outgoing
  const key = safeName(name)
  const shape = [clip.frames, Math.max(1, clip.persons), clip.joints]
  const joints = clip.keypoints === null ? [] : [
    { name: `${key}.npy`, bytes: npyBytes('<f4', [...shape, clip.dims + 1], clip.keypoints) },
    { name: `${key}.states.npy`, bytes: npyBytes('|u1', shape, clip.states!) }]
  const boxes = clip.boxes === null ? [] : [{ name: `${key}.boxes.npy`, bytes: npyBytes('<f4', [clip.frames, 4], clip.boxes) }]
  const cls = label === null ? [] : [{ name: `${key}.cls`, bytes: Buffer.from(String(label)) }]
  return [{ name: `${key}.json`, bytes: Buffer.from(`${JSON.stringify(sampleOf(outgoing))}\n`) }, ...joints, ...boxes, ...cls]
}

function pictureName({ name, pictures }: OutgoingClip, at: number, ending: string): string {
  return `${safeName(name)}.${String(pictures[at]!.frame).padStart(6, '0')}.${ending}`
}

function endingOf(bytes: Uint8Array): 'png' | 'jpg' {
  return bytes[0] === 0x89 ? 'png' : 'jpg'
}

function sampleOf({ clip, side, label, skeleton }: OutgoingClip): object {
  const { id, dataset, group, fps, width, height, frames, persons, dims, unit, source, flags } = clip
  return {
    id, dataset, group, side, label, ...labelsOf(clip), skeleton: skeleton?.name ?? null, joints: skeleton?.joints ?? [], fps, width, height, frames, persons,
    dims, unit, source, flags,
  }
}

function labelsOf({ labels }: Clip): object {
  const { action, officialSplit, view, subject, scene, camera, phases, segments } = labels
  const sides = Object.fromEntries(Object.entries(labels.sides).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { action, officialSplit, sides, view, subject, scene, camera, phases, segments }
}
