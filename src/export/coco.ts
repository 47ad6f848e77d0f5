import { ABSENT, type Clip, OBSERVED } from '../clip.ts'
import type { DatasetEntry } from '../catalog.ts'
import type { Skeleton } from '../skeleton.ts'
import type { StoredImage } from '../store/index.ts'
import { floatText } from './float-text.ts'
import { type ClipPlace, type ExportFormat, type FormatContext, type FormatWriter, type Lack, type OutgoingClip, partOf } from './format.ts'
import { safeName } from './safe-name.ts'

/**
 * Keypoints as COCO has them, a file per clip as in PoseTrack 2018: `annotations/<side>/<clip>.json`. Ids count through the whole export, from 1, so that
 * lists of several files can be put together. `v` is 2, 1, 0 for observed, occluded, absent; who is absent whole has no annotation. `bbox` is the data set's
 * box or, where there is none, the box of the joints; `area` is the box's. cocodataset.org/#format-data.
 */
export const coco: ExportFormat = {
  holdsPictures: false,
  holdsConfidence: () => false,
  lack,
  open: async (context) => openFiles(context),
}

function lack({ keypoints, unit, dims, width, height }: Clip): Lack | null {
  if (keypoints === null) return { code: 'no-keypoints', message: 'a clip without joints has no annotations' }
  if (dims !== 2 || unit !== 'px') return { code: 'no-pixels', message: "COCO's keypoints are px of a picture" }
  return width > 0 && height > 0 ? null : { code: 'no-image-size', message: 'nothing says how large the picture is' }
}

/** Ids given out so far. */
type Ids = { video: number; image: number; annotation: number }

function openFiles({ entry, folder }: FormatContext): FormatWriter {
  const places = new Map<string, ClipPlace>()
  const ids: Ids = { video: 0, image: 0, annotation: 0 }
  return {
    async add(outgoing) {
      const path = `annotations/${partOf(outgoing)}/${safeName(outgoing.name)}.json`
      const file = await folder.create(path)
      await file.write([Buffer.from(document(entry, outgoing, ids))])
      await file.close()
      places.set(outgoing.clip.id, { file: path, place: null })
    },
    finish: async () => places,
  }
}

/** One line for each image and each annotation; numbers of 32 bits by their shortest digits. */
function document(entry: DatasetEntry, { clip, name, skeleton, images }: OutgoingClip, ids: Ids): string {
  const video = { id: ++ids.video, name: clip.id, action: clip.labels.action, fps: clip.fps }
  const first = ids.image + 1
  const files = new Map(images.filter(({ bytes }) => bytes !== null).map((image) => [image.frame, image]))
  const pictures = Array.from({ length: clip.frames }, (_, frame) => JSON.stringify({
    id: ++ids.image, width: clip.width, height: clip.height, file_name: pictureName(name, frame, files.get(frame)), license: 1, video_id: video.id,
    frame_id: frame }))
  const annotations = peopleOf(clip).map(({ frame, person }) => annotationText(clip, { frame, person, id: ++ids.annotation, image: first + frame }))
  const head = {
    info: { description: entry.title, url: entry.homepage ?? '', version: '1.0' },
    licenses: [{ id: 1, name: entry.licence, url: entry.homepage ?? '' }], categories: [categoryOf(skeleton!)], videos: [video],
  }
  return `${JSON.stringify(head).slice(0, -1)},\n"images":[\n${pictures.join(',\n')}\n],\n"annotations":[\n${annotations.join(',\n')}\n]}\n`
}

function pictureName(name: string, frame: number, image: StoredImage | undefined): string {
  return image?.path ?? `${safeName(name)}/${String(frame).padStart(6, '0')}.jpg`
}

/** Joints by their anatomical names; limbs count them from 1. */
function categoryOf({ joints, edges }: Skeleton): object {
  return { id: 1, name: 'person', supercategory: 'person', keypoints: joints, skeleton: edges.map(([a, b]) => [a + 1, b + 1]) }
}

function peopleOf({ frames, persons: count, joints, states }: Clip): { frame: number; person: number }[] {
  const persons = Math.max(1, count)
  const rows = Array.from({ length: frames * persons }, (_, row) => row)
  const seen = rows.filter((row) => states!.subarray(row * joints, (row + 1) * joints).some((state) => state !== ABSENT))
  return seen.map((row) => ({ frame: Math.floor(row / persons), person: row % persons }))
}

function annotationText(clip: Clip, { frame, person, id, image }: { frame: number; person: number; id: number; image: number }): string {
  const first = (frame * Math.max(1, clip.persons) + person) * clip.joints
  const points = Array.from({ length: clip.joints }, (_, joint) => {
    const cell = first + joint
    const [x, y, state] = [clip.keypoints![3 * cell]!, clip.keypoints![3 * cell + 1]!, clip.states![cell]!]
    return { x, y, v: state === ABSENT || !Number.isFinite(x + y) ? 0 : state === OBSERVED ? 2 : 1 }
  })
  const there = points.filter(({ v }) => v > 0)
  const [x, y, right, bottom] = boxOf(clip, frame, person, there)
  const keypoints = points.map(({ x, y, v }) => (v === 0 ? '0,0,0' : `${floatText(x)},${floatText(y)},${v}`)).join(',')
  const [width, height] = [Math.fround(right - x), Math.fround(bottom - y)]
  return `{"id":${id},"image_id":${image},"category_id":1,"track_id":${person},"iscrowd":0,"num_keypoints":${there.length},"keypoints":[${keypoints}],`
    + `"bbox":[${[x, y, width, height].map(floatText).join(',')}],"area":${floatText(Math.fround(width * height))},"segmentation":[]}`
}

type Point = { readonly x: number; readonly y: number }

function boxOf({ boxes }: Clip, frame: number, person: number, points: readonly Point[]): readonly [number, number, number, number] {
  const box = boxes === null || person > 0 ? [NaN] : [...boxes.subarray(4 * frame, 4 * frame + 4)]
  if (!box.some(Number.isNaN)) return box as [number, number, number, number]
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
