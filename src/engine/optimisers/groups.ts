import { nearestName, ToolkitError } from '../../errors.ts'
import { checkArguments, flag, kind, list, optional } from '../arguments.ts'
import type { AdamOptions } from './adam.ts'
import { type OptimiserOptions, ruleOf } from './optimiser.ts'
import type { Rule } from './rule.ts'
import type { SgdOptions } from './sgd.ts'

/** A trained tensor: its name, shape, and whether weight decay applies. */
export type Parameter = { readonly name: string; readonly shape: readonly number[]; readonly decay: boolean }

/** Parameters that are trained in their own way; what is not given is as in the optimiser. */
export type ParameterGroup = Omit<AdamOptions & SgdOptions, 'kind'> & {
  /** Names of parameters; `*` stands for any letters: `temporal.*`, `*.bias`. */
  readonly match: string | readonly string[]
  /** Times the learning rate: 1. */
  readonly rateFactor?: number
  /** Neither moved nor differentiated; its states stay as they are. */
  readonly frozen?: boolean
}

/** An optimiser, and the parameters for which it differs. Those that no group names take its own numbers. */
export type Optimiser = OptimiserOptions & { readonly groups?: readonly ParameterGroup[] }

/** Parameters that are updated alike. */
export type Group = { readonly rule: Rule; readonly rateFactor: number; readonly frozen: boolean; readonly members: readonly Parameter[] }

/**
 * The groups of an optimiser that have members, those of no group first. Throws E_OPTIMISER for a pattern that matches no parameter, a parameter in two groups, and
 * for numbers out of range.
 */
export function groupsOf(parameters: readonly Parameter[], { groups = [], ...base }: Optimiser): Group[] {
  checkGroups(groups)
  const names = parameters.map(({ name }) => name)
  const taken = groups.map(({ match }) => new Set([match].flat().flatMap((pattern) => matchesOf(pattern, names))))
  refuseSharing(taken, groups)
  const rest = { rule: ruleOf(base), rateFactor: 1, frozen: false, members: parameters.filter(({ name }) => !taken.some((members) => members.has(name))) }
  const own = groups.map((group, index): Group => {
    const { match: _match, rateFactor = 1, frozen = false, ...numbers } = group
    if (!(typeof rateFactor === 'number' && rateFactor >= 0 && rateFactor < Infinity)) throw refused(`group ${titleOf(group)} with rateFactor ${rateFactor}`, 'it must be a number of 0 or more')
    return { rule: ruleOf({ ...base, ...numbers }), rateFactor, frozen, members: parameters.filter(({ name }) => taken[index]!.has(name)) }
  })
  const all = [rest, ...own].filter(({ members }) => members.length > 0)
  if (all.every(({ frozen }) => frozen)) throw refused('there is no parameter to train', 'leave one group that is not frozen')
  return all
}

const patterns = kind('a text or a list of them', (value) => [value].flat().every((one) => typeof one === 'string'))
const isObject = kind('an object with match', (value) => typeof value === 'object' && value !== null)

function checkGroups(groups: readonly ParameterGroup[]): void {
  const code = 'E_OPTIMISER'
  checkArguments('an optimiser', { groups: list(isObject) }, [groups], { code })
  for (const { match } of groups) checkArguments('a group of parameters', { match: patterns }, [match], { code })
  for (const group of groups) checkArguments(`group ${titleOf(group)}`, { frozen: optional(flag) }, [group.frozen], { code })
}

function matchesOf(pattern: string, names: readonly string[]): string[] {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  const expression = new RegExp(`^${parts.join('.*')}$`, 's')
  const found = names.filter((name) => expression.test(name))
  if (found.length > 0) return found
  const near = nearestName(pattern, names)
  throw refused(`no parameter matches "${pattern}"`, `${near === null ? '' : `did you mean "${near}"? `}The names begin with: ${names.slice(0, 8).join(', ')}`)
}

function refuseSharing(taken: readonly ReadonlySet<string>[], groups: readonly ParameterGroup[]): void {
  for (const [index, members] of taken.entries()) {
    for (const name of members) {
      const other = taken.findIndex((names, before) => before < index && names.has(name))
      if (other !== -1) throw refused(`parameter "${name}" is in two groups, ${titleOf(groups[other]!)} and ${titleOf(groups[index]!)}`, 'write patterns of which one matches it')
    }
  }
}

function titleOf({ match }: ParameterGroup): string {
  return [match].flat().map((pattern) => `"${pattern}"`).join(' + ')
}

function refused(message: string, hint: string): ToolkitError {
  return new ToolkitError('E_OPTIMISER', message, { hint })
}
