import { describe, expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import { chainOf, presetOf, type PresetName, presets } from '../../src/transforms/index.ts'
import { textOf } from '../sources.ts'
import { exampleClip, skeleton } from './examples.ts'

const names = Object.keys(presets) as PresetName[]
const framesOf = (name: PresetName, frames: number, T = 64) =>
  presetOf(name).views.map((steps, view) => chainOf(steps, { skeleton, frames: T })(exampleClip({ frames }), randomAt({ seed: 1, view })).frames)

test.each<[PresetName, number[]]>([
  ['tcc', [40]], ['tcn', [80]], ['lav', [40]], ['pyskl', [48]], ['ctrgcn', [64]], ['none', [64]],
])('%s gives its published number of frames, of long clips and of short ones', (name, expected) => {
  expect(framesOf(name, 200)).toEqual(expected)
  expect(framesOf(name, 10)).toEqual(name === 'none' ? [10] : expected)
})

test.each(['la2ds', 'casa', 'carl'] as const)('%s has two views of at most T frames', (name) => {
  for (const frames of [3, 40, 200]) {
    const views = framesOf(name, frames, 32)
    expect([views.length, views.every((count) => count >= 1 && count <= 32)]).toEqual([2, true])
  }
})

test('casa leaves its first view clean, and its angle noise unapplied as its code does', () => {
  const clip = exampleClip({ frames: 20 })
  const [clean, copy] = presets.casa.views
  expect(chainOf(clean, { skeleton, frames: 64 })(clip, randomAt({ seed: 1 })).keypoints).toEqual(chainOf(clean, { skeleton, frames: 64 })(clip, randomAt({ seed: 2 })).keypoints)
  expect(copy.find(({ name }) => name === 'noise-angle')).toMatchObject({ applied: false })
})

test('a view\'s draws depend on the view', () => {
  const [first, second] = presets.carl.views.map((steps, view) => chainOf(steps, { skeleton, frames: 64 })(exampleClip({ frames: 100 }), randomAt({ seed: 1, view })))
  expect(first!.time).not.toEqual(second!.time)
})

describe('docs/augmentations.md', () => {
  const page = textOf('docs/augmentations.md')
  test.each(names)('has the preset %s with its steps', (name) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    const steps = presets[name].views.map((view) => view.map((step) => `\`${step.name}\``).join(' '))
    expect(steps.every((text) => row?.includes(text))).toBe(true)
  })
})
