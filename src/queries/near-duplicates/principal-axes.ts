/** How many vectors are enough to find the axes along which they spread. */
const SAMPLE = 20_000
const ROUNDS = 50

/**
 * The first `count` orthonormal axes along which vectors [vectors, size] spread most, by power iteration over evenly chosen ones; zeros where there are no more.
 * They need not be exact for those who only want a projection that brings no two vectors further apart.
 */
export function principalAxes(vectors: Float32Array, size: number, count: number): Float64Array[] {
  const spread = covariance(vectors, size)
  const axes: Float64Array[] = []
  while (axes.length < Math.min(count, size)) axes.push(nextAxis(spread, size, axes))
  return axes
}

function covariance(vectors: Float32Array, size: number): Float64Array {
  const [length, mean, sums] = [vectors.length / size, new Float64Array(size), new Float64Array(size * size)]
  const step = Math.ceil(length / SAMPLE)
  const chosen = Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step * size)
  for (const at of chosen) for (let i = 0; i < size; i++) mean[i]! += vectors[at + i]! / chosen.length
  for (const at of chosen) {
    for (let i = 0; i < size; i++) {
      const apart = vectors[at + i]! - mean[i]!
      for (let j = 0; j < size; j++) sums[i * size + j]! += apart * (vectors[at + j]! - mean[j]!)
    }
  }
  return sums
}

function nextAxis(spread: Float64Array, size: number, before: readonly Float64Array[]): Float64Array {
  let axis = orthonormal(Float64Array.from({ length: size }, (_, i) => 1 / (1 + i)), before)
  for (let round = 0; round < ROUNDS; round++) {
    const next = axis.map((_, i) => axis.reduce((sum, value, j) => sum + spread[i * size + j]! * value, 0))
    if (next.every((value) => value === 0)) break
    axis = orthonormal(next, before)
  }
  return axis
}

/** What is left of a vector beside the axes before it, at length 1; none where that is but rounding. Taken out twice, as rounding leaves some the first time. */
function orthonormal(vector: Float64Array, before: readonly Float64Array[]): Float64Array {
  const rest = vector.slice()
  for (const axis of [...before, ...before]) {
    const along = axis.reduce((sum, value, i) => sum + value * rest[i]!, 0)
    axis.forEach((value, i) => (rest[i]! -= along * value))
  }
  const length = norm(rest)
  return rest.map((value) => (length > 1e-9 * norm(vector) ? value / length : 0))
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
}
