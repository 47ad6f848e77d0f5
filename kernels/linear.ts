/**
 * What a linear classifier sums over its features, float64 (AssemblyScript). src/eval/classifiers/linear-kernel.ts says in which order: eight rows, or eight features, side by side, each as it would be summed alone.
 */

/** For each row bias + sum over k of weights[k] x columns[k, row], as float64 from `out` on. A column is `bytes` long, a multiple of 64; the bias follows the weights. */
export function scores(columns: usize, bytes: usize, dims: i32, weights: usize, out: usize): void {
  const bias = v128.load64_splat(weights + (<usize>dims << 3))
  for (const end = columns + bytes; columns < end; columns += 64, out += 64) {
    let s0 = bias
    let s1 = bias
    let s2 = bias
    let s3 = bias
    let at = columns
    for (let k = weights, stop = weights + (<usize>dims << 3); k < stop; k += 8, at += bytes) {
      const weight = v128.load64_splat(k)
      s0 = f64x2.add(s0, f64x2.mul(weight, v128.load(at)))
      s1 = f64x2.add(s1, f64x2.mul(weight, v128.load(at, 16)))
      s2 = f64x2.add(s2, f64x2.mul(weight, v128.load(at, 32)))
      s3 = f64x2.add(s3, f64x2.mul(weight, v128.load(at, 48)))
    }
    v128.store(out, s0)
    v128.store(out, s1, 16)
    v128.store(out, s2, 32)
    v128.store(out, s3, 48)
  }
}

/** For each feature the sum over rows of slopes[row] x features[row, k], as float64 from `out` on. A row is `bytes` long, a multiple of 64. */
export function slopes(features: usize, bytes: usize, rows: i32, slope: usize, out: usize): void {
  const last = slope + (<usize>rows << 3)
  for (const end = features + bytes; features < end; features += 64, out += 64) {
    let s0 = f64x2.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    let at = features
    for (let row = slope; row < last; row += 8, at += bytes) {
      const by = v128.load64_splat(row)
      s0 = f64x2.add(s0, f64x2.mul(by, v128.load(at)))
      s1 = f64x2.add(s1, f64x2.mul(by, v128.load(at, 16)))
      s2 = f64x2.add(s2, f64x2.mul(by, v128.load(at, 32)))
      s3 = f64x2.add(s3, f64x2.mul(by, v128.load(at, 48)))
    }
    v128.store(out, s0)
    v128.store(out, s1, 16)
    v128.store(out, s2, 32)
    v128.store(out, s3, 48)
  }
}
