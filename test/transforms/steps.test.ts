import { describe, expect, test } from 'vitest'
import { randomAt } from '../../src/random.ts'
import {
  augmentationSteps, chain, chainOf, crop, cut, dropJoints, flip, full, jitter, presetOf, resample, rotate, scale, speed, type Step, tempo, transforms, translate,
} from '../../src/transforms/index.ts'
import { describeStep, stepNames } from '../../src/transforms/steps.ts'
import { textOf } from '../sources.ts'
import { exampleClips, skeleton } from './examples.ts'

const context = { skeleton, frames: 64 }
const plainClips = exampleClips.filter(({ dims }) => dims === 2)

test('the steps of the second view draw what the chain of its transforms draws', () => {
  const steps = chainOf(augmentationSteps(full), context)
  const links = chain({
    'resample': resample({ frames: 64 }), 'cut': cut({ share: full.cut }), 'tempo': tempo({ factor: full.tempo, most: 64 }), 'speed': speed({ share: full.speed }),
    'crop': crop({ padding: 0.25 }), 'flip': flip({ skeleton, ...full.flip }), 'rotate': rotate(full.rotate), 'scale': scale(full.scale),
    'translate': translate(full.translate), 'jitter': jitter(full.jitter), 'drop-joints': dropJoints(full.dropJoints),
  })
  for (const clip of plainClips) for (let seed = 0; seed < 5; seed++) expect(steps(clip, randomAt({ seed }))).toEqual(links(clip, randomAt({ seed })))
})

test('a name may come twice, and draws anew at its other position', () => {
  const clip = plainClips[5]!
  const once = rotate()(clip, randomAt({ seed: 1 }).fork('rotate').fork(0))
  const twice = chainOf([{ name: 'rotate' }, { name: 'rotate' }], context)(clip, randomAt({ seed: 1 }))
  // one map of the plane: rounded once
  expect(twice.keypoints).toBeAllclose(rotate()(once, randomAt({ seed: 1 }).fork('rotate').fork(1)).keypoints!, { atol: 1e-4, rtol: 0 })
})

test('a step survives JSON', () => {
  const steps = JSON.parse(JSON.stringify(augmentationSteps(full))) as Step[]
  expect(chainOf(steps, context)(plainClips[5]!, randomAt({ seed: 1 }))).toEqual(chainOf(augmentationSteps(full), context)(plainClips[5]!, randomAt({ seed: 1 })))
})

describe('a step is refused', () => {
  const refusal = (step: object): unknown => {
    try {
      return chainOf([{ name: 'crop' }, step as Step], context)
    } catch (error) {
      return error
    }
  }
  test.each<[string, object, string, string, string]>([
    ['with a name nobody knows', { name: 'rotat' }, 'E_TRANSFORM_UNKNOWN', 'no transform "rotat"', 'did you mean "rotate"?'],
    ['that is a property of every object', { name: 'toString' }, 'E_TRANSFORM_UNKNOWN', 'no transform "toString"', 'There are: '],
    ['with an option it does not have', { name: 'rotate', degree: 3 }, 'E_TRANSFORM_OPTION', 'no option of rotate "degree"', 'did you mean "degrees"?'],
    ['with an option of another kind', { name: 'rotate', degrees: '3' }, 'E_TRANSFORM_OPTION', 'rotate: degrees = "3" is not a number', 'its default is 15'],
    ['with a number that is none', { name: 'rotate', degrees: Infinity }, 'E_TRANSFORM_OPTION', 'rotate: degrees = null is not a number', 'its default is 15'],
  ])('%s', (_, step, code, message, hint) => {
    expect(refusal(step)).toMatchObject({ code, message, hint: expect.stringContaining(hint) })
  })
  test('with an option out of range, by its place', () => {
    expect(refusal({ name: 'rotate', degrees: 200 })).toMatchObject({ code: 'E_TRANSFORM_OPTION', message: 'step 1, rotate: degrees = 200 is not between 0 and 180' })
  })
})

test('the compiler knows the options of every step', () => {
  // @ts-expect-error rotate has no option degree
  const misspelt: Step = { name: 'rotate', degree: 3 }
  // @ts-expect-error degrees is a number
  const worded: Step = { name: 'rotate', degrees: 'three' }
  expect([misspelt.name, worded.name]).toEqual(['rotate', 'rotate'])
})

test('a preset nobody knows is answered with the nearest one', () => {
  expect(() => presetOf('la2d')).toThrow(expect.objectContaining({ code: 'E_PRESET_UNKNOWN', hint: expect.stringContaining('did you mean "la2ds"?') }))
})

describe('docs/augmentations.md', () => {
  const page = textOf('docs/augmentations.md')
  const cellsOf = (name: string) => page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))?.split(' | ').map((cell) => cell.trim())
  const T = 777
  const shown = (value: unknown) => (value === T ? 'T' : String(value))

  test.each(stepNames)('has %s with its options and defaults', (name) => {
    const { options } = describeStep(name, { frames: T })
    const listed = Object.entries(options).map(([option, value]) => `\`${option}\` ${shown(value)}`).join(', ')
    expect(cellsOf(name)?.[2]).toBe(listed)
  })
  test('has all that is listed', () => {
    expect(transforms.map(({ name }) => name).filter((name) => cellsOf(name) === undefined)).toEqual([])
  })
})
