import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { carried, elsewhere, flag, kind, type Kinds, list, node, number, oneOf, options, record } from './arguments.ts'
import { gradients } from './autodiff.ts'
import { asFloat32, inFloat16 } from './float16.ts'
import type { Graph, Node } from './graph.ts'
import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { div } from './ops/div.ts'
import { input, nameOf } from './ops/input.ts'
import { mul } from './ops/mul.ts'
import { reshape } from './ops/reshape.ts'
import { sub } from './ops/sub.ts'
import { clipByNorm, clipByValue, globalNorm } from './optimisers/clip.ts'
import type { Group, Optimiser, Parameter } from './optimisers/groups.ts'
import { allFinite, lossScale, type LossScale, type LossScaleOptions, scaleAfter, unlessSkipped } from './optimisers/loss-scale.ts'
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
  /**
   * Differentiates the loss times a scale that is carried as a state, and skips the update where the derivative overflows. Outputs: `lossScale` of the next step, `skipped`, the number
   * of steps so far that were: they do not count for `optimiserFeeds`.
   */
  readonly lossScale?: LossScaleOptions
  /** `float16`: values between products are stored so; brings a loss scale, which `lossScale` has the numbers of. Parameters, states and the update stay float32. */
  readonly precision?: 'float32' | 'float16'
}

/** How each of them is looked at. */
export const stepKinds = {
  parameters: elsewhere, optimiser: kind('an object such as { kind: "adamw" }', (value) => typeof value === 'object' && value !== null), clipNorm: elsewhere, clipValue: elsewhere, average: flag,
  lossScale: options({ start: number, growth: number, every: number, backoff: number }), precision: oneOf('float32', 'float16'),
} satisfies Kinds

/** What graphs of a training are made of: a loss, and how parameters follow its gradients. */
export const trainingKind = options({ loss: node, inputs: list(node), flat: node, params: record(node), state: list(carried), outputs: record(node), ...stepKinds }, ['loss', 'inputs', 'flat', 'params', 'parameters', 'optimiser'])

/** The loss scale that is asked for. */
export function scaleOf({ lossScale: options, precision }: StepOptions): LossScale | null {
  return options !== undefined || precision === 'float16' ? lossScale(options ?? {}) : null
}

/** A graph in the precision that is asked for. */
export function inPrecision<Kind extends Graph>(graph: Kind, { precision }: StepOptions, flat: Node): Kind {
  return precision === 'float16' ? { ...graph, ...inFloat16(graph, [flat]) } : graph
}

/** A graph, and what each of its states of training is where it begins; `state` given by the caller is not among them. */
export type TrainingGraph = Graph & { readonly start: (params: Float32Array) => Record<string, Tensor> }

/** The gradient of each group that is trained, as one vector [n]. */
export function groupGradients(
  loss: Node, { params, groups, scale }: { params: Readonly<Record<string, Node>>; groups: readonly Group[]; scale: LossScale | null },
): Map<Group, Node> {
  refuseFlat(loss, Object.values(params))
  const trained = groups.filter(({ frozen }) => !frozen)
  const derivatives = gradients(scale === null ? loss : mul(loss, scale.scale), trained.flatMap(({ members }) => members.map(({ name }) => params[name]!)))
  const vectors = derivatives.map((node) => reshape(scale === null ? node : asFloat32(node), [sizeOf(node.shape)]))
  let start = 0
  return new Map(trained.map((group) => {
    const gradient = concat(vectors.slice(start, start += group.members.length), 0)
    return [group, scale === null ? gradient : div(gradient, scale.scale)]
  }))
}

/** Derivatives are taken of the parameters: none would flow to a vector that a loss reads past them. */
function refuseFlat(loss: Node, params: readonly Node[]): void {
  const flats = new Set(params.map(leafOf))
  const seen = new Set<Node>(params)
  const stack = [loss]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (flats.has(node)) {
      throw new ToolkitError('E_GRAPH', `the loss reads all parameters as one vector, "${nameOf(node)}", and would not be derived by it`, {
        hint: 'read them by name, or through stopGradient', exit: 4 })
    }
    if (seen.has(node) || node.operation.name === 'stopGradient') continue
    seen.add(node)
    stack.push(...node.inputs)
  }
}

/** What a parameter is cut out of. */
function leafOf(param: Node): Node {
  return param.inputs.length === 0 ? param : leafOf(param.inputs[0]!)
}

/** What follows the gradient [n] of each group: clipping, the update of `flat` [N], the average, the loss scale. Output: `gradientNorm` before clipping. */
export function gradientStep(
  raw: ReadonlyMap<Group, Node>, { flat, groups, scale, options }: { flat: Node; groups: readonly Group[]; scale: LossScale | null; options: StepOptions },
): TrainingGraph {
  const { parameters, optimiser } = options
  const vectors = [...raw.values()]
  const norm = globalNorm(vectors)
  const step = update(clipped(raw, norm, options), { flat, parameters, optimiser, groups })
  const finite = scale === null ? null : allFinite(vectors)
  const updated = finite === null ? step.state : unlessSkipped(step.state, finite)
  const averaged = options.average === true ? averageOf(flat.shape, updated[0]!.next) : { inputs: [], state: [] }
  const scaled = scale === null || finite === null ? [] : scaleAfter(scale, finite)
  const state = [...updated, ...averaged.state, ...scaled]
  return {
    inputs: [...step.inputs, ...averaged.inputs],
    state,
    outputs: { gradientNorm: norm, ...(scaled.length === 0 ? {} : { lossScale: scaled[0]!.next, skipped: scaled[2]!.next }) },
    start: (params) => Object.fromEntries(state.map(({ input: node }) => {
      const isParams = node === flat || nameOf(node) === 'average'
      const fill = node === scale?.scale ? scale.options.start : 0
      return [nameOf(node)!, { shape: node.shape, data: isParams ? params : new Float32Array(sizeOf(node.shape)).fill(fill) }]
    })),
  }
}

function clipped(raw: ReadonlyMap<Group, Node>, norm: Node, { clipNorm, clipValue }: StepOptions): ReadonlyMap<Group, Node> {
  for (const limit of [clipNorm, clipValue]) {
    if (limit !== undefined && !(typeof limit === 'number' && limit > 0)) throw new ToolkitError('E_OPTIMISER', `gradients cut to ${String(limit)}`, { hint: 'the limit must be a number above 0; leave it out for none' })
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
