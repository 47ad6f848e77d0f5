/**
 * What a linear classifier sums over its features, float64 (AssemblyScript). src/eval/classifiers/linear-kernel.ts says in which order: eight numbers side by side, each as it would be summed alone.
 */

/** For each place i of a row `start` + sum over k of weights[k] x rows[k, i], as float64 from `out` on. A row is `bytes` long, a multiple of 64. */
export function weightedSum(rows: usize, bytes: usize, count: i32, weights: usize, start: f64, out: usize): void {
  const first = f64x2.splat(start)
  const last = weights + (<usize>count << 3)
  for (const end = rows + bytes; rows < end; rows += 64, out += 64) {
    let s0 = first
    let s1 = first
    let s2 = first
    let s3 = first
    let at = rows
    for (let k = weights; k < last; k += 8, at += bytes) {
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
