import { ABSENT, OBSERVED } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { finiteNumbers, isJsonObject, type PoseImage, type PosePerson } from './pose-json-image.ts'

/**
 * One frame as OpenPose's `--write_json` writes it: `people[].pose_keypoints_2d`, x, y and confidence of each joint in the skeleton's order; 0, 0, 0 = absent.
 * People without any number are none. openpose/doc/02_output.md. Throws E_POSE_FORMAT, E_POSE_JOINTS, E_POSE_NUMBER.
 */
export function readOpenPose(json: unknown, { name, joints }: Skeleton): PoseImage {
  if (!isJsonObject(json) || !Array.isArray(json['people'])) {
    throw new ToolkitError('E_POSE_FORMAT', 'there is no list "people", as OpenPose\'s files have it', { hint: 'is layout.format right?' })
  }
  const people = (json['people'] as unknown[]).flatMap((person, at): PosePerson[] => {
    const values = isJsonObject(person) ? person['pose_keypoints_2d'] : undefined
    if (Array.isArray(values) && values.length === 0) return []
    const numbers = finiteNumbers(values, `people[${at}].pose_keypoints_2d`, { count: 3 * joints.length, what: `${joints.length} joints of ${name}` })
    return [{
      name: null, box: null,
      joints: joints.map((_, joint) => {
        const [x, y, confidence] = numbers.slice(3 * joint, 3 * joint + 3) as [number, number, number]
        return { joint, x, y, confidence, state: x === 0 && y === 0 && confidence === 0 ? ABSENT : OBSERVED }
      }),
    }]
  })
  return { name: null, width: null, height: null, people }
}
