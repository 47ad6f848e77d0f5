/**
 * Alignments of two clips out of the distances between their frames, float64, row-major [rows, columns] (AssemblyScript). src/eval/alignment/alignment-kernel.ts says what is computed, and in which order.
 */

/** For each row the column of its smallest value, the first one on ties, as i32 from `out` on. */
export function nearest(values: usize, rows: i32, columns: i32, out: usize): void {
  for (let i = 0; i < rows; i++, out += 4) {
    let least = load<f64>(values)
    let best = 0
    for (let j = 0; j < columns; j++, values += 8) {
      const value = load<f64>(values)
      if (value < least) {
        least = value
        best = j
      }
    }
    store<i32>(out, best)
  }
}

/** The cheapest cost of a path to each cell, from `costs` on. */
function accumulate(values: usize, rows: i32, columns: i32, costs: usize): void {
  let left = load<f64>(values)
  store<f64>(costs, left)
  for (let j = 1; j < columns; j++) {
    left = load<f64>(values + (<usize>j << 3)) + left
    store<f64>(costs + (<usize>j << 3), left)
  }
  const width = <usize>columns << 3
  for (let i = 1; i < rows; i++) {
    values += width
    costs += width
    let diagonal = load<f64>(costs - width)
    left = load<f64>(values) + diagonal
    store<f64>(costs, left)
    for (let at: usize = 8; at < width; at += 8) {
      const up = load<f64>(costs + at - width)
      const above = select<f64>(up, diagonal, up < diagonal)
      left = load<f64>(values + at) + select<f64>(left, above, left < above)
      store<f64>(costs + at, left)
      diagonal = up
    }
  }
}

/**
 * The cheapest monotone path: rows as i32 up to `a` + 4 (rows + columns - 1), columns likewise from `b` on, both filled from their ends; answers the first place that is filled. `costs` has room for
 * [rows, columns]. Diagonal steps first on ties, then those of the rows.
 */
export function path(values: usize, rows: i32, columns: i32, costs: usize, a: usize, b: usize): i32 {
  accumulate(values, rows, columns, costs)
  let first = rows + columns - 1
  let i = rows - 1
  let j = columns - 1
  while (true) {
    first--
    store<i32>(a + (<usize>first << 2), i)
    store<i32>(b + (<usize>first << 2), j)
    if (i == 0 && j == 0) return first
    const at = costs + (<usize>(i * columns + j) << 3)
    const width = <usize>columns << 3
    const diagonal = i > 0 && j > 0 ? load<f64>(at - width - 8) : Infinity
    const up = i > 0 ? load<f64>(at - width) : Infinity
    const left = j > 0 ? load<f64>(at - 8) : Infinity
    const isDiagonal = diagonal <= up && diagonal <= left
    if (isDiagonal || up <= left) i--
    if (isDiagonal || up > left) j--
  }
}

/** The softmax of -value / unit over each row, in shares, from `out` on. */
export function softMatch(values: usize, rows: i32, columns: i32, unit: f64, out: usize): void {
  const width = <usize>columns << 3
  for (let i = 0; i < rows; i++, values += width, out += width) {
    let least = Infinity
    for (let at: usize = 0; at < width; at += 8) {
      const value = load<f64>(values + at)
      if (value < least) least = value
    }
    let total: f64 = 0
    for (let at: usize = 0; at < width; at += 8) {
      const weight = expOf((least - load<f64>(values + at)) / unit)
      total += weight
      store<f64>(out + at, weight)
    }
    for (let at: usize = 0; at < width; at += 8) store<f64>(out + at, load<f64>(out + at) / total)
  }
}

/** The sum over the columns of weight x column of each row, as f64 from `out` on. */
export function expected(weights: usize, rows: i32, columns: i32, out: usize): void {
  for (let i = 0; i < rows; i++, out += 8) {
    let sum: f64 = 0
    for (let j = 0; j < columns; j++, weights += 8) sum += load<f64>(weights) * <f64>j
    store<f64>(out, sum)
  }
}

/** e^x of x <= 0, as Sun's fdlibm (e_exp.c), which V8's Math.exp is, computes it: |error| < 1 ulp, the same bits everywhere. */
export function expOf(x: f64): f64 {
  if (x < -745.13321910194110842) return 0
  let k = 0
  let hi: f64 = 0
  let lo: f64 = 0
  // the high word decides, as there: |x| > 0.5 ln 2
  const high = <u32>(reinterpret<u64>(x) >> 32) & 0x7fffffff
  if (high > 0x3fd62e42) {
    if (high < 0x3ff0a2b2) {
      hi = x + 6.93147180369123816490e-1
      lo = -1.90821492927058770002e-10
      k = -1
    } else {
      k = <i32>(1.44269504088896338700 * x - 0.5)
      hi = x - <f64>k * 6.93147180369123816490e-1
      lo = <f64>k * 1.90821492927058770002e-10
    }
    x = hi - lo
  } else if (high < 0x3e300000) return 1 + x
  const t = x * x
  const c = x - t * (1.66666666666666019037e-1 + t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))))
  if (k == 0) return 1 - (x * c / (c - 2) - x)
  const y = 1 - (lo - x * c / (2 - c) - hi)
  if (k >= -1021) return y * reinterpret<f64>(<u64>(0x3ff00000 + (k << 20)) << 32)
  return y * reinterpret<f64>(<u64>(0x3ff00000 + ((k + 1000) << 20)) << 32) * 9.33263618503218878990e-302
}
