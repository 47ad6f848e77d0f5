import type { Device } from './ikea-camera.ts'
import type { Finding, Found } from './ikea-detections.ts'
import { coco } from './ikea-joints.ts'
import type { IkeaScan } from './ikea-truth.ts'
import type { Marked } from './ikea-view.ts'

/** A file's path in the raw layout, and its bytes. */
export type RawOut = readonly [path: string, bytes: Uint8Array]

/** Every file of poses of one camera's film, and its `ColorIns.txt`. */
export function* poseFiles(scan: IkeaScan, device: Device): Generator<RawOut> {
  const view = scan.views[device]
  const dir = `${scan.path}/${device}`
  yield [`${dir}/ColorIns.txt`, colourIntrinsics(view.camera.k)]
  for (const marked of view.manual) yield [`${dir}/pose2d/${six(marked.frame)}.json`, json(manual(marked))]
  for (const { frame, keypoints } of view.lifted) yield [`${dir}/pose3d/${six(frame)}.json`, json({ format: 'ikea', pose_keypoints_3d: keypoints })]
  for (const [frame, finding] of view.keypointRcnn.entries()) {
    yield [`${dir}/predictions/pose2d/keypoint_rcnn_ft_all/${keypointFile(frame)}`, json({ format: 'ikea', people: keypointRcnn(finding) })]
  }
  for (const [frame, finding] of view.openPose.entries()) {
    yield [`${dir}/predictions/pose2d/openpose/${keypointFile(frame)}`, json({ people: openPose(finding, scan.joints19) })]
  }
}

/** The file that OpenPose's own evaluation leaves beside those of the frames: all found, in the form of COCO's results. */
export function summaryFile({ views: { dev3 } }: IkeaScan): Uint8Array {
  return json(dev3.keypointRcnn.flatMap(({ people }, frame) => people.map(({ keypoints, score }) => ({ image_id: frame, category_id: 1, keypoints, score }))))
}

/** `000012`, as frames are called everywhere but in keypoint files. */
export function six(frame: number): string {
  return String(frame).padStart(6, '0')
}

/** JSON as bytes. */
export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function keypointFile(frame: number): string {
  return `scan_video_${String(frame).padStart(12, '0')}_keypoints.json`
}

function manual({ keypoints }: Marked): Record<string, unknown> {
  return Object.fromEntries(coco.rawJoints.map((name, joint) => {
    const [x, y, confidence] = keypoints.slice(3 * joint, 3 * joint + 3)
    return [name, { position: [x, y], confidence }]
  }))
}

/** Nobody found is one person of zeros. */
function keypointRcnn({ people }: Finding): unknown[] {
  const joints = coco.joints.length
  const nobody: Found = { keypoints: Array.from({ length: 3 * joints }, () => 0), box: [0, 0, 0, 0], score: 0 }
  return (people.length === 0 ? [nobody] : people).map(({ keypoints, box, score }) => ({
    person_id: [-1], pose_keypoints_2d: keypoints, keypoint_visibility: Array.from({ length: joints }, () => (score === 0 ? 0 : 1)), boxes: box, score,
  }))
}

function openPose({ people }: Finding, isShort: boolean): unknown[] {
  return people.map(({ keypoints }) => ({ person_id: [-1], pose_keypoints_2d: isShort ? keypoints.slice(0, 3 * 19).fill(0, 3 * 8, 3 * 9) : keypoints }))
}

/** fx, fy, cx, cy, the shift of depth to colour, and 2 x 10 coefficients of a polynomial that only depth needs. */
function colourIntrinsics(k: readonly number[]): Uint8Array {
  const values = [k[0]!, k[4]!, k[2]!, k[5]!, 863, 52, ...Array.from({ length: 20 }, () => 0)]
  return Buffer.from(values.map((value) => `${value.toFixed(6)}\n`).join(''))
}
