import { IMAGE } from './ikea-calibration.ts'
import type { PosePerson } from './ikea-pose-file.ts'

/** px²: somebody further away is smaller. */
const LEAST_AREA = 20_000

/**
 * The authors' choice of the worker among the people of a frame: of those whose box is larger than 20,000 px² the one nearest to the middle of the picture,
 * else the nearest of all (their code takes the last then, where its comment says the nearest); of two alike the first. Without boxes, boxes around the joints
 * that are there. `stride` numbers make a joint.
 */
export function choosePerson(people: readonly PosePerson[], stride: number): number {
  const boxes = people.map(({ box, numbers }) => box ?? boxAround(numbers, stride))
  const distances = boxes.map((box) => (box === null ? Infinity : Math.hypot((box[0]! + box[2]! - IMAGE.width) / 2, (box[1]! + box[3]! - IMAGE.height) / 2)))
  const isLarge = boxes.map((box) => box !== null && (box[2]! - box[0]!) * (box[3]! - box[1]!) > LEAST_AREA)
  const candidates = isLarge.includes(true) ? distances.map((distance, at) => (isLarge[at] ? distance : Infinity)) : distances
  return candidates.indexOf(Math.min(...candidates))
}

function boxAround(numbers: readonly number[], stride: number): number[] | null {
  const box = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < numbers.length; at += stride) {
    const [x, y] = [numbers[at]!, numbers[at + 1]!]
    if (x === 0 && y === 0) continue
    box.splice(0, 4, Math.min(box[0]!, x), Math.min(box[1]!, y), Math.max(box[2]!, x), Math.max(box[3]!, y))
  }
  return box[0] === Infinity ? null : box
}
