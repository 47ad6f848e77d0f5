import { ABSENT, OBSERVED, OCCLUDED } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import type { Skeleton } from '../../../skeleton.ts'
import { finiteNumbers, isJsonObject, type JsonObject, type PoseImage, type PoseJoint, type PosePerson } from './pose-json-image.ts'
import { jointIndex, unknownJoint } from '../table/table-joints.ts'

/**
 * COCO's keypoints: annotations (`images`, `annotations`, x, y, v with v = 0 absent, 1 occluded, 2 seen) or results (a list; x, y, confidence). Joints by the
 * names of their category where it has some, else in the skeleton's order; a `track_id` tells persons. What has no keypoints is no person.
 * cocodataset.org/#format-data. Throws E_POSE_FORMAT, E_POSE_JOINTS, E_POSE_NUMBER, E_CLIP_JOINT.
 */
export function readCoco(json: unknown, skeleton: Skeleton): PoseImage[] {
  const isResults = Array.isArray(json)
  const annotations = objects(isResults ? json : isJsonObject(json) ? json['annotations'] : undefined, isResults ? '' : 'annotations')
  const images = isResults || !isJsonObject(json) || json['images'] === undefined ? null : objects(json['images'], 'images')
  const orders = isResults || !isJsonObject(json) ? new Map<unknown, readonly number[]>() : categoryOrders(json['categories'], skeleton)
  const people = new Map<unknown, PosePerson[]>((images ?? []).map(({ id }) => [id, []]))
  for (const [at, annotation] of annotations.entries()) {
    const { image_id: image, keypoints } = annotation
    const where = isResults ? `[${at}]` : `annotations[${at}]`
    if (images !== null && !people.has(image)) {
      throw new ToolkitError('E_POSE_FORMAT', `${where}.image_id is ${JSON.stringify(image)}, and no image has that id`)
    }
    if (keypoints === undefined) continue
    if (!people.has(image)) people.set(image, [])
    people.get(image)!.push(personOf(annotation, `${where}.keypoints`, { skeleton, order: orders.get(annotation['category_id']), isResults }))
  }
  if (images === null) return [...people].map(([id, people]) => ({ name: String(id), width: null, height: null, people }))
  return images.map(({ id, file_name: name, width, height }) => ({
    name: String(name ?? id), width: typeof width === 'number' ? width : null, height: typeof height === 'number' ? height : null, people: people.get(id)!,
  }))
}

function objects(value: unknown, key: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new ToolkitError('E_POSE_FORMAT', `there is no list "${key}", as COCO's files have it`, { hint: 'is layout.format right?' })
  const at = value.findIndex((entry) => !isJsonObject(entry))
  if (at !== -1) throw new ToolkitError('E_POSE_FORMAT', `${key}[${at}] is no object`)
  return value as JsonObject[]
}

/** Which joint each place of a category's keypoints is, by the category's id. */
function categoryOrders(categories: unknown, skeleton: Skeleton): Map<unknown, readonly number[]> {
  const joints = jointIndex(skeleton)
  return new Map((categories === undefined ? [] : objects(categories, 'categories')).flatMap(({ id, keypoints }) => {
    if (!Array.isArray(keypoints)) return []
    const unknown = keypoints.find((name) => !joints.has(String(name)))
    if (unknown !== undefined) throw unknownJoint(skeleton, String(unknown))
    return [[id, keypoints.map((name) => joints.get(String(name))!)] as const]
  }))
}

type Reading = { readonly skeleton: Skeleton; readonly order: readonly number[] | undefined; readonly isResults: boolean }

function personOf({ keypoints, track_id: track, bbox }: JsonObject, where: string, { skeleton, order: known, isResults }: Reading): PosePerson {
  const order = known ?? [...skeleton.joints.keys()]
  const numbers = finiteNumbers(keypoints, where, { count: 3 * order.length, what: `${order.length} joints of ${skeleton.name}` })
  const joints = order.map((joint, at): PoseJoint => {
    const [x, y, last] = numbers.slice(3 * at, 3 * at + 3) as [number, number, number]
    if (isResults) return { joint, x, y, confidence: last, state: x === 0 && y === 0 && last === 0 ? ABSENT : OBSERVED }
    const state = ([ABSENT, OCCLUDED, OBSERVED] as const)[last]
    if (state === undefined) throw new ToolkitError('E_POSE_NUMBER', `${where}[${3 * at + 2}] is ${last}; as visibility 0, 1 and 2 are known`)
    return { joint, x, y, confidence: last / 2, state }
  })
  return { name: track === undefined || track === null ? null : String(track), joints, box: boxOf(bbox, where) }
}

/** COCO's boxes are x, y, width, height. */
function boxOf(bbox: unknown, where: string): PosePerson['box'] {
  if (bbox === undefined) return null
  const [x, y, width, height] = finiteNumbers(bbox, where.replace(/keypoints$/, 'bbox'), { count: 4, what: 'boxes' }) as [number, number, number, number]
  return [x, y, x + width, y + height]
}
