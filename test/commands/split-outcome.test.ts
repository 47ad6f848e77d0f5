import { expect, test } from 'vitest'
import { splitOutcome } from '../../src/cli/split-outcome.ts'

const split = { name: 'hash-8-1-1', dataset: 'd', query: '', groupKey: 'group_id', seed: 0, salt: '0', hash: 'sha256:0', sides: { train: ['a'], test: ['b'] } } as const
const splits = [{ split, leaks: [], checks: [], balance: { sides: [], actions: [], chiSquare: null } }]

test('a side that was asked for and has no clip is told, in words and in JSON', () => {
  const { document, text } = splitOutcome({ splits, stable: true, empty: ['validation'] })
  expect(document).toMatchObject({ name: 'hash-8-1-1', stable: true, empty: ['validation'] })
  expect(text?.split('\n').slice(-2)).toEqual([
    'no clip is in validation: its share of so few groups came to none; more clips, a larger share or another --salt may fill it', 'clips that are added will move none of these'])
})

test('of what no maker made nothing is promised', () => {
  expect(Object.keys(splitOutcome({ splits }).document)).toEqual(['name', 'hash', 'groupKey', 'sides', 'leaks', 'checks', 'balance'])
})
