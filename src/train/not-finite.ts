import { type Executor, firstNonFinite, type Graph, type Node, type NonFinite, nonFiniteText, type Parameter, unknownClass } from '../engine/index.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

type Tensors = Readonly<Record<string, Tensor>>

/** What a step was computed from. */
export type BrokenStep = {
  readonly graph: Graph
  /** The nodes of the parameters, by name. */
  readonly params: Readonly<Record<string, Node>>
  readonly parameters: readonly Parameter[]
  /** Before the step. */
  readonly state: Tensors
  /** Of each micro-batch. */
  readonly batches: readonly Tensors[]
  readonly feeds: Tensors
  /** No update was made before it. */
  readonly isFirst: boolean
}

/** Does a step again whose loss or gradient is not finite: `why` names what was so first (a class that is none, a parameter, an input, an operation with its line), `way` what is likely to help. */
export async function whyNotFinite(executor: Executor, { graph, params, parameters, state, batches, feeds, isFirst }: BrokenStep): Promise<{ why: string; way: string }> {
  for (const [index, batch] of batches.entries()) {
    const found = await firstNonFinite(executor, graph, { state, feeds: { ...feeds, ...batch } })
    if (found === null) continue
    const { why, way } = toldOf(found, { batch, params, parameters, state, isFirst })
    return { why: batches.length === 1 ? why : `in micro-batch ${index + 1} of ${batches.length} ${why}`, way }
  }
  return { why: 'done again with every value looked at, all of them are finite', way: SMALLER }
}

const SMALLER = 'try a smaller learning rate'

function toldOf(found: NonFinite, { batch, params, parameters, state, isFirst }: { batch: Tensors } & Pick<BrokenStep, 'params' | 'parameters' | 'state' | 'isFirst'>): { why: string; way: string } {
  const misfit = unknownClass(found, batch)
  if (misfit !== null) {
    const { value, place, input, classes } = misfit
    return {
      why: `class ${value} of input "${input}", ${place.length === 1 ? `row ${place[0]}` : `at [${place.join(', ')}]`}, is none of the ${classes} classes`,
      way: `classes are whole numbers, 0 to ${classes - 1}; crossEntropy leaves out those of ignoreIndex (-100)`,
    }
  }
  const name = String(found.node.attributes['name'] ?? '')
  if (found.node.inputs.length === 0 && name in state) {
    const broken = brokenParameters(state[name]!.data, parameters)
    const why = broken === null || name === 'gradient' ? `state "${name}" was not finite before the step` : `${name === 'params' ? '' : `${name} of `}${broken} before the step`
    return { why, way: isFirst ? 'look at where the parameters start' : SMALLER }
  }
  const names = new Map(Object.entries(params).map(([own, node]) => [node, `parameter "${own}" [${node.shape.join(', ')}]`]))
  return { why: nonFiniteText(found, names), way: name in batch ? `look at what is fed as "${name}"` : isFirst ? FIRST : SMALLER }
}

const FIRST = 'no update was made yet, so look at what is fed (its scale, labels) and where the parameters start, before the learning rate'

/** Which parameters of a flat vector [N] are not finite, in words; null = none, or the vector is of something else. */
export function brokenParameters(flat: Float32Array, parameters: readonly Parameter[]): string | null {
  let start = 0
  const broken = parameters.flatMap(({ name, shape }) => {
    const own = flat.subarray(start, start += sizeOf(shape))
    const count = own.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0)
    return count === 0 ? [] : [`parameter "${name}" [${shape.join(', ')}] (${count} of ${own.length} numbers)`]
  })
  if (start !== flat.length || broken.length === 0) return null
  return `${broken.slice(0, 3).join(' and ')}${broken.length > 3 ? ` and ${broken.length - 3} more` : ''} ${broken.length === 1 ? 'was' : 'were'} not finite`
}
