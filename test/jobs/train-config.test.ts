import { describe, expect, test } from 'vitest'
import { entryOf, readCatalog } from '../../src/catalog.ts'
import { modelOfConfig } from '../../src/jobs/model-of-config.ts'
import { configOf, trainConfig, trainDefaults } from '../../src/jobs/train-config.ts'
import { trainViews } from '../../src/jobs/train-views.ts'
import { presets } from '../../src/transforms/index.ts'

const { skeleton } = entryOf(await readCatalog(), 'penn-action')
/** The defaults with the sizes of `small` written down. */
const usual = { ...trainDefaults, heatmap: { size: 16, sigma: 1.5 }, patch: 8, width: 64, heads: 4, spatialLayers: 2, temporalLayers: 4 }

describe('settings', () => {
  test('change one option each and leave the rest at the defaults', () => {
    const config = trainConfig(['learningRate=3e-4', 'second.rotate.degrees=30', 'loss=match-and-regress'])
    expect(config).toEqual({
      ...usual, learningRate: 3e-4, loss: 'match-and-regress',
      second: { ...trainDefaults.second, rotate: { ...trainDefaults.second.rotate, degrees: 30 } } })
    expect(trainConfig([])).toEqual(usual)
  })

  test('that a run of an older version does not have are the defaults, nested ones too', () => {
    expect(configOf({ config: { frames: 32, tcn: { frames: 10 } } })).toEqual({ ...trainDefaults, frames: 32, tcn: { ...trainDefaults.tcn, frames: 10 } })
  })

  test.each([
    ['la2ds', [], 'rotary', 'position'], ['rgb', ['position=none'], 'none', 'position'], ['casa', ['casa.position=none'], 'none', 'casa.position'],
  ])('that do not go together are refused: %s %j cannot be squeezed', async (name, settings, position, setting) => {
    const make = (...more: readonly string[]) => modelOfConfig(name, trainConfig(['longClips=rescaled', ...settings, ...more]), { skeleton, frames: 16 }).model.config['position']
    expect(make).toThrow(expect.objectContaining({ code: 'E_SETTING_VALUE', message: `--set longClips=rescaled: positions that are ${position} have no numbers to squeeze`, hint: expect.stringContaining(`--set ${setting}=index`) }))
    expect(make(`${setting}=index`)).toBe('index')
  })

  test.each([
    ['learningrate=1', 'E_SETTING_UNKNOWN', 'no setting "learningrate"'],
    ['second.rotate=1', 'E_SETTING_UNKNOWN', 'no setting "second.rotate"'],
    ['batch', 'E_SETTING_VALUE', '--set batch: a setting is key=value'],
    ['batch=many', 'E_SETTING_VALUE', '--set batch=many: batch is a whole number from 1'],
    ['batch=0.5', 'E_SETTING_VALUE', '--set batch=0.5: batch is a whole number from 1'],
    ['clip=-1', 'E_SETTING_VALUE', '--set clip=-1: clip is a number from 0'],
    ['accumulate=3', 'E_SETTING_VALUE', '--set accumulate=3: a batch of 16 clips cannot be cut into 3 equal parts'],
    ['clip=0', 'E_SETTING_VALUE', '--set clip=0: gradients cut to 0 move nothing; clipBy=none cuts none'],
    ['carl.variance=0', 'E_SETTING_VALUE', '--set carl.variance=0: carl.variance is a number above 0'],
    ['vava.phi=2', 'E_SETTING_VALUE', '--set vava.phi=2: it is a share, 0 to 1'],
    ['absentConfidence=2', 'E_SETTING_VALUE', '--set absentConfidence=2: it is 0, or a confidence from 0.01 to 1'],
    ['absentConfidence=0.001', 'E_SETTING_VALUE', '--set absentConfidence=0.001: it is 0, or a confidence from 0.01 to 1'],
    ['average.decay=2', 'E_SETTING_VALUE', '--set average.decay=2: it is a share, 0 to 1'],
    ['plateau.factor=1', 'E_SETTING_VALUE', '--set plateau.factor=1: it must lie between 0 and 1'],
    ['lossScale.start=1e39', 'E_SETTING_VALUE', '--set lossScale.start=1e+39: float32 has numbers to 2^127'],
    ['precision=half', 'E_SETTING_VALUE', 'no value of precision "half"'],
    ['gta.smoothing=2', 'E_SETTING_VALUE', '--set gta.smoothing=2: it is a share, 0 to 1'],
    ['width=wide', 'E_SETTING_VALUE', '--set width=wide: width is a whole number from 1, or profile'],
    ['width=-4', 'E_SETTING_VALUE', '--set width=-4: width is a whole number from 1, or profile'],
    ['rgb.size=0', 'E_SETTING_VALUE', '--set rgb.size=0: rgb.size is a whole number from 8'],
    ['rgb.size=-32', 'E_SETTING_VALUE', '--set rgb.size=-32: rgb.size is a whole number from 8'],
    ['rgb.size=16.5', 'E_SETTING_VALUE', '--set rgb.size=16.5: rgb.size is a whole number from 8'],
    ['rgb.short=-1', 'E_SETTING_VALUE', '--set rgb.short=-1: rgb.short is a whole number from 0'],
    ['heads=0', 'E_SETTING_VALUE', '--set heads=0: heads is a whole number from 1, or profile'],
    ['epochs=profile', 'E_SETTING_VALUE', '--set epochs=profile: epochs is a whole number from 1'],
    ['gtcc.gamma=1.5', 'E_SETTING_VALUE', '--set gtcc.gamma=1.5: it is a share, 0 to 1'],
    ['gtcc.components=0', 'E_SETTING_VALUE', '--set gtcc.components=0: gtcc.components is a whole number from 1'],
    ['lav.gamma=0', 'E_SETTING_VALUE', '--set lav.gamma=0: lav.gamma is a number above 0'],
    ['loss=soft', 'E_SETTING_VALUE', 'no value of loss "soft"'],
    ['augmentation=tcn', 'E_SETTING_VALUE', 'no value of augmentation "tcn"'],
    ['tcc.smoothing=2', 'E_SETTING_VALUE', '--set tcc.smoothing=2: it is a share, 0 to 1'],
    ['tcc.huberDelta=0', 'E_SETTING_VALUE', '--set tcc.huberDelta=0: tcc.huberDelta is a number above 0'],
    ['temperature=0', 'E_SETTING_VALUE', '--set temperature=0: temperature is a number above 0'],
    ['tcc.frames=1.5', 'E_SETTING_VALUE', '--set tcc.frames=1.5: tcc.frames is a whole number from 0'],
    ['sal.shuffled=1.1', 'E_SETTING_VALUE', '--set sal.shuffled=1.1: it is a share, 0 to 1'],
    ['tccSalTcn.sal=0.7', 'E_SETTING_VALUE', '--set tccSalTcn.sal=0.7: with 0.33 for TCC it is more than 1'],
    ['softMatch.unit=seconds', 'E_SETTING_VALUE', 'no value of softMatch.unit "seconds"'],
  ])('%s is refused', (setting, code, message) => {
    expect(() => trainConfig([setting])).toThrow(expect.objectContaining({ code, message }))
  })

  test('sizes are written down as numbers, those of the profile or of their own, which may be given back', () => {
    expect(trainConfig(['profile=tiny', 'width=12', 'heatmap.sigma=0.7'])).toMatchObject({ profile: 'tiny', width: 12, heatmap: { size: 16, sigma: 0.7 }, patch: 8, heads: 2 })
    expect(trainConfig(['width=profile'], trainConfig(['width=12']))).toEqual(usual)
  })

  test('an unknown key is answered with the nearest one', () => {
    const hint = expect.stringMatching(/^did you mean "learningRate"\? There are: profile, heatmap\.size, /)
    expect(() => trainConfig(['learningrate=1'])).toThrow(expect.objectContaining({ hint }))
  })
})

describe('the views of a training', () => {
  test('are those of first and second, in the order in which they are applied', () => {
    const [first, second] = trainViews(trainConfig(['second.rotate.degrees=30', 'padding=0.1']))
    expect(first!.map(({ name }) => name).join(' ')).toBe('resample cut tempo speed crop flip rotate scale translate jitter drop-joints')
    expect([second![4], second![6]]).toEqual([{ name: 'crop', padding: 0.1 }, { name: 'rotate', degrees: 30, probability: 0.5 }])
  })
  test('or of a preset; la2ds is what the defaults are', () => {
    expect(trainViews(trainConfig(['augmentation=casa']))).toEqual(presets.casa.views)
    expect(trainViews(trainConfig(['augmentation=la2ds']))).toEqual(trainViews(trainDefaults))
  })
})
