import { expect, test } from 'vitest'
import { countWindows, windowAt, type WindowRule } from '../../../src/loader/plan/windows.ts'

const windowsOf = (frames: number, rule: WindowRule): string =>
  Array.from({ length: countWindows(frames, rule) }, (_, i) => windowAt(frames, rule, i)).map(({ start, end, step }) => `[${start} ${end})${step === 1 ? '' : `/${step}`}`).join(' ')

// by hand
test.each<[string, number, Omit<WindowRule, 'rest'>, string, string, string]>([
  ['whole windows reach the end', 10, { frames: 4, stride: 3 }, '[0 4) [3 7) [6 10)', '[0 4) [3 7) [6 10)', '[0 4) [3 7) [6 10)'],
  ['a frame is left', 11, { frames: 4, stride: 3 }, '[0 4) [3 7) [6 10)', '[0 4) [3 7) [6 10) [7 11)', '[0 4) [3 7) [6 10) [9 11)'],
  ['the clip is one window', 4, { frames: 4, stride: 1 }, '[0 4)', '[0 4)', '[0 4)'],
  ['the clip is shorter than a window', 3, { frames: 4, stride: 3 }, '', '', '[0 3)'],
  ['every second frame', 10, { frames: 4, stride: 5, step: 2 }, '[0 7)/2', '[0 7)/2 [3 10)/2', '[0 7)/2 [5 10)/2'],
  ['gaps between windows, frames left in a gap', 11, { frames: 4, stride: 6 }, '[0 4) [6 10)', '[0 4) [6 10) [7 11)', '[0 4) [6 10)'],
  ['no frame at all', 0, { frames: 4, stride: 3 }, '', '', ''],
  ['one frame each', 3, { frames: 1, stride: 1 }, '[0 1) [1 2) [2 3)', '[0 1) [1 2) [2 3)', '[0 1) [1 2) [2 3)'],
])('%s', (_, frames, rule, drop, last, pad) => {
  expect(windowsOf(frames, { ...rule, rest: 'drop' })).toBe(drop)
  expect(windowsOf(frames, { ...rule, rest: 'last' })).toBe(last)
  expect(windowsOf(frames, { ...rule, rest: 'pad' })).toBe(pad)
})
