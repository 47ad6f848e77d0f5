import { sizeOf, type Tensor } from '../tensor.ts'
import { gradients } from './autodiff.ts'
import type { Graph, Node } from './graph.ts'
import { adamW, type AdamWOptions, clipByGlobalNorm } from './optimisers.ts'
import { concat } from './ops/concat.ts'
import { constant, input } from './ops/input.ts'
import { reshape } from './ops/reshape.ts'
import { slice } from './ops/slice.ts'

/** A trained tensor: its name, shape, and whether weight decay applies. */
export type Parameter = { readonly name: string; readonly shape: readonly number[]; readonly decay: boolean }

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

/**
 * Forward, backward and update as one graph. State: `params`, `m`, `v`, each [N]. Feeds beside `inputs`: `rate`, `correction1`, `correction2` (see adamW).
 * `state` is carried beside the parameters without being trained: statistics of batches, averages of weights.
 * Outputs: `loss`, `gradientNorm` (before clipping) and whatever else is asked for.
 */
export function trainingGraph({ loss, inputs, parameters, flat, params, optimiser, clipNorm, outputs = {}, state = [] }: {
  loss: Node
  inputs: readonly Node[]
  parameters: readonly Parameter[]
  flat: Node
  params: Readonly<Record<string, Node>>
  optimiser: AdamWOptions
  clipNorm: number
  outputs?: Readonly<Record<string, Node>>
  state?: Graph['state']
}): Graph {
  const derivatives = gradients(loss, parameters.map(({ name }) => params[name]!))
  const { gradient, norm } = clipByGlobalNorm(concat(derivatives.map((node) => reshape(node, [sizeOf(node.shape)])), 0), clipNorm)
  const [m, v] = [input('m', flat.shape), input('v', flat.shape)]
  const [rate, correction1, correction2] = [input('rate', []), input('correction1', []), input('correction2', [])]
  const next = adamW({ params: flat, m, v, gradient }, { rate, correction1, correction2, decays: constant(decaysOf(parameters)) }, optimiser)
  return {
    inputs: [...inputs, rate, correction1, correction2],
    state: [{ input: flat, next: next.params }, { input: m, next: next.m }, { input: v, next: next.v }, ...state],
    outputs: { loss, gradientNorm: norm, ...outputs },
  }
}

/** The fed scalars of step t = 1, 2, ... */
export function optimiserFeeds(rate: number, step: number, { beta1 = 0.9, beta2 = 0.999 }: AdamWOptions = {}): Record<string, Tensor> {
  return { rate: scalar(rate), correction1: scalar(1 - beta1 ** step), correction2: scalar(1 - beta2 ** step) }
}

function scalar(value: number): Tensor {
  return { shape: [], data: Float32Array.of(value) }
}

function decaysOf(parameters: readonly Parameter[]): Tensor {
  const data = Float32Array.from(parameters.flatMap(({ shape, decay }) => Array.from({ length: sizeOf(shape) }, () => Number(decay))))
  return { shape: [data.length], data }
}
