import { ToolkitError } from '../../errors.ts'
import type { Tensor } from '../../tensor.ts'
import type { Graph, Node } from '../graph.ts'
import { constant, input } from '../ops/input.ts'
import { mul } from '../ops/mul.ts'
import { cutOut, decaysOf, putBack, rangesOf } from './flat-groups.ts'
import { type Group, type Optimiser, type Parameter } from './groups.ts'
import { ruleOf } from './optimiser.ts'
import type { Nodes, Rule } from './rule.ts'

export type Update = { readonly inputs: readonly Node[]; readonly state: Graph['state'] }

/** One step of an optimiser over flat parameters [N], given the gradient [n] of each group that is trained. State: `params` and the vectors of the rules, each [N]. */
export function update(
  gradients: ReadonlyMap<Group, Node>, { flat, parameters, optimiser, groups }: { flat: Node; parameters: readonly Parameter[]; optimiser: Optimiser; groups: readonly Group[] },
): Update {
  const ranges = rangesOf(parameters, groups)
  const rate = input('rate', [])
  const feeds = Object.fromEntries(Object.entries(feedNames(optimiser)).map(([key, name]) => [key, input(name, [])]))
  const states = { params: flat, ...Object.fromEntries([...new Set(groups.flatMap(({ rule }) => rule.states))].map((name) => [name, input(name, flat.shape)])) }
  const updated = new Map<Group, Nodes>()
  for (const [group, gradient] of gradients) {
    const own = Object.fromEntries(['params', ...group.rule.states].map((name) => [name, cutOut(states[name as keyof typeof states], ranges, group)]))
    const decays = decaysOf(group.members)
    const next = group.rule.update({
      params: own['params']!, gradient, states: own, feeds, decays: decays === null ? null : constant(decays), rate: group.rateFactor === 1 ? rate : mul(rate, group.rateFactor),
    })
    updated.set(group, { ...next.states, params: next.params })
  }
  return {
    inputs: [rate, ...Object.values(feeds)],
    state: Object.entries(states).map(([name, node]) => ({ input: node, next: putBack(node, ranges, (group) => updated.get(group)?.[name]) })),
  }
}

/** What is fed at step t = 1, 2, ... with a learning rate; `step` counts updates: those that a loss scale made skip are none. E_OPTIMISER for another step and a rate that is no number. */
export function optimiserFeeds(rate: number, step: number, optimiser: Optimiser): Record<string, Tensor> {
  // at step 0 the corrections of Adam are 0, and parameters divided by them NaN
  if (!(Number.isInteger(step) && step >= 1)) throw new ToolkitError('E_OPTIMISER', `step ${step} of an optimiser`, { hint: 'steps count from 1' })
  if (!Number.isFinite(rate)) throw new ToolkitError('E_OPTIMISER', `a learning rate of ${rate}`, { hint: 'it must be a number' })
  const values = rulesOf(optimiser).reduce<Rule['feeds']>((all, { feeds }) => ({ ...all, ...feeds }), {})
  const scalars = Object.entries(feedNames(optimiser)).map(([key, name]) => [name, scalar(values[key]!(step))])
  return { rate: scalar(rate), ...Object.fromEntries(scalars) }
}

/** The name under which each scalar of the rules is fed: `correction1`, or `correction1:0.9` where groups differ in it. */
function feedNames(optimiser: Optimiser): Record<string, string> {
  const keys = [...new Set(rulesOf(optimiser).flatMap(({ feeds }) => Object.keys(feeds)))]
  const prefixOf = (key: string): string => key.split(':')[0]!
  const isAlone = (key: string): boolean => keys.every((other) => other === key || prefixOf(other) !== prefixOf(key))
  return Object.fromEntries(keys.map((key) => [key, isAlone(key) ? prefixOf(key) : key]))
}

function rulesOf({ groups = [], ...base }: Optimiser): Rule[] {
  return [ruleOf(base), ...groups.map(({ match: _match, rateFactor: _rateFactor, frozen: _frozen, ...numbers }) => ruleOf({ ...base, ...numbers }))]
}

function scalar(value: number): Tensor {
  return { shape: [], data: Float32Array.of(value) }
}
