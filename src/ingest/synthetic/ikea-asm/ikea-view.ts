import type { Random } from '../../../random.ts'
import { type Device, type Pinhole, toCamera, toPixels } from './ikea-camera.ts'
import { drawHidden, type Finding, findPeople, keypointRcnn, openPose } from './ikea-detections.ts'
import { coco, POINTS } from './ikea-joints.ts'

/** A worker's joints in some of the frames, in the order of COCO; what a joint's numbers are is said where they are used. */
export type Marked = { readonly frame: number; readonly keypoints: readonly number[] }

/** A scan as one camera sees it: `frames` of film, a few more than labels where the data set has them too. */
export type IkeaView = {
  readonly camera: Pinhole
  readonly frames: number
  /** Where the joints are in the camera's frame, cm: [frames, 17, 3]. */
  readonly joints: Float64Array
  /** Their places in an image of 1920 x 1080 px: [frames, 17, 2]. */
  readonly pixels: Float64Array
  /** 1 = hidden: [frames, 17]. */
  readonly hidden: Uint8Array
  /** Clicked by annotators, dev3 only: x, y px within about a pixel, 3 = sure, 2 or 1 for the hidden. */
  readonly manual: readonly Marked[]
  /** By frame. */
  readonly keypointRcnn: readonly Finding[]
  /** By frame, with 25 joints; `joints19` of the scan says whether they are written as 19. */
  readonly openPose: readonly Finding[]
  /** Triangulated out of the views: x, y, z in the camera's frame, cm, and the product of the scores; all zero where fewer than two views have the joint. */
  readonly lifted: readonly Marked[]
}

type SeenView = Omit<IkeaView, 'manual' | 'lifted'>
type ByDevice<Value> = Readonly<Record<Device, Value>>

const JOINTS = coco.joints.length

/** What one camera and the two networks see of a worker's points in world coordinates, [frames, 23, 3]; nothing is lifted or clicked yet. */
export function seeWorker(world: Float64Array, camera: Pinhole, random: Random): SeenView {
  const frames = world.length / (POINTS * 3)
  const points = toCamera(camera, world)
  const pixels = toPixels(camera, points)
  const hidden = drawHidden(frames, random.fork('hidden'))
  const seen = { points: pixels, hidden }
  return {
    camera, frames, hidden, joints: jointsOf(points, 3), pixels: jointsOf(pixels, 2),
    keypointRcnn: findPeople(seen, keypointRcnn, random.fork('keypoint-rcnn')),
    openPose: findPeople(seen, openPose, random.fork('openpose')),
  }
}

/** One frame of every ten, drawn, is clicked by people and lifted to three dimensions. */
export function drawKeyFrames(frames: number, random: Random): number[] {
  return Array.from({ length: Math.floor(frames / 10) }, (_, ten) => 10 * ten + random.integer(10))
}

/** Clicks the joints of a view in some frames. */
export function clickJoints({ pixels, hidden }: Pick<IkeaView, 'pixels' | 'hidden'>, keyFrames: readonly number[], random: Random): Marked[] {
  return keyFrames.map((frame) => ({ frame, keypoints: Array.from({ length: JOINTS }, (_, joint) => {
    const at = frame * JOINTS + joint
    const [x, y] = [0, 1].map((axis) => Math.round((pixels[2 * at + axis]! + 0.7 * random.normal()) * 100) / 100)
    return [x!, y!, hidden[at] === 0 ? 3 : 1 + random.integer(2)]
  }).flat() }))
}

/** Lifts joints in some frames, within about half a centimetre; the same place in the world for all cameras. */
export function liftJoints(world: Float64Array, views: ByDevice<SeenView>, keyFrames: readonly number[], random: Random): ByDevice<readonly Marked[]> {
  const all = Object.values(views)
  const places = keyFrames.map((frame) => Array.from({ length: JOINTS }, (_, joint) => {
    const scores = all.flatMap(({ keypointRcnn }) => {
      const { people, chosen } = keypointRcnn[frame]!
      return chosen === null ? [] : [people[chosen]!.keypoints[3 * joint + 2]!]
    }).filter((score) => score > 0)
    const place = [0, 1, 2].map((axis) => world[(frame * POINTS + joint) * 3 + axis]! + 0.5 * random.normal())
    return scores.length < 2 ? null : { place: Float64Array.from(place), score: scores.reduce((product, score) => product * score, 1) }
  }))
  const inView = ({ camera }: { camera: Pinhole }): Marked[] => keyFrames.map((frame, at) => ({ frame, keypoints: places[at]!.flatMap((lifted) => {
    return lifted === null ? [0, 0, 0, 0] : [...toCamera(camera, lifted.place), lifted.score].map((value) => Math.round(value * 1e4) / 1e4)
  }) }))
  return { dev1: inView(views.dev1), dev2: inView(views.dev2), dev3: inView(views.dev3) }
}

/** The first frames of a view. */
export function cutView(view: IkeaView, frames: number): IkeaView {
  return {
    ...view, frames, joints: view.joints.slice(0, frames * JOINTS * 3), pixels: view.pixels.slice(0, frames * JOINTS * 2),
    hidden: view.hidden.slice(0, frames * JOINTS), keypointRcnn: view.keypointRcnn.slice(0, frames), openPose: view.openPose.slice(0, frames),
  }
}

/** The 17 joints among the 23 points of every frame. */
function jointsOf(points: Float64Array, axes: 2 | 3): Float64Array {
  return points.filter((_, at) => Math.floor(at / axes) % POINTS < JOINTS)
}
