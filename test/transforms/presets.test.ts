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

test.each(['la2ds', 'casa', 'casa-ikea', 'carl'] as const)('%s has two views of at most T frames', (name) => {
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

test('casa-ikea leaves frames out of its second view, and nothing else', () => {
  const changed = presets['casa-ikea'].views[1].filter((step) => !presets['casa-ikea'].views[0].some(({ name }) => name === step.name))
  expect(changed).toEqual([{ name: 'speed', share: 0.5 }])
})

test('a mirror without swapping leaves every joint in its column, at the width less its x', () => {
  const clip = exampleClip({ frames: 3 })
  const { keypoints } = chainOf([{ name: 'flip', swap: false, probability: 1 }], { skeleton, frames: 64 })(clip, randomAt({ seed: 1 }))
  expect(keypoints).toBeAllclose(clip.keypoints!.map((x, i) => (i % 3 === 0 ? clip.width - x : x)), { rtol: 1e-6 })
})

test('la2ds has the ranges and chances of section 4.1 of its specification in its second view, after its own cut and tempo', () => {
  expect(presets.la2ds.views[1]).toEqual([
    { name: 'resample' }, { name: 'cut', share: 0.45 }, { name: 'tempo', factor: 1.5 }, { name: 'speed', share: 0.5 }, { name: 'crop', padding: 0.25 },
    { name: 'flip', probability: 0.5 }, { name: 'rotate', degrees: 15, probability: 0.5 }, { name: 'scale', low: 0.8, high: 1.2, probability: 0.5 },
    { name: 'translate', share: 0.1, probability: 0.5 }, { name: 'jitter', share: 0.02, probability: 0.3 }, { name: 'drop-joints', share: 0.1, probability: 0.3 },
  ])
})

test('what methods draw is what their configurations say', () => {
  const optionsOf = (preset: PresetName, step: string) => presetOf(preset).views.at(-1)!.find(({ name }) => name === step)
  // CASA for Penn Action: fast, chances of .3, noise of .1 spines; CARL: 80 frames, region 1.5, areas from .8; TCC and TCN: 20, offset 1, 2 frames 15 apart, 5 back
  expect(optionsOf('casa', 'speed')).toEqual({ name: 'speed', share: 0.5 })
  expect(['noise-angle', 'flip', 'noise-translation'].map((step) => optionsOf('casa', step))).toMatchObject([{ probability: 0.3 }, { probability: 0.3 }, { probability: 0.3, deviation: 0.1 }])
  expect([optionsOf('carl', 'time-augment'), optionsOf('carl', 'resized-crop'), optionsOf('carl', 'flip')])
    .toMatchObject([{ frames: 80, region: 1.5 }, { low: 0.8, high: 1 }, { probability: 0.5 }])
  expect([optionsOf('tcc', 'offset-uniform'), optionsOf('tcn', 'anchors-and-positives'), optionsOf('lav', 'segment-uniform')])
    .toMatchObject([{ frames: 20, offset: 1, context: 2, stride: 15 }, { frames: 20, offset: 1, reach: 5, context: 2, stride: 15 }, { frames: 20, context: 2, stride: 15, overflow: 'repeat' }])
  // PoseC3D: 48 frames, 1.25 boxes, areas from .56; CTR-GCN: .5 to 1 of at least 64 frames on 64, turns of .3
  expect([optionsOf('pyskl', 'uniform-sample'), optionsOf('pyskl', 'crop'), optionsOf('pyskl', 'resized-crop'), optionsOf('pyskl', 'flip')])
    .toMatchObject([{ frames: 48 }, { padding: 0.25 }, { low: 0.56, high: 1 }, { probability: 0.5 }])
  expect([optionsOf('ctrgcn', 'crop-resize'), optionsOf('ctrgcn', 'random-rot')]).toMatchObject([{ low: 0.5, high: 1, fewest: 64, frames: 64 }, { radians: 0.3 }])
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
