import { describe, expect, test } from 'vitest'
import { cameraOf, devices, IMAGE, toCamera, toPixels } from '../../../src/ingest/synthetic/ikea-asm/ikea-camera.ts'
import { furniture } from '../../../src/ingest/synthetic/ikea-asm/ikea-classes.ts'
import { POINTS } from '../../../src/ingest/synthetic/ikea-asm/ikea-joints.ts'
import { moveWorker, type Place } from '../../../src/ingest/synthetic/ikea-asm/ikea-motion.ts'
import { planDeeds } from '../../../src/ingest/synthetic/ikea-asm/ikea-plan.ts'
import { drawBody } from '../../../src/ingest/synthetic/person.ts'
import { randomAt } from '../../../src/random.ts'

const FRAMES = 120
const films = furniture.flatMap(({ folder }) => (['table', 'floor'] as const).flatMap((place) => [1, 2, 3, 4].map((seed) => film(folder, place, seed))))

describe('a worker', () => {
  test('never jumps: no joint goes further than 12 cm in 40 ms', () => {
    expect(most(films.flatMap(({ world }) => steps(world)))).toBeLessThan(12)
  })

  test('moves: hands go their ways, metres in 5 seconds', () => {
    for (const { world } of films) expect(steps(world).filter((_, at) => at % POINTS === 9).reduce((sum, step) => sum + step, 0)).toBeGreaterThan(100)
  })

  test('has bones that keep their length: forearms, shins', () => {
    for (const { world } of films) {
      for (const [from, to] of [[7, 9], [14, 16]] as const) {
        const lengths = Array.from({ length: FRAMES }, (_, frame) => distance(point(world, frame, from), point(world, frame, to)))
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(1e-9)
      }
    }
  })

  test('stands between the floor and 2 m above, head up', () => {
    const heights = films.flatMap(({ world }) => [...world].filter((_, at) => at % 3 === 1).map((y) => 100 - y))
    expect([Math.min(...heights) > -1, Math.max(...heights) < 200]).toEqual([true, true])
    for (const { world } of films) expect(point(world, 60, 0)[1]).toBeLessThan(point(world, 60, 11)[1]!)
  })

  test('turns the face to dev2: the left shoulder is right in its picture', () => {
    for (const { world } of films) expect(point(world, 30, 5)[0]).toBeGreaterThan(point(world, 30, 6)[0]!)
  })
})

describe('a camera', () => {
  test('has a rotation: rows of length 1, at right angles, and no mirror', () => {
    for (const device of devices) {
      const { r } = cameraOf(1, 4, device)
      const rows = [0, 1, 2].map((row) => r.slice(3 * row, 3 * row + 3))
      const products = rows.map((a) => rows.map((b) => Math.round(a.reduce((sum, value, at) => sum + value * b[at]!, 0) * 1e12) / 1e12 + 0))
      expect(products).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
      const [a, b, c] = rows as [number[], number[], number[]]
      expect(a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) - a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) + a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)).toBeCloseTo(1)
    }
  })

  test('sees every point of every film inside the image', () => {
    for (const device of devices) {
      for (const { world, seed } of films) {
        const camera = cameraOf(seed, 7, device)
        const pixels = toPixels(camera, toCamera(camera, world))
        const [xs, ys] = [0, 1].map((axis) => [...pixels].filter((_, at) => at % 2 === axis)) as [number[], number[]]
        expect([Math.min(...xs) > 300, Math.max(...xs) < IMAGE.width - 300]).toEqual([true, true])
        expect([Math.min(...ys) > 0, Math.max(...ys) < IMAGE.height]).toEqual([true, true])
      }
    }
  })

  test('dev2 is the world, and scenes 9, 10 and 11 have the same cameras', () => {
    expect(cameraOf(1, 4, 'dev2')).toMatchObject({ r: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] })
    expect(cameraOf(1, 9, 'dev3')).toEqual(cameraOf(1, 11, 'dev3'))
    expect(cameraOf(1, 8, 'dev3')).not.toEqual(cameraOf(1, 11, 'dev3'))
  })

  test('puts a point before it where the matrices say', () => {
    const camera = { k: [1000, 0, 960, 0, 900, 540, 0, 0, 1], r: [0, 0, -1, 0, 1, 0, 1, 0, 0], t: [10, 20, 30] }
    const seen = toCamera(camera, Float64Array.of(170, 80, 60))
    expect([...seen]).toEqual([-50, 100, 200])
    expect([...toPixels(camera, seen)]).toEqual([710, 990])
  })
})

function film(folder: string, place: Place, seed: number): { world: Float64Array; seed: number } {
  const random = randomAt({ seed, clip: folder + place })
  const stretches = planDeeds(folder, FRAMES, random)
  return { world: moveWorker({ body: drawBody(random), height: 150 + 10 * seed }, place, { stretches, frames: FRAMES }, random), seed }
}

function steps(world: Float64Array): number[] {
  return Array.from({ length: (FRAMES - 1) * POINTS }, (_, at) => {
    const [frame, joint] = [Math.floor(at / POINTS), at % POINTS]
    return distance(point(world, frame, joint), point(world, frame + 1, joint))
  })
}

function point(world: Float64Array, frame: number, joint: number): number[] {
  return [...world.subarray((frame * POINTS + joint) * 3, (frame * POINTS + joint) * 3 + 3)]
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, axis) => sum + (value - b[axis]!) ** 2, 0))
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity)
}
