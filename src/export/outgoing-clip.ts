import type { DatasetEntry } from '../catalog.ts'
import type { Skeleton } from '../skeleton.ts'
import type { Side } from '../split.ts'
import { readImages, type StoredImage } from '../store/index.ts'
import type { Layout } from '../store/schema.ts'
import type { StoredClip } from '../store/stream-films.ts'
import type { ExportRequest } from './export-request.ts'
import type { OutgoingClip } from './format.ts'

type Place = { readonly storeDir: string; readonly entry: DatasetEntry; readonly request: ExportRequest; readonly side: Side | null }

/** Image files read at a time. */
const AT_ONCE = 16

/** A stored clip with what formats ask of it. */
export function outgoingClip({ storeDir, entry, request, side }: Place, { clip, layout }: StoredClip, images: readonly StoredImage[]): OutgoingClip {
  const label = clip.labels.action === null ? -1 : request.labels.indexOf(clip.labels.action)
  const pictures = request.pictures ? images.filter(({ file }) => file !== null) : []
  return {
    clip, side, images, pictures, name: clip.id.slice(entry.name.length + 1), label: label === -1 ? null : label, skeleton: skeletonOf(entry, layout),
    async *readPictures() {
      for (let start = 0; start < pictures.length; start += AT_ONCE) yield* await readImages(storeDir, entry.name, pictures.slice(start, start + AT_ONCE))
    },
  }
}

/** The catalog's skeleton; one that it does not have any more, or not with these joints, has the joints it was stored with and no limbs. */
function skeletonOf({ skeletons }: DatasetEntry, { skeleton: name, joints }: Layout): Skeleton | null {
  if (name === null) return null
  const known = skeletons.find((skeleton) => skeleton.name === name && skeleton.joints.join() === joints.join())
  return known ?? { name, joints, rawJoints: joints, edges: [], pairs: [] }
}
