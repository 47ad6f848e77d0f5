import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { gradients } from './autodiff.ts'
import type { Graph, Node } from './graph.ts'
import { concat } from './ops/concat.ts'
import { input, nameOf } from './ops/input.ts'
import { reshape } from './ops/reshape.ts'
import { slice } from './ops/slice.ts'
import { clipByNorm, clipByValue, globalNorm } from './optimisers/clip.ts'
import { type Group, groupsOf, type Optimiser, type Parameter } from './optimisers/groups.ts'
import { update } from './optimisers/update.ts'

/** The flat vector of all parameters as one input `params` [N], and each parameter cut out of it. */
export function flatParameters(parameters: readonly Parameter[]): { readonly flat: Node; readonly params: Readonly<Record<string, Node>> } {
  const flat = input('params', [parameters.reduce((size, { shape }) => size + sizeOf(shape), 0)])
  let start = 0
  const params: Record<string, Node> = {}
  for (const { name, shape } of parameters) {
    params[name] = reshape(slice(flat, 0, start, start + sizeOf(shape)), shape)
    start += sizeOf(shape)
  }
  return { flat, params }
}

export type TrainingGraphOptions = {
  readonly loss: Node
  readonly inputs: readonly Node[]
  readonly parameters: readonly Parameter[]
  readonly flat: Node
  readonly params: Readonly<Record<string, Node>>
  readonly optimiser: Optimiser
  /** The longest gradient: longer ones are scaled down to it. Not together with `clipValue`. */
  readonly clipNorm?: number
  /** The largest number of a gradient: larger ones are cut off. */
  readonly clipValue?: number
  /** Carried from step to step beside what is trained: running statistics of batches. */
  readonly state?: Graph['state']
  readonly outputs?: Readonly<Record<string, Node>>
}

/** A graph, and what each of its states of training is where it begins; `state` given by the caller is not among them. */
export type TrainingGraph = Graph & { readonly start: (params: Float32Array) => Record<string, Tensor> }

/**
 * Forward, backward and update as one graph. State: `params` and the vectors of the optimiser, each [N], all parameters one after the other. Fed beside `inputs`:
 * what `optimiserFeeds` answers. Outputs: `loss`, `gradientNorm` before clipping, and `outputs`. Frozen parameters are not differentiated.
 */
export function trainingGraph({
  loss, inputs, parameters, flat, params, optimiser, clipNorm, clipValue, state = [], outputs = {},
}: TrainingGraphOptions): TrainingGraph {
  const groups = groupsOf(parameters, optimiser)
  const raw = groupGradients(loss, { params, groups })
  const norm = globalNorm([...raw.values()])
  const step = update(clipped(raw, { norm, clipNorm, clipValue }), { flat, parameters, optimiser, groups })
  return {
    inputs: [...inputs, ...step.inputs],
    state: [...step.state, ...state],
    outputs: { loss, gradientNorm: norm, ...outputs },
    start: (start) => Object.fromEntries(step.state.map(({ input }) => [nameOf(input)!, { shape: flat.shape, data: input === flat ? start : new Float32Array(start.length) }])),
  }
}

/** The gradient of each group that is trained, as one vector [n]. */
function groupGradients(loss: Node, { params, groups }: { params: Readonly<Record<string, Node>>; groups: readonly Group[] }): Map<Group, Node> {
  const trained = groups.filter(({ frozen }) => !frozen)
  const derivatives = gradients(loss, trained.flatMap(({ members }) => members.map(({ name }) => params[name]!)))
  const vectors = derivatives.map((node) => reshape(node, [sizeOf(node.shape)]))
  let start = 0
  return new Map(trained.map((group) => [group, concat(vectors.slice(start, start += group.members.length), 0)]))
}

function clipped(
  raw: ReadonlyMap<Group, Node>, { norm, clipNorm, clipValue }: { norm: Node; clipNorm: number | undefined; clipValue: number | undefined },
): ReadonlyMap<Group, Node> {
  for (const limit of [clipNorm, clipValue]) {
    if (limit !== undefined && !(limit > 0)) throw new ToolkitError('E_OPTIMISER', `gradients cut to ${limit}`, { hint: 'the limit must be above 0; leave it out for none' })
  }
  if (clipNorm !== undefined && clipValue !== undefined) {
    throw new ToolkitError('E_OPTIMISER', `clipNorm ${clipNorm} and clipValue ${clipValue}`, { hint: 'give one of them' })
  }
  const [groups, vectors] = [[...raw.keys()], [...raw.values()]]
  const cut = clipNorm !== undefined ? clipByNorm(vectors, { norm, limit: clipNorm }) : clipValue !== undefined ? clipByValue(vectors, clipValue) : vectors
  return new Map(groups.map((group, index) => [group, cut[index]!]))
}
