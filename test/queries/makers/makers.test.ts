import { describe, expect, test } from 'vitest'
import { longTailQuotas } from '../../../src/queries/makers/long-tail-quotas.ts'
import { parseShares } from '../../../src/queries/makers/shares.ts'
import { drawClips, make, type Member, type Row } from './table.ts'

const seeds = Array.from({ length: 12 }, (_, seed) => seed)
const sideOf = (members: readonly Member[]): Map<string, string> => new Map(members.map(({ id, side }) => [id, side]))
const values = <T>(members: readonly T[], key: (one: T) => string | null): (string | null)[] => [...new Set(members.map(key))].sort()
const ids = (members: readonly Member[], side: string): string[] => members.filter((member) => member.side === side).map(({ id }) => id)

/** Groups that are on more than one side. */
function divided(members: readonly Member[], key: (row: Row) => string | null): (string | null)[] {
  return values(members, key).filter((value) => values(members.filter((member) => key(member) === value), ({ side }) => side).length > 1)
}

describe('hash', () => {
  const maker = { kind: 'hash', shares: parseShares('80/10/10') } as const

  test.each(seeds)('clips that are added move no other, and recordings stay whole (clips of seed %i)', async (seed) => {
    const clips = drawClips(seed, { recordings: 200 })
    const few = clips.filter((_, i) => i % 3 !== seed % 3)
    const [[all], [some]] = [await make(maker, clips), await make(maker, few)]
    const sides = sideOf(all!)
    expect(some!.filter(({ id, side }) => sides.get(id) !== side)).toEqual([])
    expect([all!.length, divided(all!, ({ group }) => group)]).toEqual([clips.length, []])
  })

  test('shares are met on average, and another salt moves the expected share of recordings', async () => {
    const clips = drawClips(1, { recordings: 4000 }).filter(({ id }) => id.endsWith('c0'))
    const [[zero], [one]] = [await make(maker, clips), await make(maker, clips, { salt: 'another' })]
    // 4,000 draws of p = 0.8: a standard deviation of 25; both salts agree by chance in 0.8² + 0.1² + 0.1² = 0.66: 30
    expect(Math.abs(ids(zero!, 'train').length - 3200)).toBeLessThan(4 * 25.3)
    expect(Math.abs(ids(zero!, 'validation').length - 400)).toBeLessThan(4 * 19)
    const sides = sideOf(zero!)
    expect(Math.abs(one!.filter(({ id, side }) => sides.get(id) !== side).length - 1360)).toBeLessThan(4 * 30)
  })

  test('groups of another key stay whole', async () => {
    const [members] = await make(maker, drawClips(2, { subjects: 40 }), { groupKey: 'subject' })
    expect(divided(members!, ({ subject }) => subject)).toEqual([])
  })

  // Python 3: int.from_bytes(sha256(b'1:0d/' + name).digest()[:8], 'big') % 4 of a to f is 0, 0, 3, 1, 3, 2: 0 and 1 train, 2 validates
  test('a recording is where its bucket says', async () => {
    const clips = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ id: `d/${name}`, group: `d/${name}`, subject: null, action: null }))
    const [members] = await make({ kind: 'hash', shares: parseShares('50/25/25') }, clips)
    expect(Object.fromEntries(sideOf(members!))).toEqual({ 'd/a': 'train', 'd/b': 'train', 'd/c': 'test', 'd/d': 'train', 'd/e': 'test', 'd/f': 'validation' })
  })
})

describe('kfold', () => {
  test.each(seeds)('every group is tested exactly once, in folds that differ by one group at most (clips of seed %i)', async (seed) => {
    const k = 2 + (seed % 5)
    const [groupKey, key] = seed % 2 === 0 ? ['group_id', ({ group }: Row) => group] as const : ['subject', ({ subject }: Row) => subject] as const
    const clips = drawClips(seed)
    const folds = await make({ kind: 'kfold', k }, clips, { groupKey })
    expect(folds.map((members) => divided(members, key))).toEqual(folds.map(() => []))
    expect(folds.flatMap((members) => ids(members, 'test')).sort()).toEqual(clips.map(({ id }) => id).sort())
    const sizes = folds.map((members) => values(members.filter(({ side }) => side === 'test'), key).length)
    expect([folds.length, Math.max(...sizes) - Math.min(...sizes) <= 1]).toEqual([k, true])
  })

  test('more folds than groups are refused', async () => {
    await expect(make({ kind: 'kfold', k: 8 }, drawClips(1), { groupKey: 'subject' })).rejects.toMatchObject({
      code: 'E_MAKE_FOLDS', message: '8 folds of 7 groups: d has 7 values of subject', hint: 'every fold needs a group' })
  })
})

describe('leave-one-group-out', () => {
  test('one split per group, which is tested in it, and nothing else is', async () => {
    const clips = drawClips(3, { subjects: 5 })
    const splits = await make({ kind: 'leave-one-group-out' }, clips, { groupKey: 'subject' })
    expect(splits.map((members) => values(members.filter(({ side }) => side === 'test'), ({ subject }) => subject))).toEqual([['s0'], ['s1'], ['s2'], ['s3'], ['s4']])
    expect(splits.map((members) => [members.length, divided(members, ({ subject }) => subject)])).toEqual(splits.map(() => [clips.length, []]))
  })

  test('one group is too few, two hundred are enough', async () => {
    await expect(make({ kind: 'leave-one-group-out' }, drawClips(1, { subjects: 1 }), { groupKey: 'subject' })).rejects.toThrow('d has 1 values of subject: one split for each, from 2 to 200, can be made')
    await expect(make({ kind: 'leave-one-group-out' }, drawClips(1, { recordings: 201 }))).rejects.toMatchObject({ code: 'E_MAKE_GROUPS' })
  })
})

describe('stratified', () => {
  test.each(seeds)('each side has its share of every stratum, but for one group (clips of seed %i)', async (seed) => {
    const clips = drawClips(seed, { recordings: 100 })
    const shares = parseShares(['80/20', '60/20/20', '1/1'][seed % 3]!)
    const [members] = await make({ kind: 'stratified', by: 'action', shares }, clips)
    expect(members!.length).toBe(clips.length)
    expect(divided(members!, ({ group }) => group)).toEqual([])
    for (const action of values(clips, (clip) => clip.action)) {
      const stratum = members!.filter((member) => member.action === action)
      const largest = Math.max(...values(stratum, ({ group }) => group).map((group) => stratum.filter((member) => member.group === group).length))
      for (const side of ['train', 'validation', 'test'] as const) {
        expect(Math.abs(ids(stratum, side).length - stratum.length * shares[side] / shares.total)).toBeLessThanOrEqual(largest)
      }
    }
  })

  test('groups in several strata, and in none, are refused', async () => {
    const clips = [{ id: 'd/1', group: 'd/1', subject: 'Ann', action: 'bowl' }, { id: 'd/2', group: 'd/2', subject: 'Ann', action: 'squat' }]
    await expect(make({ kind: 'stratified', by: 'action', shares: parseShares('1/1') }, clips, { groupKey: 'subject' })).rejects.toMatchObject({
      code: 'E_MAKE_STRATUM', message: '1 groups of d belong to no one stratum: subject Ann has clips of 2 values of action',
      hint: 'strata by what all clips of a group share: another --by, or a finer --group' })
    await expect(make({ kind: 'stratified', by: 'action', shares: parseShares('1/1') }, [{ ...clips[0]!, action: null }])).rejects.toThrow('group_id d/1 has clips without action')
  })
})

describe('splits of a split', () => {
  const clips = ['bowl', 'squat'].flatMap((action) => Array.from({ length: 14 }, (_, i) => ({ id: `d/${action}-${String(i).padStart(2, '0')}`, group: `d/${action}-${String(i).padStart(2, '0')}`, subject: null, action })))
  const base = clips.map((clip, i) => ({ ...clip, side: i % 14 < 12 ? 'train' : 'test' }))

  test.each([['0.1', 1], ['0.25', 3], ['0.5', 6], ['0.99', 11], ['1', 12], ['0.01', 1]])('fraction %s of 12 training recordings of each action: the first %i', async (share, kept) => {
    const [members] = await make({ kind: 'fraction', of: 'base', share }, clips, { base })
    expect(ids(members!, 'train').sort()).toEqual(base.filter(({ side }, i) => side === 'train' && i % 14 < kept).map(({ id }) => id))
    expect(ids(members!, 'test')).toEqual(ids(base, 'test'))
  })

  test('a long tail keeps the test side, and of each action its quota, in order of buckets', async () => {
    const [members] = await make({ kind: 'long-tail', of: 'base', factor: 4 }, clips, { base })
    expect(ids(members!, 'test')).toEqual(ids(base, 'test'))
    expect(['bowl', 'squat'].map((action) => ids(members!.filter((member) => member.action === action), 'train').length)).toEqual([12, 3])
    const [salted] = await make({ kind: 'long-tail', of: 'base', factor: 4 }, clips, { base, salt: '1' })
    expect(ids(salted!, 'train')).not.toEqual(ids(members!, 'train'))
  })
})

describe('long tails', () => {
  // Python 3, as the authors' code has it: [int(5000 * 0.01 ** (i / 9)) for i in range(10)]
  test('are those of long-tailed CIFAR-10', () => {
    const classes = Array.from({ length: 10 }, (_, i) => ({ action: String(i), recordings: 5000 }))
    expect(longTailQuotas(classes, 100).map(({ recordings }) => recordings)).toEqual([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50])
  })

  test('begin with the largest class, leave one of the rarest, and keep no more than there is', () => {
    expect(longTailQuotas([{ action: 'b', recordings: 10 }, { action: 'c', recordings: 2 }, { action: 'a', recordings: 10 }], 100))
      .toEqual([{ action: 'a', recordings: 10 }, { action: 'b', recordings: 1 }, { action: 'c', recordings: 1 }])
    expect(longTailQuotas([{ action: 'a', recordings: 100 }, { action: 'b', recordings: 7 }, { action: 'c', recordings: 50 }], 4))
      .toEqual([{ action: 'a', recordings: 100 }, { action: 'c', recordings: 50 }, { action: 'b', recordings: 7 }])
  })
})

describe('zero-shot', () => {
  const clips = [...drawClips(5), { id: 'd/none', group: 'd/none', subject: null, action: null }]

  test('classes of test are unseen in train; clips without a class are on no side', async () => {
    const [members] = await make({ kind: 'zero-shot', column: 'action', classes: ['a1', 'a3'] }, clips)
    const actionsOf = (side: string): (string | null)[] => values(members!.filter((member) => member.side === side), ({ action }) => action)
    expect([actionsOf('train'), actionsOf('test'), members!.length]).toEqual([['a0', 'a2'], ['a1', 'a3'], clips.length - 1])
  })

  test('an unknown class is answered with the nearest', async () => {
    await expect(make({ kind: 'zero-shot', column: 'subject', classes: ['s1', 's77'] }, clips)).rejects.toMatchObject({
      code: 'E_MAKE_CLASS', message: 'no subject of d "s77"', hint: 'did you mean "s0"? There are: s0, s1, s2, s3, s4, s5, s6' })
  })
})

test.each([['80/10/10', '8/1/1'], ['50/50', '1/1'], ['12/18/8', '6/9/4'], ['3/6/9', '1/2/3'], ['70/20/10', '7/2/1']])('%s are the shares %s', (text, lowest) => {
  const { train, validation, test: tested, total } = parseShares(text)
  const [first, second, third] = lowest.split('/').map(Number)
  expect([train, validation, tested]).toEqual(third === undefined ? [first, 0, second] : [first, second, third])
  expect(total).toBe(train + validation + tested)
})

test.each(['80', '80/20/0', '80/10/5/5', '0.8/0.2', 'a/b', '80/-20', ''])('"%s" are no shares', (text) => {
  expect(() => parseShares(text)).toThrow(`"${text}" are no shares of train/test or train/validation/test`)
})
