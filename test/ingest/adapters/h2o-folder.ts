import jpeg from 'jpeg-js'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** 42 joints: the left hand at (0.1, 0.2, 0.5) and the right one at (-0.1, 0, 1), joint j of each 0.001 j to the right. */
export function handsText(left: number, right: number): string {
  const joints = (x: number, y: number, z: number): number[] => Array.from({ length: 21 }, (_, joint) => [x + joint / 1000, y, z]).flat()
  return [left, ...joints(0.1, 0.2, 0.5), right, ...joints(-0.1, 0, 1)].join(' ')
}

/** `first`, `first` + 1, ... */
export function row(count: number, first: number): string {
  return Array.from({ length: count }, (_, at) => first + at).join(' ')
}

export const HEADER = 'id path action_label start_act end_act start_frame end_frame\n'

/** A sequence of two frames of cam4 in a new folder of `folder`, and what replaces some of its files; null leaves one out. */
export function writeSequence(folder: string, change: Readonly<Record<string, string | null>> = {}, root = 'subject1'): string {
  const rawDir = mkdtempSync(join(folder, 'raw-'))
  const camera = `${root}/h1/0/cam4`
  const files: Record<string, string | null> = {
    'label_split/action_train.txt': `${HEADER}1 subject1/h1/0 5 1 1 0 1\n`,
    'label_split/pose_train.txt': 'subject1/h1/0/cam4/rgb/000001.png\n',
    [`${camera}/cam_intrinsics.txt`]: '600 500 640 360 1280 720',
    ...Object.fromEntries([0, 1].flatMap((frame) => Object.entries({
      hand_pose: handsText(1, frame), hand_pose_mano: row(124, frame), obj_pose: row(64, 5), obj_pose_rt: row(17, 5), cam_pose: row(16, frame),
      action_label: frame === 1 ? '5' : '0',
      verb_label: frame === 1 ? '1.0' : '0' }).map(([kind, text]) => [`${camera}/${kind}/00000${frame}.txt`, text]))),
    ...change,
  }
  for (const [path, text] of Object.entries(files)) {
    if (text === null) continue
    mkdirSync(join(rawDir, path, '..'), { recursive: true })
    writeFileSync(join(rawDir, path), text)
  }
  return rawDir
}

/** A black JPEG. */
export function jpegOf(width: number, height: number): Buffer {
  return jpeg.encode({ data: Buffer.alloc(width * height * 4), width, height }, 50).data
}
