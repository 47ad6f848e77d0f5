import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DatasetEntry, entryOf, readCatalog } from '../../../src/catalog.ts'
import type { Plan } from '../../../src/ingest/adapter.ts'
import { h2o } from '../../../src/ingest/adapters/h2o/h2o.ts'
import type { H2oFacts } from '../../../src/ingest/adapters/h2o/h2o-discover.ts'
import { contextOf, readFilms } from '../read-film.ts'
import { HEADER, writeSequence } from './h2o-folder.ts'

let entry: DatasetEntry
const folder = mkdtempSync(join(tmpdir(), 'posetta-h2o-lists-'))
beforeAll(async () => {
  entry = entryOf(await readCatalog(), 'h2o')
})
afterAll(() => rmSync(folder, { recursive: true }))

const TRAIN = 'label_split/action_train.txt'
const POSES = 'label_split/pose_train.txt'
/** What the lists say of one sequence, and what is wrong with them. */
const discover = async (change: Record<string, string | null>): Promise<{ plan: Plan<H2oFacts>; facts: H2oFacts }> => {
  const plan = await h2o.discover(contextOf(entry, writeSequence(folder, change)))
  return { plan, facts: plan.items[0]!.facts }
}

describe('the action lists', () => {
  test('say how long a sequence is, on which side, and what is done when, ends exclusive', async () => {
    const { facts } = await discover({ [TRAIN]: `${HEADER}1 subject1/h1/0 5 1 3 0 9\n2 subject2/k1/3 1 0 2 0 4\n3 subject1/h1/0 13 4 8 0 9\n` })
    expect(facts).toMatchObject({ side: 'train', isSideByRule: false, frames: 10,
      actions: [{ start: 1, end: 4, number: 5 }, { start: 4, end: 9, number: 13 }] })
    expect(facts.lists.map(({ path, place, role }) => [path, place, role]))
      .toEqual([[TRAIN, 'row 2', 'annotations'], [TRAIN, 'row 4', 'annotations'], [POSES, 'row 1', 'annotations']])
  })

  test('of the test side do not say what is done', async () => {
    const rawDir = writeSequence(folder,
      { [TRAIN]: null, 'label_split/action_test.txt': 'id path start_act end_act start_frame end_frame\n1 subject1/h1/0 0 1 0 1\n' })
    const [read] = await readFilms(h2o, contextOf(entry, rawDir))
    const { labels, flags } = read!.clips[0]!
    expect(labels.segments.filter(({ track }) => track === 'action')).toEqual([{ track: 'action', start: 0, end: 2, label: 'unlabelled', number: null }])
    expect([labels.officialSplit, flags, read!.quarantined]).toEqual(['test', [], []])
  })

  test('may lie beside the subjects, with Windows\' line ends', async () => {
    const { facts } = await discover({ [TRAIN]: null, [POSES]: null, 'action_val.txt': `${HEADER.trim()}\r\n1 subject1/h1/0 5 1 1 0 1\r\n` })
    expect([facts.side, facts.frames]).toEqual(['validation', 2])
  })

  test.each([['subject1/h1', 'train'], ['subject3/k1', 'train'], ['subject3/k2', 'validation'], ['subject3/o1', 'validation'], ['subject4/h1', 'test']])(
    'that are not there leave the side to subject and scene: %s', async (place, side) => {
      const { plan } = await discover({ [TRAIN]: null, [`${place}/1/cam4/verb_label/000000.txt`]: '1' })
      expect(plan.items.find(({ id }) => id === `h2o/${place}/1/cam4`)!.facts).toMatchObject({ side, isSideByRule: true, frames: null })
    })

  test.each([
    ['a path that leads out', '1 ../../x 5 1 1 0 1', 'it names no sequence such as subject1/h1/0'],
    ['a path that leads out of a sequence', '1 subject1/h1/0/../../.. 5 1 1 0 1', 'it names no sequence such as subject1/h1/0'],
    ['five columns', '1 subject1/h1/0 5 1 1', 'it has 5 columns, 7 are expected'],
    ['an action that ends before it begins', '1 subject1/h1/0 5 1 0 0 1', 'it has no frames start_act <= end_act <= end_frame < 100000'],
    ['an action beyond the end', '1 subject1/h1/0 5 1 2 0 1', 'it has no frames start_act <= end_act <= end_frame < 100000'],
    ['a million frames', '1 subject1/h1/0 5 1 1 0 999999', 'it has no frames start_act <= end_act <= end_frame < 100000'],
    ['a word', '1 subject1/h1/0 five 1 1 0 1', 'it has no action of 0 to 36'],
    ['an action that there is not', '1 subject1/h1/0 37 1 1 0 1', 'it has no action of 0 to 36'],
    ['half a frame', '1 subject1/h1/0 5 0.5 1 0 1', 'it has no frames start_act <= end_act <= end_frame < 100000'],
  ])('set aside a row with %s, and the side is by rule', async (_, line, what) => {
    const { plan, facts } = await discover({ [TRAIN]: `${HEADER}${line}\n` })
    expect(plan.quarantined).toMatchObject([{
      source: TRAIN, code: 'E_H2O_LIST', message: `row 2 is ${JSON.stringify(line)}: ${what}`, offset: 61,
      readmit: 'mend the list and run the same ingest again; its other rows are read as they are' }])
    expect([facts.side, facts.isSideByRule, facts.frames, plan.complete]).toEqual(['train', true, null, false])
  })

  test('keep their other rows, and say how many do not fit', async () => {
    const rows = ['1 subject1/h1/0 5 1 1 0 1', '', '2 subject1/h1/0 5', '3 subject1/h1/0 6 0 0 0 1', '4 subject1/h1/0 7 0 0 0 2']
    const { plan, facts } = await discover({ [TRAIN]: `${HEADER}${rows.join('\n')}\n` })
    expect(facts.actions).toEqual([{ start: 1, end: 2, number: 5 }, { start: 0, end: 1, number: 6 }])
    expect(plan.quarantined.map(({ message, offset }) => [message, offset])).toEqual(
      [['row 4 is "2 subject1/h1/0 5": it has 3 columns, 7 are expected (and 1 more)', 61 + 26 + 1]])
  })

  test('that disagree about a length or a side keep what was said first', async () => {
    const { plan, facts } = await discover({ [TRAIN]: `${HEADER}1 subject1/h1/0 5 1 1 0 1\n2 subject1/h1/0 6 2 2 0 2\n`,
      'label_split/action_val.txt': `${HEADER}1 subject1/h1/0 5 1 1 0 1\n` })
    expect(plan.quarantined.map(({ source, message }) => [source, message])).toEqual([
      [TRAIN, 'row 3 is "2 subject1/h1/0 6 2 2 0 2": it ends in frame 2, an earlier row of subject1/h1/0 in 1'],
      ['label_split/action_val.txt', 'row 2 is "1 subject1/h1/0 5 1 1 0 1": it names a sequence that is in the list of another side']])
    expect([facts.side, facts.frames, facts.actions.length]).toEqual(['train', 2, 1])
  })

  test('without their header are set aside whole', async () => {
    const { plan, facts } = await discover({ [TRAIN]: '1 subject1/h1/0 5 1 1 0 1\n' })
    expect(plan.quarantined).toMatchObject([{ source: TRAIN, code: 'E_H2O_LIST',
      message: 'row 1 is "1 subject1/h1/0 5 1 1 0 1", not the header of an action list', offset: 0 }])
    expect(facts.isSideByRule).toBe(true)
  })
})

describe('the pose lists', () => {
  test('name runs of frames, each led back to its rows', async () => {
    const frames = ['subject1/h1/0 4', 'subject1/h1/0 5', 'subject1/h1/0 7', 'subject2/h1/0 0', 'subject1/h1/0 6']
    const { facts } = await discover({ [POSES]: frames.map((line) => `${line.replace(' ', '/cam4/rgb/00000')}.png\n`).join('') })
    expect(facts.listed).toEqual([{ start: 4, end: 8 }])
    expect(facts.lists.filter(({ path }) => path === POSES).map(({ place }) => place)).toEqual(['rows 1 to 3', 'row 5'])
  })

  test.each(['../../x', 'subject1/h1/0/cam4/rgb/../../../x.png', '/subject1/h1/0/cam4/rgb/000000.png',
    'subject5/h1/0/cam4/rgb/000000.png'])('do not follow %s', async (line) => {
    const { plan, facts } = await discover({ [POSES]: `subject1/h1/0/cam4/rgb/000001.png\n${line}\n` })
    expect(plan.quarantined).toMatchObject([{ source: POSES, code: 'E_H2O_LIST', offset: 34,
      message: `row 2 is ${JSON.stringify(line)}: it is no path such as subject1/h1/0/cam4/rgb/000000.png` }])
    expect(facts.listed).toEqual([{ start: 1, end: 2 }])
  })
})
