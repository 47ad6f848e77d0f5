import { ABSENT, type Clip } from '../../../clip.ts'
import type { Skeleton } from '../../../skeleton.ts'
import type { RawFile } from '../../raw-folder.ts'
import { parseJson } from '../../readers/json-file.ts'
import { readCoco } from '../pose-json/pose-json-coco.ts'
import type { ExportedJoints } from './exported-clip.ts'

/** The joints of an exported file of COCO's keypoints: its images are the clip's frames, its tracks the persons. */
export function cocoJoints({ bytes }: RawFile, { frames, persons: count, joints }: Clip, skeleton: Skeleton): ExportedJoints {
  const persons = Math.max(1, count)
  const points = new Float32Array(2 * frames * persons * joints).fill(NaN)
  const { images, annotations } = parseJson(bytes) as { images: unknown; annotations: unknown }
  // in the skeleton's order, whatever the category calls them: those are anatomical names, which a data set may use for other joints
  for (const [frame, { people }] of readCoco({ images, annotations }, skeleton).entries()) {
    for (const person of people) {
      const first = (frame * persons + Number(person.name)) * joints
      for (const { joint, x, y, state } of person.joints) if (state !== ABSENT) points.set([x, y], 2 * (first + joint))
    }
  }
  return { points, confidence: null }
}
