import { describe, expect, test } from 'vitest'
import { pysklSplits } from '../../../src/ingest/adapters/pyskl/pyskl-splits.ts'

describe('the sides of a clip', () => {
  test('in named splits, several of them: none is the official one', () => {
    const { sidesOf } = splits({ xsub_train: ['a'], xsub_val: ['b'], xview_train: ['b'], xview_val: ['a'] }, ['a', 'b'])
    expect(sidesOf('a')).toEqual({ sides: { xsub: 'train', xview: 'test' }, officialSplit: null, flags: [] })
    expect(sidesOf('b')).toEqual({ sides: { xsub: 'test', xview: 'train' }, officialSplit: null, flags: [] })
  })

  test('in the only split: that is the official one', () => {
    expect(splits({ xsub_train: ['a'], xsub_val: ['b'] }, ['a', 'b']).sidesOf('b')).toEqual({ sides: { xsub: 'test' }, officialSplit: 'test', flags: [] })
    expect(splits({ train: ['a'], val: ['b'] }, ['a', 'b']).sidesOf('b')).toEqual({ sides: {}, officialSplit: 'test', flags: [] })
  })

  test('in numbered splits', () => {
    const { sidesOf } = splits({ train1: ['a'], test1: ['b'], train2: ['b'], test2: ['a'], train3: ['a', 'b'] }, ['a', 'b'])
    expect(sidesOf('a')).toEqual({ sides: { 'split-1': 'train', 'split-2': 'test', 'split-3': 'train' }, officialSplit: null, flags: [] })
  })

  test('val is validation where there is a test too', () => {
    const { sidesOf } = splits({ train: ['a'], val: ['b'], test: ['c'] }, ['a', 'b', 'c'])
    expect(['a', 'b', 'c'].map((clip) => sidesOf(clip).officialSplit)).toEqual(['train', 'validation', 'test'])
  })

  test('that stands on two sides: on neither, flagged', () => {
    const { sidesOf } = splits({ xsub_train: ['a'], xsub_val: ['a'], xset_train: ['a'] }, ['a'])
    expect(sidesOf('a')).toEqual({ sides: { xset: 'train' }, officialSplit: null, flags: ['on-two-sides'] })
  })
})

describe('what splits and annotations do not have of one another', () => {
  test('names without an annotation, the first five', () => {
    expect(splits({ train: ['a', 'b', 'c'], val: ['1', '2', '3', '4', '5', '6'] }, ['a']).missing).toEqual([
      'annotations of 2 clips of train: b, c', 'annotations of 6 clips of val: 1, 2, 3, 4, 5, ...'])
  })

  test('annotations without a split', () => {
    const { missing, sidesOf } = splits({ train: ['a'] }, ['a', 'b', 'c'])
    expect(missing).toEqual(['a split for 2 of 3 annotations: b, c'])
    expect(sidesOf('b')).toEqual({ sides: {}, officialSplit: null, flags: ['in-no-split'] })
  })

  test('all splits, which is no clip\'s fault', () => {
    const { missing, sidesOf } = splits({}, ['a'])
    expect([missing, sidesOf('a').flags]).toEqual([['splits'], []])
  })

  test('lists of another kind', () => {
    const { ignored, sidesOf } = splits({ train: ['a'], hard: ['a'], trainval: ['a'] }, ['a'])
    expect([ignored, sidesOf('a').officialSplit]).toEqual([['hard', 'trainval'], 'train'])
  })
})

test('a clip and a split may be called as anything is', () => {
  const { sidesOf } = splits({ ['__proto___train']: ['constructor'] }, ['constructor'])
  expect(sidesOf('constructor').officialSplit).toBe('train')
  expect(Object.entries(sidesOf('constructor').sides)).toEqual([['__proto__', 'train']])
})

function splits(lists: Readonly<Record<string, readonly string[]>>, clips: readonly string[]): ReturnType<typeof pysklSplits> {
  return pysklSplits(new Map(Object.entries(lists)), clips)
}
