import { expect, test } from 'vitest'
import { makePoseGrid } from '../../../src/queries/near-duplicates/pose-grid.ts'
import { randomAt } from '../../../src/random.ts'

const [size, radius] = [20, 0.2]

/** Poses of length 1 that lie in heaps of ten. */
const poses = ((): Float32Array => {
  const random = randomAt({ seed: 1 })
  const heaps = Array.from({ length: 50 }, () => Array.from({ length: size }, () => random.normal()))
  return Float32Array.from({ length: 500 }, (_, number) => number).reduce((all, number) => {
    const pose = heaps[number % 50]!.map((value) => value + 0.15 * random.normal())
    all.set(pose.map((value) => value / Math.hypot(...pose)), number * size)
    return all
  }, new Float32Array(500 * size))
})()
const poseOf = (number: number): Float32Array => poses.subarray(number * size, (number + 1) * size)
const distance = (a: Float32Array, b: Float32Array): number => Math.hypot(...a.map((value, i) => value - b[i]!))

test('finds every pose within the radius, and few others', () => {
  const grid = makePoseGrid(poses, size, radius)
  let [near, visited] = [0, 0]
  for (let number = 0; number < 500; number++) {
    const found = new Set<number>()
    grid.near(poseOf(number), (other) => found.add(other))
    const expected = Array.from({ length: 500 }, (_, other) => other).filter((other) => distance(poseOf(number), poseOf(other)) <= radius)
    expect(expected.filter((other) => !found.has(other))).toEqual([])
    near += expected.length
    visited += found.size
  }
  expect(near).toBeGreaterThan(1000)
  expect(visited).toBeLessThan(3 * near)
})
