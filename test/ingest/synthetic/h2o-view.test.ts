import { describe, expect, test } from 'vitest'
import { h2oTruth } from '../../../src/ingest/synthetic/h2o/h2o-twin.ts'
import { viewH2o } from '../../../src/ingest/synthetic/h2o/h2o-view.ts'
import { lengthOf, minus, rowsOf } from './h2o-folder.ts'

const { sequences } = h2oTruth({ sequences: 6, seed: 5, cameras: 'all', flaws: false })
const views = sequences.map((sequence) => ([0, 1, 2, 3, 4] as const).map((camera) => viewH2o(sequence, camera)))
/** OpenPose's bones of a hand. */
const BONES = [1, 5, 9, 13, 17].flatMap((base) => [[0, base], [base, base + 1], [base + 1, base + 2], [base + 2, base + 3]] as const)

/** 4 x 4, row by row, on a point. */
function map(matrix: readonly number[], [x, y, z]: readonly number[]): number[] {
  return [0, 4, 8].map((row) => matrix[row]! * x! + matrix[row + 1]! * y! + matrix[row + 2]! * z! + matrix[row + 3]!)
}

function worldJoints({ cameraPoses, hands }: ReturnType<typeof viewH2o>): number[][][] {
  const poses = rowsOf(cameraPoses, 16)
  return rowsOf(hands, 126).map((row, frame) => rowsOf(row, 3).map((joint) => map(poses[frame]!, joint)))
}

describe('five cameras', () => {
  test('see the same hands in one world', () => {
    for (const own of views) {
      const worlds = own.map(worldJoints)
      for (const world of worlds) expect(world.flat(2)).toBeAllclose(worlds[4]!.flat(2), { atol: 1e-14, rtol: 0 })
    }
  })

  test('see the same object there', () => {
    const centres = views[0]!.map(({ cameraPoses, objectPoints }) => {
      const poses = rowsOf(cameraPoses, 16)
      return rowsOf(objectPoints, 63).slice(0, 30).flatMap((row, frame) => map(poses[frame]!, row.slice(0, 3)))
    })
    for (const centre of centres) expect(centre).toBeAllclose(centres[4]!, { atol: 1e-14, rtol: 0 })
  })

  test('stand still but for the one on the head, and are rotations without mirrors', () => {
    for (const { camera, cameraPoses } of views.flat()) {
      const poses = rowsOf(cameraPoses, 16)
      expect(new Set(poses.map(String)).size).toBe(camera === 4 ? poses.length : 1)
      for (const pose of poses) {
        const [a, b, c, , d, e, f, , g, h, i] = pose as [number, number, number, number, number, number, number, number, number, number, number]
        expect([a * a + d * d + g * g, a * b + d * e + g * h, a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)]).toBeAllclose([1, 0, 1])
      }
      expect(poses[0]!.slice(12)).toEqual([0, 0, 0, 1])
    }
  })

  test('have the hands before them, most of the time in the image, sometimes partly outside', () => {
    for (const { hands, pixels } of views.flat()) {
      const depths = rowsOf(hands, 3).map(([, , z]) => z!)
      expect(Math.min(...depths)).toBeGreaterThan(0.15)
      const inside = rowsOf(pixels, 2).filter(([u, v]) => u! >= 0 && u! < 1280 && v! >= 0 && v! < 720).length
      expect(inside / depths.length).toBeGreaterThan(0.9)
    }
    const all = views.flat().flatMap(({ pixels }) => rowsOf(pixels, 2))
    expect(all.some(([u, v]) => u! < 0 || u! >= 1280 || v! < 0 || v! >= 720)).toBe(true)
  })

  test('project with fx X / Z + cx, fy Y / Z + cy, near the published intrinsics', () => {
    for (const { intrinsics, hands, pixels } of views.flat()) {
      const [fx, fy, cx, cy, width, height] = intrinsics as [number, number, number, number, number, number]
      expect([fx, fy, cx, cy]).toBeAllclose([636.6593017578125, 636.251953125, 635.283881879317, 366.8740353496978], { rtol: 0.011 })
      expect([width, height]).toEqual([1280, 720])
      const joints = rowsOf(hands, 3) as [number, number, number][]
      expect([...pixels]).toBeAllclose(joints.flatMap(([x, y, z]) => [fx * x / z + cx, fy * y / z + cy]), { atol: 1e-9, rtol: 0 })
    }
  })

  test('are annotated each in its own way: some gaps of 4 to 20 frames, never half of a sequence', () => {
    const flags = views.flat().map(({ handFlags }) => [...handFlags].join(''))
    expect(new Set(flags.filter((text) => text.includes('0'))).size).toBeGreaterThan(8)
    for (const { handFlags } of views.flat()) {
      const gaps = [0, 1].flatMap((side) => rowsOf(handFlags, 2).map((pair) => pair[side]).join('').match(/0+/g) ?? [])
      expect(gaps.every(({ length }) => length >= 4 && length <= 20)).toBe(true)
    }
  })
})

describe('a hand', () => {
  test('has bones of one length throughout, those of a person, the left ones as the right', () => {
    for (const own of views) {
      const lengths = worldJoints(own[4]!).map((joints) => [0, 21].map((wrist) =>
        BONES.map(([a, b]) => lengthOf(minus(joints[wrist + b]!, joints[wrist + a]!)))))
      for (const [left, right] of lengths) expect([left, right]).toBeAllclose([lengths[0]![0]!, lengths[0]![0]!].flat(), { atol: 1e-12, rtol: 0 })
      expect(Math.min(...lengths[0]![0]!)).toBeGreaterThan(0.014)
      expect(Math.max(...lengths[0]![0]!)).toBeLessThan(0.115)
    }
  })

  test('has its thumb on the inner side, left hand left of the right one', () => {
    for (const own of views) {
      const [joints] = worldJoints(own[4]!)
      expect(joints![0]![0]!).toBeLessThan(joints![21]![0]!)
      expect(joints![4]![0]!).toBeGreaterThan(joints![20]![0]!)
      expect(joints![25]![0]!).toBeLessThan(joints![41]![0]!)
    }
  })

  test('moves smoothly: no joint jumps further than 13 cm between two frames, every hand goes further than 20 cm in all', () => {
    for (const own of views) {
      const world = worldJoints(own[4]!)
      const steps = world.slice(1).map((joints, frame) => joints.map((joint, at) => lengthOf(minus(joint, world[frame]![at]!))))
      expect(Math.max(...steps.flat())).toBeLessThan(0.13)
      for (const wrist of [0, 21]) expect(steps.reduce((sum, step) => sum + step[wrist]!, 0)).toBeGreaterThan(0.2)
    }
  })

  test('is turned by MANO\'s first axis-angle: turned back, the knuckles never move', () => {
    for (const { mano, hands } of views.flat()) {
      const all = rowsOf(hands, 63)
      const knuckles = rowsOf(mano, 61).map((numbers, at) => {
        const joints = rowsOf(all[at]!, 3)
        expect(numbers.slice(0, 3)).toEqual(joints[0])
        return turnBack(numbers.slice(3, 6), minus(joints[9]!, joints[0]!))
      })
      for (const [at, knuckle] of knuckles.entries()) expect(knuckle).toBeAllclose(knuckles[at % 2]!, { atol: 1e-12, rtol: 0 })
    }
  })

  test('has MANO numbers of one person: a shape that stays, fingers that bend by less than half a turn', () => {
    for (const { mano } of views.flat()) {
      const all = rowsOf(mano, 61)
      expect(new Set(all.map((numbers) => String(numbers.slice(51)))).size).toBe(1)
      expect(Math.max(...all.flatMap((numbers) => numbers.slice(6, 51)).map(Math.abs))).toBeLessThan(Math.PI / 2)
    }
    const shapes = sequences.map(({ subject }, at) => `${subject} ${views[at]![4]!.mano.slice(51, 61).join()}`)
    expect(new Set(shapes).size).toBe(4)
  })
})

describe('an object', () => {
  test('is a box in its pose: centre, 8 corners, 12 middles of edges', () => {
    for (const [at, own] of views.entries()) {
      for (const { objectPoints, objectPoses } of own) {
        const poses = rowsOf(objectPoses, 16)
        for (const [frame, row] of rowsOf(objectPoints, 63).entries()) {
          if (sequences[at]!.objectClasses[frame] === 0) continue
          const [centre, ...rest] = rowsOf(row, 3)
          const pose = poses[frame]!
          expect(centre).toBeAllclose([pose[3], pose[7], pose[11]])
          const inside = rest.map((point) => [0, 1, 2].map((axis) => [0, 1, 2].reduce((sum, r) => sum + pose[4 * r + axis]! * (point[r]! - centre![r]!), 0)))
          const half = inside[3]!
          expect(Math.min(...half)).toBeGreaterThan(0.01)
          const signs = inside.map((point) => point.map((value, axis) => Math.round((value / half[axis]!) * 1e9) / 1e9 + 0))
          // read off h2oplayer's obj_point_order.jpg: x to the right, y away, z up
          expect(signs).toEqual([
            [1, -1, 1], [-1, -1, 1], [-1, 1, 1], [1, 1, 1], [1, -1, -1], [-1, -1, -1], [-1, 1, -1], [1, 1, -1],
            [0, -1, 1], [0, -1, -1], [0, 1, -1], [0, 1, 1], [1, -1, 0], [-1, -1, 0], [-1, 1, 0], [1, 1, 0], [1, 0, 1], [-1, 0, 1], [-1, 0, -1], [1, 0, -1],
          ])
        }
      }
    }
  })

  test('is the one that is acted on, and all zeros once put away', () => {
    for (const [at, { segments, objectClasses }] of sequences.entries()) {
      for (const { start, end, object } of segments) expect(new Set(objectClasses.slice(start, end))).toEqual(new Set([object]))
      const { objectPoses, objectPoints } = views[at]![4]!
      for (const rows of [rowsOf(objectPoses, 16), rowsOf(objectPoints, 63)]) {
        expect(rows.map((row) => row.every((value) => value === 0))).toEqual(objectClasses.map((object) => object === 0))
      }
    }
    expect(sequences.some(({ objectClasses }) => objectClasses.includes(0))).toBe(true)
  })

  test('goes with the right hand while it is lifted', () => {
    const [{ segments }] = sequences as [typeof sequences[0]]
    const world = worldJoints(views[0]![4]!)
    const { cameraPoses, objectPoints } = views[0]![4]!
    const grabbed = segments[0]!.end
    const distances = Array.from({ length: segments.find(({ verb }) => verb === 2)!.start - grabbed }, (_, i) => {
      const frame = grabbed + i
      return lengthOf(minus(world[frame]![21]!, map(rowsOf(cameraPoses, 16)[frame]!, rowsOf(objectPoints, 63)[frame]!.slice(0, 3))))
    })
    expect(distances.length).toBeGreaterThan(5)
    expect(distances).toBeAllclose(distances.map(() => distances[0]!), { atol: 1e-12, rtol: 0 })
  })
})

/** A point turned by minus an axis-angle (Rodrigues). */
function turnBack(vector: readonly number[], point: readonly number[]): number[] {
  const angle = lengthOf(vector)
  const [a, b, c] = vector.map((value) => value / angle) as [number, number, number]
  const [x, y, z] = point as [number, number, number]
  const along = (a * x + b * y + c * z) * (1 - Math.cos(angle))
  const across = [b * z - c * y, c * x - a * z, a * y - b * x]
  return [a, b, c].map((axis, at) => point[at]! * Math.cos(angle) - across[at]! * Math.sin(angle) + axis * along)
}
