import { expect, test } from 'vitest'
import type { Clip } from '../../../src/clip.ts'
import { input, ortExecutor } from '../../../src/engine/index.ts'
import { renderHeatmaps } from '../../../src/models/blocks/heatmap-render.ts'
import { randomAt } from '../../../src/random.ts'
import { gridPoints, type HeatmapSpec } from '../../../src/transforms/heatmap-spec.ts'
import { heatmaps } from '../../../src/transforms/heatmaps.ts'
import { exampleClip, skeleton } from '../../transforms/examples.ts'

const spec = { skeleton, channels: 'both', size: 32, sigma: 0.5, patch: 8 } as const

/** [1, T, M, J, 3] on the grid: absent = confidence 0, in the corner. */
function pointsOf(clip: Clip, size: number): Float32Array {
  return Float32Array.from(Array.from({ length: clip.frames }, (_, frame) => Array.from({ length: clip.persons }, (_, person) =>
    gridPoints(clip, { frame, person, size }).map(({ x, y, confidence }) => (Number.isNaN(x) ? [0, 0, 0] : [x, y, confidence])))).flat(3))
}

/** How far the graph is from what the transforms draw, at most. */
async function distance(clip: Clip, spec: HeatmapSpec & { readonly patch: number }): Promise<number> {
  const points = input('points', [1, clip.frames, clip.persons, clip.joints, 3])
  const maps = renderHeatmaps(points, { ...spec, joints: clip.joints, edges: spec.skeleton.edges })
  const program = await ortExecutor({ device: 'cpu', threads: 1 }).compile({ inputs: [points], state: [], outputs: { maps } })
  const { data, shape } = (await program.run({ points: { shape: points.shape, data: pointsOf(clip, spec.size) } }))['maps']!
  const drawn = heatmaps(clip, spec)
  expect(shape).toEqual([1, ...drawn.shape])
  await program.close()
  return drawn.data.reduce((most, value, i) => Math.max(most, Math.abs(value - data[i]!)), 0)
}

test.each([{}, { channels: 'joint' as const }, { channels: 'limb' as const }, { size: 56, sigma: 0.6 }, { size: 24, patch: 6, sigma: 2 }])(
  'the graph draws what the transforms draw, within 1e-5: %j', async (change) => {
    for (const persons of [1, 3]) expect(await distance(exampleClip({ frames: 6, persons, seed: 3 }), { ...spec, ...change })).toBeLessThan(1e-5)
  })

test('faint joints, joints on top of one another, short limbs and joints outside are drawn alike', async () => {
  const random = randomAt({ seed: 4 })
  const clip = { ...exampleClip({ frames: 60 }), width: 32, height: 32 }
  const keypoints = clip.keypoints!.map((_, i) => (i % 3 === 2 ? [0, 0.0009, 0.0011, 0.3, 1][random.integer(5)]! : random.between(-10, 42)))
  // limbs go out from joint 0: the others come as close as a pixel, or lie on it
  for (let frame = 0; frame < 60; frame += 2) for (let joint = 1; joint < 5; joint++) for (const axis of [0, 1]) {
    keypoints[(frame * 5 + joint) * 3 + axis] = keypoints[frame * 15 + axis]! + [0, 0, 0.3, -0.6, 0.8][random.integer(5)]!
  }
  expect(await distance({ ...clip, keypoints }, spec)).toBeLessThan(1e-5)
})
