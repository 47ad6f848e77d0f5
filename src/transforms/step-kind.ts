import type { Skeleton } from '../skeleton.ts'
import type { Transform } from './transform.ts'

/** What a step may need to know besides its options: the topology, and T, the frames a sample has room for. */
export type StepContext = { readonly skeleton: Skeleton; readonly frames: number }

export type OptionValue = number | string | boolean
export type Options = Readonly<Record<string, OptionValue>>

/** A transform as the registry knows it; O are its options. */
export type StepKind<O extends Options = Options> = {
  /** What it does to a clip, without a full stop. */
  readonly summary: string
  /** Where it comes from. */
  readonly source: string
  /** Every option with its default; a default may follow from the context. */
  readonly defaults: (context: Pick<StepContext, 'frames'>) => O
  readonly make: (options: Options, context: StepContext) => Transform
}

/** An entry of the registry: `make` takes options of the kinds that `defaults` has, which `chainOf` has checked. */
export function stepKind<O extends Options>({ make, ...kind }: {
  readonly summary: string; readonly source: string; readonly defaults: (context: Pick<StepContext, 'frames'>) => O; readonly make: (options: O, context: StepContext) => Transform
}): StepKind<O> {
  return { ...kind, make: (options, context) => make(options as O, context) }
}
