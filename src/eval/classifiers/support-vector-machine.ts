import { ToolkitError } from '../../errors.ts'
import type { Tensor } from '../../tensor.ts'
import { type Rows, rowsFrom } from '../metrics/distance-kernel.ts'
import { rowKernel } from '../metrics/nearest-neighbour.ts'
import { type Classifier, classesOf } from './classifier.ts'
import { solveDual } from './sequential-minimal-optimisation.ts'

/** One classifier between two classes: positive decisions vote for `classes[first]`, as libsvm has it. */
export type Machine = { readonly first: number; readonly second: number; readonly support: Int32Array; readonly duals: Float64Array; readonly bias: number }
export type SupportVectorMachine = Classifier & {
  readonly classes: readonly number[]; readonly gamma: number; readonly machines: readonly Machine[]
  /** [N, machines] decision values, in the order (0, 1), (0, 2), ..., (1, 2), ... */
  readonly decide: (features: Tensor) => Float64Array
}

/** More training frames than this are refused: the kernel grows with their square. */
const MOST_FRAMES = 20_000

/**
 * Support vector classifier with the kernel exp(-gamma |a - b|^2), gamma = 1 / (d var(X)), C = 1, one machine per pair of classes, one vote each, the
 * lower class on ties: scikit-learn's `SVC(decision_function_shape='ovo')`, the classifier of TCC's evaluation.
 * Throws E_SVM_FRAMES above 20,000 training frames, where logistic regression is the classifier to use.
 */
export function fitSupportVectorMachine(features: Tensor, labels: ArrayLike<number>,
  { c = 1, tolerance = 1e-3 }: { c?: number; tolerance?: number } = {}): SupportVectorMachine {
  const rows = features.shape[0]!
  if (rows > MOST_FRAMES) {
    throw new ToolkitError('E_SVM_FRAMES', `a support vector machine of ${rows} training frames; the most is ${MOST_FRAMES}`,
      { hint: 'use a smaller fraction of labels, or --protocol logistic' })
  }
  const classes = classesOf(labels)
  const gamma = 1 / (features.shape[1]! * (variance(features.data) || 1))
  const machines = rowKernel.hold([features], ([rows]) => classes.flatMap((_, first) => classes.slice(first + 1).map((_, offset) => {
    const pair = [first, first + 1 + offset] as const
    const members = Int32Array.from(Array.from(labels).flatMap((label, row) => (label === classes[pair[0]] || label === classes[pair[1]] ? [row] : [])))
    const signs = Int8Array.from(members, (row) => (labels[row] === classes[pair[0]] ? 1 : -1))
    const { alphas, bias } = solveDual((row) => kernelRow(rows!, { members, row: members[row]!, gamma }), signs, { c, tolerance })
    const kept = Array.from(members.keys()).filter((index) => alphas[index]! > 0)
    return {
      first: pair[0], second: pair[1], support: Int32Array.from(kept, (index) => members[index]!),
      duals: Float64Array.from(kept, (index) => alphas[index]! * signs[index]!), bias,
    }
  })))
  const decide = (tested: Tensor) => rowKernel.hold([features, tested], ([rows, queries]) => decisions({ rows: rows!, queries: queries! }, machines, gamma))
  return { classes, gamma, machines, decide, predict: (tested) => vote(decide(tested), machines, classes) }
}

/** Kernel values between row `row` and every member. */
function kernelRow(features: Rows, { members, row, gamma }: { members: Int32Array; row: number; gamma: number }): Float32Array {
  const distances = rowKernel.distances(rowsFrom(features, row, row + 1), features)
  const values = new Float32Array(members.length)
  for (let i = 0; i < members.length; i++) values[i] = Math.exp(-gamma * distances[members[i]!]!)
  return values
}

function decisions({ rows, queries }: { rows: Rows; queries: Rows }, machines: readonly Machine[], gamma: number): Float64Array {
  const values = new Float64Array(queries.count * machines.length)
  const used = Int32Array.from(new Set(machines.flatMap(({ support }) => Array.from(support))))
  for (let row = 0; row < queries.count; row++) {
    const distances = rowKernel.distances(rowsFrom(queries, row, row + 1), rows)
    for (const vector of used) distances[vector] = Math.exp(-gamma * distances[vector]!)
    for (const [m, { support, duals, bias }] of machines.entries()) {
      let value = bias
      for (let i = 0; i < support.length; i++) value += duals[i]! * distances[support[i]!]!
      values[row * machines.length + m] = value
    }
  }
  return values
}

function vote(values: Float64Array, machines: readonly Machine[], classes: readonly number[]): Int32Array {
  if (machines.length === 0) return new Int32Array(values.length).fill(classes[0] ?? 0)
  return Int32Array.from({ length: values.length / machines.length }, (_, row) => {
    const votes = classes.map(() => 0)
    for (const [m, { first, second }] of machines.entries()) votes[values[row * machines.length + m]! > 0 ? first : second]!++
    return classes[votes.indexOf(Math.max(...votes))]!
  })
}

function variance(data: Float32Array): number {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  return data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length
}
