import { describe, expect, test } from 'vitest'
import { type MakerFlags, makerOf } from '../../src/cli/split-maker.ts'
import { splitOrigin } from '../../src/cli/split-origin.ts'

const shares = { train: 8, validation: 1, test: 1, total: 10 }

test.each<[MakerFlags, object]>([
  [{ make: 'hash', shares: '80/10/10' }, { maker: { kind: 'hash', shares }, groupKey: undefined }],
  [{ make: 'hash', shares: '80/10/10', by: 'subject' }, { maker: { kind: 'hash', shares }, groupKey: 'subject' }],
  [{ make: 'kfold', k: 5, group: 'scene' }, { maker: { kind: 'kfold', k: 5 }, groupKey: 'scene' }],
  [{ make: 'leave-one-group-out', by: 'subject' }, { maker: { kind: 'leave-one-group-out' }, groupKey: 'subject' }],
  [{ make: 'stratified', shares: '80/10/10', by: 'camera', group: 'subject' }, { maker: { kind: 'stratified', by: 'camera', shares }, groupKey: 'subject' }],
  [{ make: 'stratified', shares: '80/10/10' }, { maker: { kind: 'stratified', by: 'action', shares }, groupKey: undefined }],
  [{ make: 'fraction', of: 'official', share: '.1' }, { maker: { kind: 'fraction', of: 'official', share: '0.1' }, groupKey: undefined }],
  [{ make: 'zero-shot', 'hold-out': 'action=squat,bowl,squat' }, { maker: { kind: 'zero-shot', column: 'action', classes: ['bowl', 'squat'] }, groupKey: undefined }],
  [{ make: 'long-tail', of: 'official', factor: 100 }, { maker: { kind: 'long-tail', of: 'official', factor: 100 }, groupKey: undefined }],
])('%j', (flags, expected) => {
  expect(makerOf(flags)).toEqual(expected)
})

describe('refused', () => {
  test.each<[MakerFlags, string]>([
    [{ make: 'kfolds' }, 'no maker of splits "kfolds"'],
    [{ make: 'kfold' }, '--make kfold needs --k'],
    [{ make: 'kfold', k: 1 }, '--k 1: 2 or more'],
    [{ make: 'hash', shares: '1/1', k: 2 }, '--make hash does not take --k'],
    [{ make: 'hash', shares: '1/1', by: 'subjects' }, 'no group key "subjects"'],
    [{ make: 'hash', shares: '1/1', by: 'subject', group: 'scene' }, '--by subject and --group scene: --make hash has one group key'],
    [{ make: 'fraction', of: 'official', share: '10' }, '--share 10: a part of the whole, above 0 and up to 1'],
    [{ make: 'fraction', of: 'official', share: '0.0' }, '--share 0.0: a part of the whole, above 0 and up to 1'],
    [{ make: 'zero-shot', 'hold-out': 'squat' }, '--hold-out squat: it is COLUMN=VALUE,VALUE'],
  ])('%j: %s', (flags, message) => {
    expect(() => makerOf(flags)).toThrow(message)
  })

  test('parameters of makers without a maker, and another group for what is published', async () => {
    await expect(splitOrigin({ shares: '80/20' })).rejects.toThrow('--shares without --make')
    await expect(splitOrigin({ group: 'subject' })).rejects.toThrow('--group of a published split')
  })
})

test('nothing said is the official split', async () => {
  expect(await splitOrigin({})).toEqual({ from: { protocol: 'official' } })
})

test('what is published may be made under another name', async () => {
  expect(await splitOrigin({ protocol: 'tcc', name: 'tcc-2' })).toEqual({ from: { protocol: 'tcc', name: 'tcc-2' } })
})
