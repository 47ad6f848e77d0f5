import type { Clip } from '../clip.ts'
import { ToolkitError, unknownName } from '../errors.ts'
import type { Random } from '../random.ts'

/** Clip in, clip out; the input is never changed, and all chance comes from `random`. */
export type Transform = (clip: Clip, random: Random) => Clip

/** `transform` with the given probability, else the clip itself. One draw decides, whatever the probability. */
export function sometimes(probability: number, transform: Transform): Transform {
  checkRange('probability', probability, 0, 1)
  return (clip, random) => (random.chance(probability) ? transform(clip, random) : clip)
}

/** Refuses an option outside of [low, high] with E_TRANSFORM_OPTION. */
export function checkRange(option: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new ToolkitError('E_TRANSFORM_OPTION', `${option} = ${value} is not between ${low} and ${high}`)
  }
}

/** Refuses an option that is not a whole number from `least` with E_TRANSFORM_OPTION. */
export function checkCount(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new ToolkitError('E_TRANSFORM_OPTION', `${option} = ${value} is not a whole number from ${least}`)
}

/** Refuses an option that is not one of the choices with E_TRANSFORM_OPTION and the nearest one. */
export function checkChoice(option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw unknownName('E_TRANSFORM_OPTION', `value of ${option}`, value, choices)
}
