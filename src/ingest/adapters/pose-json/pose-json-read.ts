import type { Quarantined, SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { AdapterContext } from '../../adapter.ts'
import { isQuarantined, orQuarantined, type RawFile, slashed, sourceOf } from '../../raw-folder.ts'
import { parseJson } from '../../readers/json-file.ts'
import { readCoco } from './pose-json-coco.ts'
import { poseLayout, type PoseFacts } from './pose-json-discover.ts'
import { frameNamed, type PoseImage } from './pose-json-image.ts'
import { readOpenPose } from './pose-json-openpose.ts'

/** A picture of the clip, and the file that is about it. */
export type PoseFrame = PoseImage & { readonly frame: number; readonly path: string }
type PoseFiles = { readonly frames: readonly PoseFrame[]; readonly files: readonly SourceRef[]; readonly quarantined: readonly Quarantined[] }

/** The files of a clip, in order of frame: a file per frame, named by its number, or one for all, whose pictures are. What cannot be read is set aside. */
export function readPoseFiles(context: Pick<AdapterContext, 'entry' | 'raw'>, { folders }: PoseFacts): PoseFiles {
  const paths = folders.flatMap(({ folder, names }) => names.map((name) => slashed(folder, name)))
  const byFrame = new Map<number, PoseFrame>()
  const files: SourceRef[] = []
  const quarantined: Quarantined[] = []
  for (const path of paths) {
    const file = orQuarantined(path, null, () => context.raw.read(path))
    const frames = isQuarantined(file) ? file : orQuarantined(path, file, () => readFrames(context, file, { fileCount: paths.length, byFrame }))
    if (isQuarantined(file) || isQuarantined(frames)) {
      quarantined.push(frames as Quarantined)
      continue
    }
    for (const frame of frames) byFrame.set(frame.frame, frame)
    files.push(sourceOf(file, 'keypoints', { frame: paths.length === 1 ? null : frames[0]!.frame }))
  }
  return { frames: [...byFrame.values()].sort((a, b) => a.frame - b.frame), files: files.sort((a, b) => (a.frame ?? 0) - (b.frame ?? 0)), quarantined }
}

type Known = { readonly fileCount: number; readonly byFrame: ReadonlyMap<number, PoseFrame> }

function readFrames({ entry }: Pick<AdapterContext, 'entry'>, { path, bytes }: RawFile, { fileCount, byFrame }: Known): PoseFrame[] {
  const { format, firstFrame } = poseLayout(entry)
  const json = parseJson(bytes)
  const images = format === 'coco' ? readCoco(json, entry.skeleton) : [readOpenPose(json, entry.skeleton)]
  if (fileCount > 1 && images.length > 1) {
    throw new ToolkitError('E_POSE_FRAME', `the file is about ${images.length} pictures, and the clip has ${fileCount} files`, {
      hint: 'a clip is one file, or a file per frame' })
  }
  const isOnePerFrame = fileCount > 1 || format === 'openpose'
  const found = new Map<number, PoseFrame>()
  for (const image of images.length === 0 && isOnePerFrame ? [nobody] : images) {
    const name = isOnePerFrame ? path.slice(path.lastIndexOf('/') + 1) : image.name!
    const frame = frameNamed(name, firstFrame)
    const other = byFrame.get(frame)?.path ?? found.get(frame)?.name
    if (other !== undefined) throw new ToolkitError('E_CLIP_TWICE', `frame ${frame + firstFrame} is in ${other} already`, { hint: 'keep one of them' })
    found.set(frame, { ...image, frame, path })
  }
  return [...found.values()]
}

/** What a file without pictures, such as an empty list of results, says about its frame. */
const nobody: PoseImage = { name: null, width: null, height: null, people: [] }
