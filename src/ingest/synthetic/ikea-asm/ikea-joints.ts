import type { Skeleton } from '../../../skeleton.ts'

/** The 17 joints of COCO in their order; the data set's own names, with spaces, are the keys of its files. */
export const coco: Skeleton = skeleton([
  'nose', 'left eye', 'right eye', 'left ear', 'right ear', 'left shoulder', 'right shoulder', 'left elbow', 'right elbow', 'left wrist', 'right wrist',
  'left hip', 'right hip', 'left knee', 'right knee', 'left ankle', 'right ankle',
], [[0, 1], [0, 2], [1, 3], [2, 4], [5, 6], [5, 7], [7, 9], [6, 8], [8, 10], [5, 11], [6, 12], [11, 12], [11, 13], [13, 15], [12, 14], [14, 16]])

/** Points of a body: the 17 joints, then big toe, small toe and heel of the left foot, and of the right. */
export const POINTS = 23

/** Of which points each joint of OpenPose's BODY_25 is the middle. */
export const body25: readonly (readonly number[])[] = [
  [0], [5, 6], [6], [8], [10], [5], [7], [9], [11, 12], [12], [14], [16], [11], [13], [15], [2], [1], [4], [3], [17], [18], [19], [20], [21], [22],
]

function skeleton(rawJoints: readonly string[], edges: Skeleton['edges']): Skeleton {
  const pairs = Array.from({ length: 8 }, (_, at) => [2 * at + 1, 2 * at + 2] as const)
  return { name: 'coco-17', joints: rawJoints.map((name) => name.replace(' ', '_')), rawJoints, edges, pairs }
}
