import { expect, test } from 'vitest'
import { readCatalog } from '../../src/catalog.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { checks } from '../../src/validate/checks/index.ts'
import { findSkeletonFlaws } from '../../src/validate/find-flaws.ts'
import { legs } from './walker.ts'

const messages = (change: Partial<Skeleton>): string[] => findSkeletonFlaws('tiny', { ...legs, ...change }, checks).map(({ code, message }) => `${code}: ${message}`)

test('every skeleton of the catalog mirrors onto itself and hangs together', async () => {
  const { entries } = await readCatalog()
  expect(entries.flatMap(({ name, skeletons }) => skeletons.flatMap((skeleton) => findSkeletonFlaws(name, skeleton, checks)))).toEqual([])
})

test('a joint in two pairs, and one that is its own twin', () => {
  expect(messages({ pairs: [[1, 2], [3, 4], [1, 4]] })).toEqual([
    'skeleton-pairs: skeleton legs: left_knee is in two pairs of twins, or its own twin', 'skeleton-pairs: skeleton legs: right_foot is in two pairs of twins, or its own twin'])
  expect(messages({ pairs: [[1, 2], [3, 4], [0, 0]] })).toEqual(['skeleton-pairs: skeleton legs: hip is in two pairs of twins, or its own twin'])
})

test('a bone whose mirror image is no bone', () => {
  expect(messages({ edges: [[0, 1], [0, 2], [1, 3], [0, 4]] })).toEqual([
    'skeleton-pairs: skeleton legs: the bone left_knee - left_foot has no mirror image right_knee - right_foot',
    'skeleton-pairs: skeleton legs: the bone hip - right_foot has no mirror image hip - left_foot'])
})

test('a bone twice, one that begins where it ends, a joint on none', () => {
  expect(messages({ edges: [[0, 1], [0, 2], [2, 0], [3, 3], [4, 4]], joints: [...legs.joints, 'head'] })).toEqual([
    'skeleton-edges: skeleton legs: the bone right_knee - hip is there twice', 'skeleton-edges: skeleton legs: the bone left_foot - left_foot begins where it ends',
    'skeleton-edges: skeleton legs: the bone right_foot - right_foot begins where it ends', 'skeleton-edges: skeleton legs: head is on no bone'])
  expect(messages({ edges: [] })).toEqual([])
})
