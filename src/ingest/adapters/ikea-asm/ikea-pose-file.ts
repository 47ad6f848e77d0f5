import { ToolkitError } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { parseJson } from '../../readers/json-file.ts'

/** Somebody in one frame: `numbers` has x, y (, z) and a score of every joint in the file's order; `box` is x1 y1 x2 y2 in px, null = the file has none. */
export type PosePerson = { readonly numbers: readonly number[]; readonly box: readonly number[] | null }

/** Reads a pose file of one frame: everybody in it. Throws FormatError, E_IKEA_POSE. */
export type PoseReader = (bytes: Uint8Array) => readonly PosePerson[]

/**
 * `pose2d/000000.json`: one person, every joint by its name as `{position: [x, y], confidence: 1 | 2 | 3}`; they come in the order of the skeleton.
 * human_pose/ikea_pose_dataset.py of IKEA ASM.
 */
export function manualReader({ joints }: Pick<Skeleton, 'joints'>): PoseReader {
  const names = joints.map((joint) => joint.replace('_', ' '))
  return (bytes) => {
    const file = parseJson(bytes)
    if (!isObject(file)) throw broken('it holds no joints by name')
    const unknown = Object.keys(file).find((name) => !names.includes(name))
    if (unknown !== undefined) throw broken(`there is a joint "${unknown}"; ${names.length} are known: ${names.join(', ')}`)
    const numbers = names.flatMap((name) => {
      const joint = file[name]
      if (!isObject(joint)) throw broken(`the joint "${name}" is missing`)
      return numbersOf([...numbersOf(joint['position'], `the position of "${name}"`), joint['confidence']], `the joint "${name}"`, 3)
    })
    const odd = numbers.findIndex((value, at) => at % 3 === 2 && ![1, 2, 3].includes(value))
    if (odd !== -1) throw broken(`the confidence of "${names[(odd - 2) / 3]}" is ${numbers[odd]}; there are 1, 2 and 3`)
    return [{ numbers, box: null }]
  }
}

/** `predictions/pose2d/<method>/scan_video_000000000000_keypoints.json`, of Keypoint R-CNN with boxes and of OpenPose without. */
export function readPeople(bytes: Uint8Array): readonly PosePerson[] {
  const file = parseJson(bytes)
  const people = isObject(file) ? file['people'] : undefined
  if (!Array.isArray(people)) throw broken('there is no list "people"')
  return people.map((person: unknown, at) => {
    if (!isObject(person)) throw broken(`people[${at}] is no person`)
    const box = person['boxes']
    return {
      numbers: numbersOf(person['pose_keypoints_2d'], `pose_keypoints_2d of people[${at}]`),
      box: box === undefined ? null : numbersOf(box, `boxes of people[${at}]`, 4),
    }
  })
}

/** Joints of a `pose3d` file by its format. */
const formats: Readonly<Record<string, number>> = { ikea: 17, body25: 25 }

/** `pose3d/000000.json`: one person, X, Y, Z in cm in the camera's frame and the product of the scores. human_pose/triangulate.py of IKEA ASM. */
export function readLifted(bytes: Uint8Array): readonly PosePerson[] {
  const file = parseJson(bytes)
  const format = isObject(file) ? file['format'] : undefined
  const joints = typeof format === 'string' ? formats[format] : undefined
  if (!isObject(file) || joints === undefined) throw broken(`the format is ${JSON.stringify(format)}; ikea and body25 are known`)
  return [{ numbers: numbersOf(file['pose_keypoints_3d'], `pose_keypoints_3d in the format ${String(format)}`, joints * 4), box: null }]
}

/** A hot loop: a film has thousands of files. */
function numbersOf(value: unknown, what: string, count: number | null = null): number[] {
  if (!Array.isArray(value)) throw broken(`${what} is ${JSON.stringify(value)}, no list of numbers`)
  if (count !== null && value.length !== count) throw broken(`${what} has ${value.length} numbers, not ${count}`)
  for (let at = 0; at < value.length; at++) {
    if (!Number.isFinite(value[at])) throw broken(`number ${at} of ${what} is ${typeof value[at] === 'number' ? String(value[at]) : JSON.stringify(value[at])}`)
  }
  return value as number[]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(message: string): ToolkitError {
  return new ToolkitError('E_IKEA_POSE', message)
}
