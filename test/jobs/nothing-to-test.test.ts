import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { nothingToTest } from '../../src/jobs/nothing-to-test.ts'
import { clipOf } from '../eval/clips.ts'

const entry = entryOf(await readCatalog(), 'penn-action')
const clips = [clipOf('a', 3), clipOf('b', 3, { action: 'squat' })]
const of = (action: string | null, found = clips) => {
  const { code, message, hint } = nothingToTest({ entry, split: 'official', action }, found)
  return [code, message, hint]
}

describe('a test side without a clip to measure', () => {
  test('an action that nothing has: the nearest that it has', () => {
    expect(of('pulup')).toEqual(['E_ACTION_UNKNOWN', 'no action on the test side of split "official" "pulup"', 'did you mean "pullup"? There are: pullup, squat'])
  })

  test('an action of the data set that it lacks: those that it has', () => {
    expect(of('bowl')).toEqual(['E_NOTHING_TO_TEST', 'the test side of split "official" has no clip with joints of bowl', 'it has clips of pullup, squat'])
  })

  test('clips that the model does not take, and no clips at all', () => {
    expect(of(null)).toEqual(['E_NOTHING_TO_TEST', 'the test side of split "official" has no clip with joints', 'its 2 clips have other joints than the model of the run takes'])
    expect(of('squat', [])).toEqual(['E_NOTHING_TO_TEST', 'the test side of split "official" has no clip with joints of squat', expect.stringContaining('posetta split penn-action')])
  })
})
