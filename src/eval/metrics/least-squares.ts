import type { Tensor } from '../../tensor.ts'

/**
 * Ordinary least squares with intercept: [d + 1, columns] weights, the intercept last, for features [N, d] and targets [N, columns].
 * Centred columns, Householder QR with column pivoting in float64; directions below 1e-10 of the largest take no weight (a basic solution).
 */
export function leastSquares(features: Tensor, targets: Float64Array, columns: number): Float64Array {
  const [rows, dims] = [features.shape[0]!, features.shape[1]!]
  const means = columnMeans(features.data, rows, dims)
  const targetMeans = columnMeans(targets, rows, columns)
  const a = Array.from({ length: dims }, (_, k) => Float64Array.from({ length: rows }, (_, row) => features.data[row * dims + k]! - means[k]!))
  const b = Array.from({ length: columns }, (_, c) => Float64Array.from({ length: rows }, (_, row) => targets[row * columns + c]! - targetMeans[c]!))
  const { order, rank } = triangularise(a, b)
  const weights = new Float64Array((dims + 1) * columns)
  for (const [c, rotated] of b.entries()) {
    weights[dims * columns + c] = targetMeans[c]!
    for (let i = rank - 1; i >= 0; i--) {
      let value = rotated[i]!
      for (let j = i + 1; j < rank; j++) value -= a[order[j]!]![i]! * weights[order[j]! * columns + c]!
      weights[order[i]! * columns + c] = value / a[order[i]!]![i]!
    }
    for (let k = 0; k < dims; k++) weights[dims * columns + c]! -= means[k]! * weights[k * columns + c]!
  }
  return weights
}

/** Turns the columns of a into R (in place, pivot order in `order`) and applies the same reflections to b. */
function triangularise(a: readonly Float64Array[], b: readonly Float64Array[]): { readonly order: readonly number[]; readonly rank: number } {
  const order = a.map((_, index) => index)
  const rows = a[0]?.length ?? 0
  let largest = 0
  for (let i = 0; i < Math.min(order.length, rows); i++) {
    const norms = order.slice(i).map((k) => tailNorm(a[k]!, i))
    const pivot = norms.indexOf(Math.max(...norms))
    const norm = norms[pivot]!
    largest = Math.max(largest, norm)
    if (norm <= 1e-10 * largest || norm === 0) return { order, rank: i }
    ;[order[i], order[i + pivot]] = [order[i + pivot]!, order[i]!]
    reflect(a[order[i]!]!, i, norm, [...order.slice(i + 1).map((k) => a[k]!), ...b])
  }
  return { order, rank: Math.min(order.length, rows) }
}

/** Reflects `column` from row `start` on onto its first axis, and every other column with it. */
function reflect(column: Float64Array, start: number, norm: number, others: readonly Float64Array[]): void {
  const first = column[start]! >= 0 ? -norm : norm
  const mirror = column.slice(start)
  mirror[0]! -= first
  const scale = 2 / mirror.reduce((sum, x) => sum + x * x, 0)
  for (const other of others) {
    let dot = 0
    for (let i = 0; i < mirror.length; i++) dot += mirror[i]! * other[start + i]!
    for (let i = 0; i < mirror.length; i++) other[start + i]! -= scale * dot * mirror[i]!
  }
  column.fill(0, start)
  column[start] = first
}

function tailNorm(column: Float64Array, start: number): number {
  let sum = 0
  for (let i = start; i < column.length; i++) sum += column[i]! ** 2
  return Math.sqrt(sum)
}

function columnMeans(data: Float32Array | Float64Array, rows: number, columns: number): Float64Array {
  const means = new Float64Array(columns)
  for (let i = 0; i < data.length; i++) means[i % columns]! += data[i]! / rows
  return means
}
