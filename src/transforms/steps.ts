import { ToolkitError, unknownName } from '../errors.ts'
import { linked } from './chain.ts'
import { spaceSteps } from './space-steps.ts'
import { isMoving, type Mover } from './moving.ts'
import type { Options, OptionValue, StepContext, StepKind } from './step-kind.ts'
import { timeSteps } from './time-steps.ts'
import type { Transform } from './transform.ts'

type Kinds = typeof timeSteps & typeof spaceSteps

export type StepName = keyof Kinds

/** A transform as plain data, options beside its name: `{ name: 'rotate', degrees: 15 }`. An option left out has its default. */
export type Step = { readonly [Name in StepName]: { readonly name: Name } & Given<ReturnType<Kinds[Name]['defaults']>> }[StepName]

/** Any of the options, each of the kind of its default. */
type Given<O> = { readonly [Option in keyof O]?: O[Option] extends boolean ? boolean : O[Option] }

const kinds: Readonly<Record<string, StepKind>> = { ...timeSteps, ...spaceSteps }

/** Every step there is: those that choose frames, then those that move joints. */
export const stepNames = Object.keys(kinds) as StepName[]

/**
 * The transform that goes through the steps in order; each draws at its name and position, as in `chain`. Throws E_TRANSFORM_UNKNOWN for a step that does
 * not exist and E_TRANSFORM_OPTION for an option that it does not have, of another kind or out of range, naming the step.
 */
export function chainOf(steps: readonly Step[], context: StepContext): Transform {
  return linked(steps.map((step, position) => [step.name, transformOf(step, context, position)]))
}

/** The movers of steps that all move a clip as a whole, each with its name and position; null = some step does something else. */
export function moversOf(steps: readonly Step[], context: StepContext, first = 0): readonly { readonly name: string; readonly position: number; readonly move: Mover }[] | null {
  const movers = steps.flatMap((step, at) => {
    const transform = transformOf(step, context, first + at)
    return isMoving(transform) ? [{ name: step.name, position: first + at, move: transform.move }] : []
  })
  return movers.length === steps.length ? movers : null
}

/** What a step does and where it comes from; its options with their defaults where a sample has room for `frames` frames. */
export function describeStep(name: StepName, { frames }: { frames: number }): { readonly summary: string; readonly source: string; readonly options: Options } {
  const { summary, source, defaults } = kinds[name]!
  return { summary, source, options: defaults({ frames }) }
}

function transformOf({ name, ...given }: Step, context: StepContext, position: number): Transform {
  if (/^noise[-_]vposer$/.test(name)) throw noBody()
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined) throw unknownName('E_TRANSFORM_UNKNOWN', 'transform', String(name), stepNames)
  const defaults = kind.defaults(context)
  for (const [option, value] of Object.entries(given)) checkOption(name, option, value, defaults)
  try {
    return kind.make({ ...defaults, ...given }, context)
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error
    throw new ToolkitError(error.code, `step ${position}, ${name}: ${error.message}`, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) })
  }
}

function checkOption(name: string, option: string, value: OptionValue, defaults: Options): void {
  const usual = defaults[option]
  if (usual === undefined) throw unknownName('E_TRANSFORM_OPTION', `option of ${name}`, option, Object.keys(defaults))
  if (typeof value === typeof usual && (typeof value !== 'number' || Number.isFinite(value))) return
  throw new ToolkitError('E_TRANSFORM_OPTION', `${name}: ${option} = ${JSON.stringify(value)} is not a ${typeof usual}`, { hint: `its default is ${JSON.stringify(usual)}` })
}

function noBody(): ToolkitError {
  return new ToolkitError('E_TRANSFORM_OPTION', 'noise_vposer moves the 32 latent numbers of VPoser, a prior over the joint angles of the SMPL-X body model: clips of joints have none', {
    hint: 'noise-angle bends limbs by noise with the same covariance over time, noise-translation moves joints' })
}
