import type { Tensor } from '../../tensor.ts'
import { type Classifier, classesOf } from './classifier.ts'
import { minimise } from './l-bfgs.ts'
import { type LinearKernel, linearKernel } from './linear-kernel.ts'

/** `coefficients` [rows, d] and `intercepts` [rows] as scikit-learn has them: one row for two classes, one per class otherwise. */
export type LogisticRegression = Classifier & { readonly classes: readonly number[]; readonly coefficients: Float64Array; readonly intercepts: Float64Array }

/**
 * L2-penalised logistic regression: 0.5 |W|^2 + C sum of cross-entropies, biases not penalised; the binomial form for two classes, multinomial above
 * (scikit-learn's LogisticRegression with lbfgs; CARL and CASA use it with C = 1). Solved to a gradient of 1e-6 per frame on centred columns
 * scaled to unit variance: the optimum is the same, the way there shorter.
 */
export function fitLogisticRegression(features: Tensor, labels: ArrayLike<number>, { c = 1 }: { c?: number } = {}): LogisticRegression {
  const [rows, dims] = [features.shape[0]!, features.shape[1]!]
  const classes = classesOf(labels)
  const outputs = classes.length <= 2 ? 1 : classes.length
  const { scaled, means, deviations } = standardise(features)
  const targets = Int32Array.from(labels, (label) => classes.indexOf(label))
  const problem = { rows, dims, outputs, kernel: linearKernel(scaled, rows, dims), targets, penalties: deviations.map((deviation) => 1 / (deviation * deviation * c)) }
  const solution = classes.length < 2
    ? new Float64Array(outputs * (dims + 1)) : minimise((x, gradient) => loss(problem, x, gradient), new Float64Array(outputs * (dims + 1)),
      { tolerance: 1e-6, iterations: 2000 })
  const coefficients = new Float64Array(outputs * dims)
  const intercepts = new Float64Array(outputs)
  for (let o = 0; o < outputs; o++) {
    intercepts[o] = solution[o * (dims + 1) + dims]!
    for (let k = 0; k < dims; k++) {
      coefficients[o * dims + k] = solution[o * (dims + 1) + k]! / deviations[k]!
      intercepts[o]! -= coefficients[o * dims + k]! * means[k]!
    }
  }
  return { classes, coefficients, intercepts, predict: (tested) => predict(tested, classes, coefficients, intercepts) }
}

type Problem = {
  readonly rows: number; readonly dims: number; readonly outputs: number;
  readonly kernel: LinearKernel; readonly targets: Int32Array; readonly penalties: Float64Array
}

/** Mean cross-entropy plus the penalty over (C N), of weights [outputs, d + 1] on standardised columns. */
function loss({ rows, dims, outputs, kernel, targets, penalties }: Problem, x: Float64Array, gradient: Float64Array): number {
  const scores = Array.from({ length: outputs }, (_, o) => kernel.scores(x.subarray(o * (dims + 1), (o + 1) * (dims + 1))).slice())
  const ofRow = new Float64Array(outputs)
  let value = 0
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) ofRow[o] = scores[o]![row]!
    value += outputs === 1 ? binomial(ofRow, targets[row]!) : multinomial(ofRow, targets[row]!)
    for (let o = 0; o < outputs; o++) scores[o]![row] = ofRow[o]! / rows
  }
  for (const [o, slopes] of scores.entries()) {
    gradient.set(kernel.slopes(slopes), o * (dims + 1))
    gradient[o * (dims + 1) + dims] = slopes.reduce((sum, slope) => sum + slope, 0)
  }
  value /= rows
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < dims; k++) {
      const [place, penalty] = [o * (dims + 1) + k, penalties[k]! / rows]
      value += 0.5 * penalty * x[place]! ** 2
      gradient[place]! += penalty * x[place]!
    }
  }
  return value
}

/** log(1 + e^s) - target s; the score becomes its slope. */
function binomial(scores: Float64Array, target: number): number {
  const score = scores[0]!
  const small = Math.exp(-Math.abs(score))
  scores[0] = (score >= 0 ? 1 / (1 + small) : small / (1 + small)) - target
  return Math.max(score, 0) + Math.log1p(small) - target * score
}

/** log sum e^s - s[target]; the scores become their slopes. */
function multinomial(scores: Float64Array, target: number): number {
  const top = scores.reduce((most, score) => Math.max(most, score), -Infinity)
  const own = scores[target]! - top
  let sum = 0
  for (let o = 0; o < scores.length; o++) sum += scores[o] = Math.exp(scores[o]! - top)
  for (let o = 0; o < scores.length; o++) scores[o]! /= sum
  scores[target]! -= 1
  return Math.log(sum) - own
}

function predict({ shape, data }: Tensor, classes: readonly number[], coefficients: Float64Array, intercepts: Float64Array): Int32Array {
  const dims = shape[1]!
  return Int32Array.from({ length: shape[0]! }, (_, row) => {
    const scores = Array.from(intercepts, (intercept, o) => {
      let score = intercept
      for (let k = 0; k < dims; k++) score += coefficients[o * dims + k]! * data[row * dims + k]!
      return score
    })
    return classes.length <= 2 ? classes[scores[0]! > 0 ? classes.length - 1 : 0]! : classes[scores.indexOf(Math.max(...scores))]!
  })
}

/** Columns minus their mean, over their deviation (1 for a column that does not vary). */
function standardise({ shape, data }: Tensor): { readonly scaled: Float64Array; readonly means: Float64Array; readonly deviations: Float64Array } {
  const [rows, dims] = [shape[0]!, shape[1]!]
  const means = new Float64Array(dims)
  const deviations = new Float64Array(dims)
  for (let i = 0; i < data.length; i++) means[i % dims]! += data[i]! / rows
  for (let i = 0; i < data.length; i++) deviations[i % dims]! += (data[i]! - means[i % dims]!) ** 2 / rows
  for (let k = 0; k < dims; k++) deviations[k] = Math.sqrt(deviations[k]!) || 1
  return { scaled: Float64Array.from(data, (value, i) => (value - means[i % dims]!) / deviations[i % dims]!), means, deviations }
}
