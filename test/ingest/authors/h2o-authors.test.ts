import { beforeAll, describe, expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import type { DatasetEntry } from '../../../src/catalog.ts'
import { h2o } from '../../../src/ingest/adapters/h2o/h2o.ts'
import { recordOf, twinOf } from './authors-record.ts'

type Hand = {
  readonly annotated: boolean
  readonly world_rotation_vector: readonly number[]
  /** The 45 numbers of the joints after the root. */
  readonly pose: readonly number[]
  readonly shape: readonly number[]
  readonly world_translation: readonly number[] | null
}
type Camera = {
  readonly camera_pose: readonly number[]
  readonly intrinsics: readonly number[]
  readonly object_points: readonly number[]
  /** [42, 3] metres and [42, 2] px, zeros and their picture where no hand is annotated. */
  readonly hands: readonly number[]
  readonly hands_px: readonly number[]
}
type Frame = {
  readonly frame: number
  readonly action: string
  readonly action_label: number
  readonly object_class: number
  readonly object_pose: readonly number[]
  readonly object_pose_world: readonly number[]
  readonly mano: { readonly left: Hand; readonly right: Hand }
  readonly cameras: readonly Camera[]
}
type Pair = readonly [number, number]
type H2oRecord = {
  readonly twin: { readonly dataset: string; readonly clips: number; readonly seed: number }
  readonly sequence: string
  /** Pairs of points that their viewer joins with lines. */
  readonly edges: { readonly box: readonly Pair[]; readonly hands: readonly Pair[] }
  readonly frames: readonly Frame[]
}

const records = ['train', 'validation', 'test'].map((side) => recordOf<H2oRecord>(`h2o-${side}.json`))
const clips = new Map<string, Clip>()
let entry: DatasetEntry

beforeAll(async () => {
  const context = await twinOf(records[0]!.twin)
  entry = context.entry
  for (const item of (await h2o.discover(context)).items) {
    for (const clip of (await h2o.read(context, item)).clips) clips.set(clip.id, clip)
  }
})

describe.each(records.flatMap(({ sequence, frames }) => frames.map((frame) => [sequence, frame.frame, frame] as const)))('%s, frame %i, as the authors\' viewer loads it', (sequence, at, theirs) => {
  const clipOf = (camera: number, dims: '2d' | '3d'): Clip => clips.get(`h2o/${sequence}/cam${camera}#${dims}`)!
  const head = (...names: readonly string[]): number[] => signalsOf(clipOf(4, '3d'), at, names)

  test('has the same 42 joints in metres, of every camera', () => {
    for (const [camera, { hands }] of theirs.cameras.entries()) {
      const { raw, keypoints, states } = clipOf(camera, '3d')
      expect([...raw!.subarray(at * 126, (at + 1) * 126)]).toEqual(hands.map(Math.fround))
      for (let joint = 0; joint < 42; joint++) {
        const isThere = hands.slice(joint < 21 ? 0 : 63, joint < 21 ? 63 : 126).some((value) => value !== 0)
        const point = hands.slice(3 * joint, 3 * joint + 3).map(Math.fround)
        expect(states![at * 42 + joint]).toBe(isThere ? 0 : 2)
        expect([...keypoints!.subarray((at * 42 + joint) * 4, (at * 42 + joint + 1) * 4)]).toEqual(isThere ? [...point, 1] : [NaN, NaN, NaN, 0])
      }
    }
  })

  test('has them at the same pixels as OpenCV projects them, where a hand is annotated', () => {
    for (const [camera, { hands_px: pixels }] of theirs.cameras.entries()) {
      const { keypoints, states } = clipOf(camera, '2d')
      for (let joint = 0; joint < 42; joint++) {
        if (states![at * 42 + joint] === 2) continue
        const [u, v] = keypoints!.subarray((at * 42 + joint) * 3)
        // they take the decimals of the files as float32 before they project
        expect([u, v]).toBeAllclose(pixels.slice(2 * joint, 2 * joint + 2), { atol: 2e-4, rtol: 0 })
      }
    }
  })

  test('has the same cameras: intrinsics and poses', () => {
    for (const [camera, { intrinsics, camera_pose: pose }] of theirs.cameras.entries()) {
      const clip = clipOf(camera, '3d')
      const { fx, fy, cx, cy } = clip.calibration!
      expect([fx, fy, cx, cy].map(Math.fround)).toEqual(intrinsics.map(Math.fround))
      expect(signalsOf(clip, at, series('camera_pose', 16))).toEqual(pose.map(Math.fround))
    }
  })

  test('has the same object: class, pose, points, and where it is in the world', () => {
    expect(head('object_class')).toEqual([theirs.object_class])
    expect(head(...series('object_pose', 16))).toEqual(theirs.object_pose.map(Math.fround))
    expect(multiply(head(...series('camera_pose', 16)), head(...series('object_pose', 16)))).toBeAllclose(theirs.object_pose_world, { atol: 1e-6, rtol: 0 })
    const names = Array.from({ length: 21 }, (_, point) => ['x', 'y', 'z'].map((axis) => `object_point_${String(point).padStart(2, '0')}_${axis}`)).flat()
    for (const [camera, { object_points: points }] of theirs.cameras.entries()) {
      expect(signalsOf(clipOf(camera, '3d'), at, names)).toEqual(points.map(Math.fround))
    }
  })

  test('has the same numbers of MANO', () => {
    for (const side of ['left', 'right'] as const) {
      const { annotated, pose, shape, world_rotation_vector: turn, world_translation: place } = theirs.mano[side]
      const world = head(...series('camera_pose', 16))
      expect(head(`mano_${side}_flag`)).toEqual([annotated ? 1 : 0])
      expect(head(...series(`mano_${side}_pose`, 48)).slice(3)).toEqual(pose.map(Math.fround))
      expect(head(...Array.from({ length: 10 }, (_, i) => `mano_${side}_shape_${i}`))).toEqual(shape.map(Math.fround))
      const root = rigid(head(...series(`mano_${side}_pose`, 3)), head(...['x', 'y', 'z'].map((axis) => `mano_${side}_translation_${axis}`)))
      const [inWorld, asTheirs] = [multiply(world, root), rigid(turn, place ?? [0, 0, 0])]
      const isTurn = (_: number, index: number): boolean => index % 4 < 3 && index < 12
      expect(inWorld.filter(isTurn)).toBeAllclose(asTheirs.filter(isTurn), { atol: 1e-6, rtol: 0 })
      expect(place === null ? [] : [3, 7, 11].map((index) => inWorld[index]!)).toBeAllclose(place ?? [], { atol: 1e-6, rtol: 0 })
    }
  })

  test('is called the same', () => {
    const found = clipOf(4, '3d').labels.segments.find(({ track, start, end }) => track === 'action-frames' && start <= at && at < end)
    expect(found).toMatchObject({ number: theirs.action_label, label: theirs.action })
    expect(entry.classes['action']![theirs.action_label]).toBe(theirs.action)
  })
})

test('the skeleton joins the joints that their viewer joins', () => {
  const sorted = (pairs: readonly Pair[]): Pair[] => pairs.toSorted(([a, b], [c, d]) => a - c || b - d)
  expect(sorted(entry.skeleton.edges)).toEqual(sorted(records[0]!.edges.hands))
})

test('what their viewer draws between the corners of the book are the twelve edges of a box of 15 x 21 x 3 cm', () => {
  const { edges: { box }, frames: [frame] } = records[0]!
  expect(frame!.object_class).toBe(1)
  const points = frame!.cameras[4]!.object_points
  const lengths = box.map(([a, b]) => Math.hypot(...[0, 1, 2].map((axis) => points[3 * a + axis]! - points[3 * b + axis]!))).sort((a, b) => a - b)
  expect(lengths).toBeAllclose([0.03, 0.15, 0.21].flatMap((length) => [length, length, length, length]), { atol: 1e-6, rtol: 0 })
})

const series = (name: string, length: number): string[] => Array.from({ length }, (_, index) => `${name}_${String(index).padStart(2, '0')}`)

function signalsOf({ signals }: Clip, frame: number, names: readonly string[]): number[] {
  const { names: all, values } = signals!
  return names.map((name) => {
    expect(all).toContain(name)
    return values[frame * all.length + all.indexOf(name)]!
  })
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, at) => [0, 1, 2, 3].reduce((sum, k) => sum + a[at - (at % 4) + k]! * b[4 * k + (at % 4)]!, 0))
}

/** A turn by axis times angle (Rodrigues) and a place, as a 4 x 4 matrix. */
function rigid([x, y, z]: readonly number[], [a, b, c]: readonly number[]): number[] {
  const angle = Math.hypot(x!, y!, z!)
  const [p, q, r] = angle === 0 ? [0, 0, 0] : [x! / angle, y! / angle, z! / angle]
  const [s, t, u] = [Math.sin(angle), Math.cos(angle), 1 - Math.cos(angle)]
  return [t + p * p * u, p * q * u - r * s, p * r * u + q * s, a!, q * p * u + r * s, t + q * q * u, q * r * u - p * s, b!,
    r * p * u - q * s, r * q * u + p * s, t + r * r * u, c!, 0, 0, 0, 1]
}
