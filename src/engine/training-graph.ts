import { ToolkitError } from '../errors.ts'
import { sizeOf } from '../tensor.ts'
import { checkArguments } from './arguments.ts'
import { byName } from './by-name.ts'
import { gradientStep, groupGradients, inPrecision, scaleOf, type StepOptions, type TrainingGraph, trainingKind } from './gradient-step.ts'
import type { Graph, Node } from './graph.ts'
import { input } from './ops/input.ts'
import { reshape } from './ops/reshape.ts'
import { slice } from './ops/slice.ts'
import { checkParameters } from './optimisers/check-parameters.ts'
import { groupsOf, type Parameter } from './optimisers/groups.ts'

/**
 * The flat vector of all parameters as one input `params` [N], and each parameter cut out of it. A name that is none of theirs is refused where it is read
 * (E_NAME). Throws E_GRAPH for two of one name, of which one would never be used, and E_PARAMETER for one without name, shape or decay.
 */
export function flatParameters(parameters: readonly Parameter[]): { readonly flat: Node; readonly params: Readonly<Record<string, Node>> } {
  checkParameters(parameters)
  const flat = input('params', [parameters.reduce((size, { shape }) => size + sizeOf(shape), 0)])
  let start = 0
  const params: Record<string, Node> = {}
  for (const { name, shape } of parameters) {
    if (name in params) throw new ToolkitError('E_GRAPH', `two parameters are named "${name}"`, { hint: 'give each block of layers a name of its own' })
    params[name] = reshape(slice(flat, 0, start, start + sizeOf(shape)), shape)
    start += sizeOf(shape)
  }
  return { flat, params: byName('parameter', params) }
}

export type TrainingGraphOptions = StepOptions & {
  readonly loss: Node
  readonly inputs: readonly Node[]
  readonly flat: Node
  readonly params: Readonly<Record<string, Node>>
  /** Carried from step to step beside what is trained: running statistics of batches. */
  readonly state?: Graph['state']
  readonly outputs?: Readonly<Record<string, Node>>
}

/**
 * Forward, backward and update as one graph. State: `params` and the vectors of the optimiser, each [N], all parameters one after the other. Fed beside `inputs`:
 * what `optimiserFeeds` answers. Outputs: `loss`, `gradientNorm` before clipping, and `outputs`. Frozen parameters are not differentiated.
 * E_ARGUMENT for options there are not, E_OPTIMISER for numbers out of range.
 */
export function trainingGraph(given: TrainingGraphOptions): TrainingGraph {
  checkArguments('trainingGraph', { options: trainingKind }, [given])
  const { loss, inputs, flat, params, state = [], outputs = {}, ...options } = given
  const groups = groupsOf(options.parameters, options.optimiser)
  const scale = scaleOf(options)
  const step = gradientStep(groupGradients(loss, { params, groups, scale }), { flat, groups, scale, options })
  const graph = { ...step, inputs: [...inputs, ...step.inputs], state: [...step.state, ...state], outputs: { loss, ...step.outputs, ...outputs } }
  return inPrecision(graph, options, flat)
}
