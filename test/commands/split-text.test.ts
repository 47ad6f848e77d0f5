import { expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { splitListText, splitText } from '../../src/cli/split-text.ts'
import { listProtocols } from '../../src/queries/index.ts'

const split = { name: 'casa', dataset: 'd', query: '', groupKey: 'group_id', seed: 0, salt: '0', hash: 'sha256:0', sides: { train: ['a'], test: ['b', 'c'] } } as const

test('a split is told with its counts, differences of one reason together, and the leaks that are accepted', () => {
  const check = (name: string, expected: number, found: number, known: string | null = null) => ({ name, expected, found, ok: expected === found, known })
  const checks = [check('bowl/train', 134, 134), check('bowl/test', 84, 85, 'an error'), check('squat/test', 115, 117, 'an error'), check('squat/train', 9, 8),
    check('train', 143, 142), check('test', 199, 202, 'the sum of both')]
  expect(splitText(split, [{ code: 'subject-on-two-sides', meaning: 'a person is on two sides', count: 3, examples: ['p1 is on test and train'], allowed: true }], checks).split('\n')).toEqual([
    'split "casa": 1 train, 2 test', 'train 142 but 143 were published', 'test 202 but 199 were published (known: the sum of both)', 'by action: 1 of 4 counts as published',
    'known: an error: bowl/test 85 (84 published), squat/test 117 (115 published)', 'not known: squat/train 8 (9 published)',
    'acknowledged leak subject-on-two-sides: 3, such as p1 is on test and train', 'hash sha256:0'])
})

test('the list has the protocols of this data set, where they come from and what is wrong with them', async () => {
  const text = splitListText('h2o', listProtocols(entryOf(await readCatalog(), 'h2o')), [
    { name: 'official', protocol: 'official', hash: 'f'.repeat(64), groupKey: 'group_id', seed: 0, salt: '0', sides: { train: 114, test: 46 } },
    { name: 'later', protocol: 'official', hash: 'e'.repeat(64), groupKey: 'group_id', seed: 0, salt: '0', sides: { train: 114, test: 47 } }])
  expect(text.split('\n').slice(0, 10)).toEqual([
    'protocols of h2o:',
    '  official: The authors\' lists, by subject; subject 3 is in train and in validation',
    '    114 train, 24 validation, 46 test',
    '    action_train.txt, action_val.txt and action_test.txt of taeinkwon/h2odataset',
    '    known leaks: subject-on-two-sides, unlabelled-side',
    '  cross-subject: Subjects 1 and 2 train, 3 validates, 4 is tested; nobody is on two sides',
    '    90 train, 48 validation, 46 test',
    '    not published; derived from the authors\' lists, with all of subject 3 in validation',
    '    known leaks: unlabelled-side',
    '  pouring-milk: The sequences in which milk is poured, as CASA, LAV and VAOT divide them; subjects 5 to 10 were never released'])
  expect(text).toContain('\n    known: 17 of the list\'s 38 sequences are in the public release, which has subjects 1 to 4 alone\nsplits made:\n')
  expect(text).toContain('\n  official: 114 train, 46 test, by group_id, salt "0", hash ffffffffffff\n  later: protocol official, 114 train, 47 test, by group_id')
})
