import type { Signals } from '../../../clip.ts'
import type { H2oNumbers } from './h2o-files.ts'
import type { Kind } from './h2o-folders.ts'

const two = (index: number): string => String(index).padStart(2, '0')
const count = (length: number, name: (index: number) => string): string[] => Array.from({ length }, (_, index) => name(index))
const axes = ['x', 'y', 'z'] as const

/** One hand of a MANO file: annotated or not, where it is (m), axis-angle pose of 16 joints, shape. */
const manoHand = (side: string): string[] => [
  `mano_${side}_flag`, ...axes.map((axis) => `mano_${side}_translation_${axis}`), ...count(48, (i) => `mano_${side}_pose_${two(i)}`),
  ...count(10, (i) => `mano_${side}_shape_${i}`)]

/** Which numbers of which files the signals are, in order: the columns of hand flags, MANO, object and camera. */
const columns: readonly { readonly kind: Kind; readonly names: readonly string[]; readonly at: (index: number) => number }[] = [
  { kind: 'hand_pose', names: ['left_hand_flag', 'right_hand_flag'], at: (index) => 64 * index },
  { kind: 'hand_pose_mano', names: [...manoHand('left'), ...manoHand('right')], at: (index) => index },
  { kind: 'obj_pose', names: ['object_class', ...count(63, (i) => `object_point_${two(Math.floor(i / 3))}_${axes[i % 3]!}`)], at: (index) => index },
  { kind: 'obj_pose_rt', names: count(16, (i) => `object_pose_${two(i)}`), at: (index) => index + 1 },
  { kind: 'cam_pose', names: count(16, (i) => `camera_pose_${two(i)}`), at: (index) => index },
]
export const signalNames: readonly string[] = columns.flatMap(({ names }) => names)

/** Everything beside the joints that H2O states for every frame, as floats (24 bits of the decimals in the files); NaN where a file is missing. */
export function h2oSignals({ frames, series }: H2oNumbers): Signals {
  const out = new Float32Array(frames * signalNames.length).fill(NaN)
  let first = 0
  for (const { kind, names, at } of columns) {
    for (const [frame, numbers] of series[kind].values.entries()) {
      if (numbers !== null) names.forEach((_, index) => { out[frame * signalNames.length + first + index] = numbers[at(index)]! })
    }
    first += names.length
  }
  return { names: signalNames, values: out }
}
