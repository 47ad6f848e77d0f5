/**
 * Sums over pairs of clips under many drawings of the clips at once (AssemblyScript). src/eval/draws-kernel.ts says what is computed: eight draws side by side, each in the order in which one alone is summed,
 * so that every draw has the bits it has by itself.
 */

/**
 * For each draw the sum over a of weight[a] x (sum over b of weight[b] x values[a, b]), as float64 from `out` on. `weights` [clips, draws] and `values` [clips, clips] are float64; `draws` is a multiple
 * of eight.
 */
export function sumPairs(weights: usize, draws: i32, values: usize, clips: i32, out: usize): void {
  const stride = <usize>draws << 3
  const row = <usize>clips << 3
  const last = weights + stride * <usize>clips
  for (const end = out + stride; out < end; out += 64, weights += 64) {
    let t0 = f64x2.splat(0)
    let t1 = t0
    let t2 = t0
    let t3 = t0
    let value = values
    for (let a = weights; a < last; a += stride) {
      let s0 = f64x2.splat(0)
      let s1 = s0
      let s2 = s0
      let s3 = s0
      for (let b = weights, stop = value + row; value < stop; value += 8, b += stride) {
        const v = v128.load64_splat(value)
        s0 = f64x2.add(s0, f64x2.mul(v128.load(b), v))
        s1 = f64x2.add(s1, f64x2.mul(v128.load(b, 16), v))
        s2 = f64x2.add(s2, f64x2.mul(v128.load(b, 32), v))
        s3 = f64x2.add(s3, f64x2.mul(v128.load(b, 48), v))
      }
      t0 = f64x2.add(t0, f64x2.mul(v128.load(a), s0))
      t1 = f64x2.add(t1, f64x2.mul(v128.load(a, 16), s1))
      t2 = f64x2.add(t2, f64x2.mul(v128.load(a, 32), s2))
      t3 = f64x2.add(t3, f64x2.mul(v128.load(a, 48), s3))
    }
    v128.store(out, t0)
    v128.store(out, t1, 16)
    v128.store(out, t2, 32)
    v128.store(out, t3, 48)
  }
}
