import { describe, expect, test } from 'vitest'
import { trainConfig, trainDefaults } from '../../src/jobs/train-config.ts'

describe('settings', () => {
  test('change one option each and leave the rest at the defaults', () => {
    const config = trainConfig(['learningRate=3e-4', 'second.rotate.degrees=30', 'loss=match-and-regress'])
    expect(config).toEqual({
      ...trainDefaults, learningRate: 3e-4, loss: 'match-and-regress',
      second: { ...trainDefaults.second, rotate: { ...trainDefaults.second.rotate, degrees: 30 } } })
    expect(trainConfig([])).toEqual(trainDefaults)
  })

  test.each([
    ['learningrate=1', 'E_SETTING_UNKNOWN', 'no setting "learningrate"'],
    ['second.rotate=1', 'E_SETTING_UNKNOWN', 'no setting "second.rotate"'],
    ['batch', 'E_SETTING_VALUE', '--set batch: a setting is key=value'],
    ['batch=many', 'E_SETTING_VALUE', '--set batch=many: batch is a number from 0'],
    ['batch=0.5', 'E_SETTING_VALUE', '--set batch=0.5: batch is a whole number from 1'],
    ['clip=-1', 'E_SETTING_VALUE', '--set clip=-1: clip is a number from 0'],
    ['loss=soft', 'E_SETTING_VALUE', 'no value of loss "soft"'],
    ['softMatch.unit=seconds', 'E_SETTING_VALUE', 'no value of softMatch.unit "seconds"'],
  ])('%s is refused', (setting, code, message) => {
    expect(() => trainConfig([setting])).toThrow(expect.objectContaining({ code, message }))
  })

  test('an unknown key is answered with the nearest one', () => {
    const hint = expect.stringMatching(/^did you mean "learningRate"\? There are: profile, channels, /)
    expect(() => trainConfig(['learningrate=1'])).toThrow(expect.objectContaining({ hint }))
  })
})
