import { ToolkitError } from '../errors.ts'
import { fewNames } from '../few-names.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

/** Which tensor of a file is which parameter. Patterns are regular expressions of whole names. */
export type NameMap = {
  /** The first rule whose `from` fits a tensor's name says what it is called here (`$1` = the first group); a name without one stays as it is. */
  readonly rules?: readonly NameRule[]
  /** Tensors of the file that are not wanted. */
  readonly skip?: readonly string[]
  /** Parameters that the file need not have: they stay as they are. */
  readonly keep?: readonly string[]
}

export type NameRule = {
  readonly from: string
  readonly to: string
  /** The order of axes, as numpy's; before `reshape`. */
  readonly transpose?: readonly number[] | undefined
  readonly reshape?: readonly number[] | undefined
}

type Wanted = { readonly name: string; readonly shape: readonly number[] }

/**
 * Tensors of a file under the names and in the shapes of parameters. Throws E_WEIGHTS, naming them, for tensors that are no parameter and are not skipped, parameters
 * that no tensor is and are not kept, shapes that differ, two tensors for one parameter, numbers that are not finite, parameters that are
 * among the `leftOut` (types of tensors that are no weights, by name), and patterns that are none or fit nothing.
 */
export function mapTensors(tensors: Readonly<Record<string, Tensor>>, { wanted, map: { rules = [], skip = [], keep = [] }, source, leftOut = {} }: {
  wanted: readonly Wanted[]; map: NameMap; source: string; leftOut?: Readonly<Record<string, string>>
}): Record<string, Tensor> {
  const refuse = (message: string, hint: string): ToolkitError => new ToolkitError('E_WEIGHTS', `${source}: ${message}`, { hint })
  const shapes = new Map(wanted.map(({ name, shape }) => [name, shape]))
  const [renaming, skipping, keeping] = [rules.map(({ from }) => from), skip, keep].map((list) => list.map((text) => patternOf(text, refuse)))
  const used = new Set<Pattern>()
  const fits = (patterns: readonly Pattern[], name: string): boolean => {
    const found = patterns.filter(({ expression }) => expression.test(name))
    for (const pattern of found) used.add(pattern)
    return found.length > 0
  }

  const ruleOf = (name: string): { rule: NameRule | undefined; here: string } => {
    const at = renaming!.findIndex(({ expression }) => expression.test(name))
    const rule = rules[at]
    if (rule === undefined) return { rule, here: name }
    used.add(renaming![at]!)
    return { rule, here: name.replace(renaming![at]!.expression, rule.to) }
  }

  const mapped: Record<string, Tensor> = {}
  const origin = new Map<string, string>()
  const strangers: string[] = []
  for (const [name, tensor] of Object.entries(tensors)) {
    if (fits(skipping!, name)) continue
    const { rule, here } = ruleOf(name)
    const shape = shapes.get(here)
    if (shape === undefined) {
      strangers.push(here === name ? name : `${name} (here ${here})`)
      continue
    }
    if (origin.has(here)) throw refuse(`"${origin.get(here)}" and "${name}" would both be ${here}`, 'let the patterns say which, or skip one')
    origin.set(here, name)
    mapped[here] = fitted(tensor, { name, here, shape, rule }, refuse)
  }
  for (const [name, type] of Object.entries(leftOut)) {
    if (fits(skipping!, name)) continue
    const { here } = ruleOf(name)
    if (shapes.has(here) && !origin.has(here)) throw refuse(`"${name}" is ${type.replace(/^I/, 'int').replace(/^U/, 'uint').toLowerCase()}, ${here} is a parameter`, 'weights are floating-point numbers: write it as float32, or skip it')
  }
  const lacking = wanted.filter(({ name }) => !origin.has(name) && !fits(keeping!, name)).map(({ name }) => name)
  if (strangers.length > 0) throw refuse(`${strangers.length} tensors are no parameter of the model: ${fewNames(strangers)}`, `rename them by a rule, or skip them; parameters without a tensor: ${fewNames(lacking) || 'none'}`)
  if (lacking.length > 0) throw refuse(`no tensor for ${lacking.length} parameters: ${fewNames(lacking)}`, 'name them in a rule, or keep them as they are at the start')
  const idle = [...renaming!, ...skipping!, ...keeping!].filter((pattern) => !used.has(pattern)).map(({ text }) => text)
  if (idle.length > 0) throw refuse(`patterns that fit no name: ${fewNames(idle)}`, `names of the file: ${fewNames(Object.keys(tensors))}`)
  return mapped
}

type Refuse = (message: string, hint: string) => ToolkitError
type Pattern = { readonly text: string; readonly expression: RegExp }

function patternOf(text: string, refuse: Refuse): Pattern {
  try {
    return { text, expression: new RegExp(`^(?:${text})$`) }
  } catch (error) {
    throw refuse(`"${text}" is no regular expression: ${(error as Error).message}`, 'a dot of a name is written \\.')
  }
}

function fitted(tensor: Tensor, { name, here, shape, rule }: { name: string; here: string; shape: readonly number[]; rule: NameRule | undefined }, refuse: Refuse): Tensor {
  const turned = rule?.transpose === undefined ? tensor : transposed(tensor, rule.transpose, () => refuse(`"${name}" [${tensor.shape.join(', ')}] has no axes ${rule.transpose!.join(', ')}`, 'transpose names every axis once'))
  const found = rule?.reshape ?? turned.shape
  if (sizeOf(found) !== turned.data.length) throw refuse(`"${name}" [${turned.shape.join(', ')}] cannot be [${found.join(', ')}]`, 'reshape keeps the number of numbers')
  if (found.join() !== shape.join()) {
    const isTurned = found.toReversed().join() === shape.join()
    throw refuse(`"${name}" is [${found.join(', ')}], ${here} is [${shape.join(', ')}]`, isTurned ? 'a rule with transpose: [1, 0] turns it, as a linear layer of PyTorch needs' : 'a rule may have transpose and reshape')
  }
  const bad = turned.data.findIndex((number) => !Number.isFinite(number))
  if (bad !== -1) throw refuse(`"${name}" holds ${turned.data[bad]} at ${bad}`, 'weights are finite, as float32 too')
  return { shape, data: turned.data }
}

function transposed({ shape, data }: Tensor, order: readonly number[], misfit: () => ToolkitError): Tensor {
  if (order.length !== shape.length || shape.some((_, axis) => !order.includes(axis))) throw misfit()
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const turned = order.map((axis) => shape[axis]!)
  const out = new Float32Array(data.length)
  for (let at = 0; at < out.length; at++) {
    let [left, from] = [at, 0]
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      from += (left % turned[axis]!) * strides[order[axis]!]!
      left = Math.floor(left / turned[axis]!)
    }
    out[at] = data[from]!
  }
  return { shape: turned, data: out }
}
