import { expect, test } from 'vitest'
import { matchesGlob } from '../../src/ingest/glob.ts'

test.each([
  ['labels/0001.mat', 'labels/*.mat', true],
  ['labels/0001.mat', 'labels/000?.mat', true],
  ['labels/0010.mat', 'labels/000?.mat', false],
  ['labels/0001.mat', '*.mat', false],
  ['labels/0001.mat', '**/*.mat', true],
  ['0001.mat', '**/*.mat', true],
  ['a/b/c.mat', 'a/**', true],
  ['labels/0001xmat', 'labels/0001.mat', false],
  ['a+b(1).mat', 'a+b(1).mat', true],
])('%s against %s: %s', (path, glob, matches) => {
  expect(matchesGlob(path, glob)).toBe(matches)
})
