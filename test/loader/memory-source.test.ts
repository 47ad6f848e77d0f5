import { expect, test } from 'vitest'
import { sourceOfClips } from '../../src/loader/memory-source.ts'
import { exampleClip } from '../transforms/examples.ts'

const [first, second, third] = [3, 1, 2].map((seed) => exampleClip({ seed, frames: 5 + seed }))
const jumping = { ...second!, labels: { ...second!.labels, action: 'jump', subject: 's1' } }
const source = sourceOfClips([first!, jumping, third!])

test('has a row per clip, in order of id', () => {
  expect([0, 1, 2].map((row) => source.clips.id(row))).toEqual(['example/1', 'example/2', 'example/3'])
  expect([...source.clips.frames]).toEqual([6, 7, 8])
  expect(source.read(0)).toBe(jumping)
  // five joints of two coordinates and a confidence
  expect(source.keypoints(2, 2, 7)).toEqual(first!.keypoints!.slice(2 * 15, 7 * 15))
})

test('codes labels by their sorted names, -1 for none', () => {
  expect(source.clips.label('action')).toEqual({ names: ['jump', 'wave'], codes: Int32Array.of(0, 1, 1) })
  expect(source.clips.label('subject')).toEqual({ names: ['s1'], codes: Int32Array.of(0, -1, -1) })
  expect(source.clips.label('group').names).toEqual(['example/1', 'example/2', 'example/3'])
})

test('its hash is that of ids and joints, whatever their order', () => {
  expect(sourceOfClips([third!, jumping, first!]).hash).toBe(source.hash)
  expect(sourceOfClips([third!, jumping]).hash).not.toBe(source.hash)
  expect(sourceOfClips([{ ...first!, keypoints: first!.keypoints!.map((value) => value + 1) }, jumping, third!]).hash).not.toBe(source.hash)
})

test('refuses two clips of one id', () => {
  expect(() => sourceOfClips([first!, first!])).toThrow('two clips are called example/3')
})
