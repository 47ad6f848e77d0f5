import { ToolkitError, unknownName } from '../../errors.ts'
import { adam, type AdamOptions, adamW } from './adam.ts'
import type { Rule } from './rule.ts'
import { sgd, type SgdOptions } from './sgd.ts'

/** An optimiser as plain data: what is not given is PyTorch's default. */
export type OptimiserOptions =
  | ({ readonly kind: 'sgd' } & SgdOptions)
  | ({ readonly kind: 'adam' } & AdamOptions)
  | ({ readonly kind: 'adamw' } & AdamOptions)

/** What each kind can be told. */
const fields = { sgd: ['momentum', 'dampening', 'nesterov', 'weightDecay'], adam: ['beta1', 'beta2', 'epsilon', 'weightDecay'], adamw: ['beta1', 'beta2', 'epsilon', 'weightDecay'] }

const rules = { sgd, adam, adamw: adamW }

/** The limits of each number; the upper end of a range is excluded. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  beta1: [0, 1], beta2: [0, 1], epsilon: [0, Infinity], weightDecay: [0, Infinity], momentum: [0, Infinity], dampening: [-Infinity, Infinity],
}

/** The rule of an optimiser. Throws E_OPTIMISER for an unknown kind or option and for numbers out of range. */
export function ruleOf(options: OptimiserOptions): Rule {
  if (!(options.kind in rules)) throw unknownName('E_OPTIMISER', 'optimiser', String(options.kind), Object.keys(rules))
  const unknown = Object.keys(options).find((name) => name !== 'kind' && !fields[options.kind].includes(name))
  if (unknown !== undefined) throw unknownName('E_OPTIMISER', `option of ${options.kind}`, unknown, fields[options.kind])
  for (const [name, [least, end]] of Object.entries(ranges)) {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= least && value < end)) continue
    throw new ToolkitError('E_OPTIMISER', `${options.kind} with ${name} ${String(value)}`, { hint: `${name} must be a number in [${least}, ${end})` })
  }
  const { nesterov } = options as { readonly nesterov?: unknown }
  if (nesterov !== undefined && typeof nesterov !== 'boolean') throw new ToolkitError('E_OPTIMISER', `${options.kind} with nesterov ${String(nesterov)}`, { hint: 'nesterov must be true or false' })
  return rules[options.kind](options)
}
