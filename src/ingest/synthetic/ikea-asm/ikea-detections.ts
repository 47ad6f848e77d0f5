import type { Random } from '../../../random.ts'
import { IMAGE } from './ikea-camera.ts'
import { body25, coco, POINTS } from './ikea-joints.ts'

/** Somebody a network found: x, y, score of every joint in its own order (px; scores as that network means them), and the box x1 y1 x2 y2 around. */
export type Found = { readonly keypoints: readonly number[]; readonly box: readonly number[]; readonly score: number }
/** `chosen` is the worker among the people; null = overlooked. */
export type Finding = { readonly people: readonly Found[]; readonly chosen: number | null }

const JOINTS = coco.joints.length
/** Of the worker, how large a passer-by is seen: one at the edge, whom only the place gives away, and one behind in the middle, whom only the size does. */
const sizes = { edge: 0.7, behind: 0.15 } as const

/** A film as a network looks at it: all points of the worker [frames, 23, 2] in px, and which of the 17 joints are hidden [frames, 17]. */
export type Seen = { readonly points: Float64Array; readonly hidden: Uint8Array }
/** How a network reports what it saw: which joints (each the middle of some points), and its scores. */
export type Network = {
  readonly joints: readonly (readonly number[])[]
  readonly scoreOf: (isHidden: boolean, random: Random) => number
  readonly dropsHidden: boolean
}

/** Heat-map logits as scores, one number per joint whatever is hidden: torchvision's Keypoint R-CNN. */
export const keypointRcnn: Network = {
  joints: coco.joints.map((_, joint) => [joint]),
  scoreOf: (isHidden, random) => (isHidden ? -0.5 + random.normal() : Math.max(0.5, 9 + 3 * random.normal())),
  dropsHidden: false,
}

/** Confidences in 0..1 and most hidden joints missing: OpenPose with its 25 joints. */
export const openPose: Network = {
  joints: body25,
  scoreOf: (isHidden, random) => (isHidden ? random.between(0.1, 0.4) : random.between(0.5, 0.95)),
  dropsHidden: true,
}

/** Hides joints of the worker for a while: [frames, 17] of 1 = hidden. */
export function drawHidden(frames: number, random: Random): Uint8Array {
  const hidden = new Uint8Array(frames * JOINTS)
  for (let joint = 0; joint < JOINTS; joint++) {
    if (!random.chance(0.35)) continue
    const start = random.integer(frames)
    const end = Math.min(frames, start + 5 + random.integer(25))
    for (let frame = start; frame < end; frame++) hidden[frame * JOINTS + joint] = 1
  }
  return hidden
}

/**
 * What a network finds in every frame: the worker within some pixels; for a while somebody passes at the edge or behind, named first or last, with the better
 * scores or not; and in one frame at least nobody is found.
 */
export function findPeople(seen: Seen, network: Network, random: Random): Finding[] {
  const frames = seen.points.length / (2 * POINTS)
  const visits = (['edge', 'behind'] as const).map((kind) => {
    const start = random.integer(frames)
    return { kind, start, end: start + 4 + random.integer(12), isFirst: random.chance(0.7), isLeft: random.chance(0.5), bonus: random.between(-0.15, 0.3) }
  })
  const overlooked = random.integer(frames)
  return Array.from({ length: frames }, (_, frame): Finding => {
    const own = random.fork(frame)
    if (frame === overlooked || own.chance(0.02)) return { people: [], chosen: null }
    const worker = found(seen, frame, network, own)
    const visit = visits.find(({ start, end }) => frame >= start && frame < end)
    if (visit === undefined) return { people: [worker], chosen: 0 }
    const behind = [IMAGE.width / 2 + 10 * own.normal(), IMAGE.height / 2 + 10 * own.normal()]
    const middle = visit.kind === 'edge' ? [visit.isLeft ? 200 : IMAGE.width - 200, 560] : behind
    const other = passing(worker, middle, sizes[visit.kind], 1 + visit.bonus)
    return visit.isFirst ? { people: [other, worker], chosen: 1 } : { people: [worker, other], chosen: 0 }
  })
}

function found({ points, hidden }: Seen, frame: number, { joints, scoreOf, dropsHidden }: Network, random: Random): Found {
  const at = (point: number, axis: number): number => points[(frame * POINTS + point) * 2 + axis]!
  const keypoints = joints.flatMap((sources) => {
    const isHidden = sources.some((point) => point < JOINTS && hidden[frame * JOINTS + point] === 1)
    const [noise, isMissing] = [isHidden ? 8 : 2.5, dropsHidden && isHidden && random.chance(0.6)]
    const [x, y] = [0, 1].map((axis) => sources.reduce((sum, point) => sum + at(point, axis), 0) / sources.length + noise * random.normal())
    const score = scoreOf(isHidden, random)
    return isMissing ? [0, 0, 0] : [rounded(x!), rounded(y!), rounded(score)]
  })
  const [xs, ys] = [0, 1].map((axis) => Array.from({ length: JOINTS }, (_, point) => at(point, axis))) as [number[], number[]]
  const margin = random.between(8, 25)
  const box = [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin].map(rounded)
  return { keypoints, box, score: rounded(random.between(0.9, 0.999)) }
}

/** Somebody else in the worker's posture, moved and shrunk, with scores times a factor. */
function passing({ keypoints, box, score }: Found, [middleX, middleY]: readonly number[], size: number, factor: number): Found {
  const [fromX, fromY] = [(box[0]! + box[2]!) / 2, (box[1]! + box[3]!) / 2]
  const x = (value: number): number => rounded(middleX! + size * (value - fromX))
  const y = (value: number): number => rounded(middleY! + size * (value - fromY))
  const moved = Array.from({ length: keypoints.length / 3 }, (_, joint) => {
    const [ownX, ownY, ownScore] = keypoints.slice(3 * joint, 3 * joint + 3) as [number, number, number]
    return ownX === 0 && ownY === 0 ? [0, 0, 0] : [x(ownX), y(ownY), rounded(ownScore * factor)]
  })
  return { keypoints: moved.flat(), box: [x(box[0]!), y(box[1]!), x(box[2]!), y(box[3]!)], score: rounded(Math.min(1, score * factor)) }
}

/** Thousandths: what is written is what is true. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
