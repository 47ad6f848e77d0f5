import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { gradients } from './autodiff.ts'
import type { Graph, Node } from './graph.ts'
import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { input, nameOf } from './ops/input.ts'
import { mul } from './ops/mul.ts'
import { reshape } from './ops/reshape.ts'
import { sub } from './ops/sub.ts'
import { clipByNorm, clipByValue, globalNorm } from './optimisers/clip.ts'
import type { Group, Optimiser, Parameter } from './optimisers/groups.ts'
import { update } from './optimisers/update.ts'

/** How parameters follow their gradients. */
export type StepOptions = {
  readonly parameters: readonly Parameter[]
  readonly optimiser: Optimiser
  /** The longest gradient: longer ones are scaled down to it. Not together with `clipValue`. */
  readonly clipNorm?: number
  /** The largest number of a gradient: larger ones are cut off. */
  readonly clipValue?: number
  /** Carries a moving average of the parameters as the state `average` [N]; fed beside the rest is what `averageFeeds` answers. */
  readonly average?: boolean
}

/** A graph, and what each of its states of training is where it begins; `state` given by the caller is not among them. */
export type TrainingGraph = Graph & { readonly start: (params: Float32Array) => Record<string, Tensor> }

/** The gradient of each group that is trained, as one vector [n]. */
export function groupGradients(loss: Node, { params, groups }: { params: Readonly<Record<string, Node>>; groups: readonly Group[] }): Map<Group, Node> {
  const trained = groups.filter(({ frozen }) => !frozen)
  const derivatives = gradients(loss, trained.flatMap(({ members }) => members.map(({ name }) => params[name]!)))
  const vectors = derivatives.map((node) => reshape(node, [sizeOf(node.shape)]))
  let start = 0
  return new Map(trained.map((group) => [group, concat(vectors.slice(start, start += group.members.length), 0)]))
}

/** What follows the gradient [n] of each group: clipping, the update of `flat` [N], the average. Output: `gradientNorm` before clipping. */
export function gradientStep(raw: ReadonlyMap<Group, Node>, { flat, groups, options }: { flat: Node; groups: readonly Group[]; options: StepOptions }): TrainingGraph {
  const { parameters, optimiser } = options
  const norm = globalNorm([...raw.values()])
  const step = update(clipped(raw, norm, options), { flat, parameters, optimiser, groups })
  const averaged = options.average === true ? averageOf(flat.shape, step.state[0]!.next) : { inputs: [], state: [] }
  const state = [...step.state, ...averaged.state]
  return {
    inputs: [...step.inputs, ...averaged.inputs],
    state,
    outputs: { gradientNorm: norm },
    start: (params) => Object.fromEntries(state.map(({ input: { shape }, input }) => {
      const isParams = input === flat || nameOf(input) === 'average'
      return [nameOf(input)!, { shape, data: isParams ? params : new Float32Array(sizeOf(shape)) }]
    })),
  }
}

function clipped(raw: ReadonlyMap<Group, Node>, norm: Node, { clipNorm, clipValue }: StepOptions): ReadonlyMap<Group, Node> {
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

/** average x decay + parameters x (1 - decay), with the fed `averageDecay`. */
function averageOf(shape: readonly number[], params: Node): { inputs: Node[]; state: Graph['state'] } {
  const [average, decay] = [input('average', shape), input('averageDecay', [])]
  return { inputs: [decay], state: [{ input: average, next: add(mul(average, decay), mul(params, sub(1, decay))) }] }
}
