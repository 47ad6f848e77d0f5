import type { Clip, Quarantined, SourceRef } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { isQuarantined, orQuarantined, quarantinedBy, type RawFile, type RawFolder, sourceOf } from '../../raw-folder.ts'
import { choosePerson } from './ikea-choose-person.ts'
import type { PoseFolder } from './ikea-find-films.ts'
import { ikeaKeypoints, type IkeaKeypoints, type Scores } from './ikea-keypoints.ts'
import { manualReader, type PosePerson, type PoseReader, readLifted, readPeople } from './ikea-pose-file.ts'

/** The poses of one source over a film. */
export type IkeaPoses = Pick<Clip, 'dims' | 'unit'> & IkeaKeypoints & { readonly skeleton: Skeleton; readonly files: readonly SourceRef[] }
/** null = there is no file, or none that can be read. */
export type PosesRead = { readonly poses: IkeaPoses | null; readonly quarantined: readonly Quarantined[] }

/** How the files of a source are named and read, and which skeletons they may have, the usual one first. */
type Format = { readonly name: RegExp; readonly read: PoseReader; readonly dims: 2 | 3; readonly scores: Scores; readonly skeletons: readonly string[] }

const predicted = /^scan_video_(\d{12})_keypoints\.json$/
const annotated = /^(\d{6})\.json$/
const coco = 'coco-17'
/** Skeletons by the joints of a file. The 26th of OpenPose is the background, and left out. */
const skeletonOf: Readonly<Record<number, string>> = { 17: coco, 19: 'body-19', 25: 'body-25', 26: 'body-25' }
const BACKGROUND = 26

/** Reads every file of a source that is about one of the first `frames` frames; one that cannot be read leaves its frame without joints. */
export function readPoses(raw: RawFolder, { source, folder }: PoseFolder, frames: number, skeletons: readonly Skeleton[]): PosesRead {
  const format = formatOf(source, skeletons)
  const numbered = poseFrames(raw, { source, folder }, skeletons)
  const found: { frame: number; file: RawFile; people: readonly PosePerson[] }[] = []
  const quarantined: Quarantined[] = []
  for (const { frame, path } of numbered.filter(({ frame }) => frame < frames)) {
    const file = orQuarantined(path, null, () => raw.read(path))
    const people = isQuarantined(file) ? file : orQuarantined(path, file, () => format.read(file.bytes))
    if (isQuarantined(people)) quarantined.push(people)
    else found.push({ frame, file: file as RawFile, people })
  }
  const stride = format.dims + 1
  const joints = jointsOf(found.map(({ people }) => people), stride, format.skeletons)
  if (found.length === 0) return { poses: null, quarantined }
  if (joints === null) return { poses: null, quarantined: [...quarantined, unknownJoints(folder, found.flatMap(({ people }) => people)[0]!, stride)] }
  const fitting = found.filter(({ file, people }) => {
    const odd = people.find(({ numbers }) => numbers.length !== joints * stride)
    if (odd !== undefined) quarantined.push(otherJoints(file, odd, joints, stride))
    return odd === undefined
  })
  const skeleton = skeletons.find(({ name }) => name === skeletonOf[joints])!
  const people = new Map(fitting.map(({ frame, people }) => [frame, workerFirst(people, stride)]))
  const { flags, ...keypoints } = ikeaKeypoints(people, { frames, joints: skeleton.joints.length, dims: format.dims }, format.scores)
  return {
    quarantined: quarantined.sort((a, b) => (a.source < b.source ? -1 : 1)),
    poses: {
      ...keypoints, skeleton, dims: format.dims, unit: format.dims === 3 ? 'cm' : 'px',
      flags: [
        ...flags, ...(numbered.some(({ frame }) => frame >= frames) ? ['frames-beyond-labels'] : []),
        ...(quarantined.length > 0 ? ['frames-quarantined'] : []),
        ...(joints === BACKGROUND ? ['background-left-out'] : []),
      ],
      files: fitting.map(({ frame, file }) => sourceOf(file, 'keypoints', { frame })),
    },
  }
}

/** The files of a source by frame, in order. */
export function poseFrames(raw: RawFolder, { source, folder }: PoseFolder, skeletons: readonly Skeleton[]): { frame: number; path: string }[] {
  const { name: pattern } = formatOf(source, skeletons)
  return raw.list(folder).flatMap(({ name }) => {
    const number = pattern.exec(name)?.[1]
    return number === undefined ? [] : [{ frame: Number(number), path: `${folder}/${name}` }]
  })
}

function formatOf(source: string, skeletons: readonly Skeleton[]): Format {
  if (source === 'manual') {
    return { name: annotated, read: manualReader(skeletons.find(({ name }) => name === coco)!), dims: 2, scores: 'grades', skeletons: [coco] }
  }
  if (source === 'pose3d') return { name: annotated, read: readLifted, dims: 3, scores: 'shares', skeletons: [coco, 'body-25'] }
  if (source.startsWith('keypoint-rcnn')) return { name: predicted, read: readPeople, dims: 2, scores: 'logits', skeletons: [coco] }
  return { name: predicted, read: readPeople, dims: 2, scores: 'shares', skeletons: ['body-25', 'body-19', coco] }
}

/** How many joints most people have, of the numbers that are a skeleton's; null = none is. Where nobody is, the usual skeleton's. */
function jointsOf(files: readonly (readonly PosePerson[])[], stride: number, allowed: readonly string[]): number | null {
  const counts = new Map<number, number>()
  for (const people of files) for (const { numbers } of people) counts.set(numbers.length / stride, (counts.get(numbers.length / stride) ?? 0) + 1)
  const known = [...counts].filter(([joints]) => allowed.includes(skeletonOf[joints] ?? '')).sort(([a, most], [b, more]) => more - most || a - b)
  if (known[0] !== undefined) return known[0][0]
  return counts.size > 0 ? null : Number(Object.keys(skeletonOf).find((joints) => skeletonOf[Number(joints)] === allowed[0]))
}

function workerFirst(people: readonly PosePerson[], stride: number): readonly PosePerson[] {
  if (people.length < 2) return people
  const chosen = choosePerson(people, stride)
  return [people[chosen]!, ...people.toSpliced(chosen, 1)]
}

function otherJoints(file: RawFile, { numbers }: PosePerson, joints: number, stride: number): Quarantined {
  const message = `somebody has ${numbers.length} numbers, ${stride} a joint; in the files beside it people have ${joints} joints, ${joints * stride} numbers`
  return quarantinedBy(new ToolkitError('E_IKEA_JOINTS', message), file.path, file)
}

function unknownJoints(folder: string, { numbers }: PosePerson, stride: number): Quarantined {
  const message = `nobody has a number of joints that is known; the first has ${numbers.length} numbers, ${stride} a joint`
  return quarantinedBy(new ToolkitError('E_IKEA_JOINTS', message, { hint: `skeletons of ${Object.keys(skeletonOf).join(', ')} joints are known` }), folder)
}
