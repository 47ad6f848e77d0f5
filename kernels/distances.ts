/**
 * Squared Euclidean distances between rows of float32 (AssemblyScript). src/eval/metrics/distance-kernel.ts says what is computed: in float64 the sums of every fourth number apart, then
 * (0 + 2) + (1 + 3), so that equal rows have equal distances to the last bit. A row is `bytes` long, a multiple of 16; up to three rows behind a pool are read and not heeded.
 *
 * A search looks at four rows at a time in float32 first, and measures in float64 only what may be near enough. A sum of n squares of differences in float32 is off by less than a part in
 * (n + 3) / 2^24 (each of n + 3 roundings by 2^-24), and by less than n / 2^149 where squares are too small for float32: a row that is not above a bound lies, in float32, not above `grown(bound)`.
 */

/** Bytes of a row after which four sums are looked at: 32 numbers. Sums of squares only grow, rounded or not. */
const LOOK: usize = 128

/** The distance of two rows. */
@inline
function measure(query: usize, row: usize, bytes: usize): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  for (const stop = query + bytes; query < stop; query += 16, row += 16) {
    const q = v128.load(query)
    const r = v128.load(row)
    let gap = f64x2.sub(f64x2.promote_low_f32x4(q), f64x2.promote_low_f32x4(r))
    s0 = f64x2.add(s0, f64x2.mul(gap, gap))
    gap = f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<f64>(q, q, 1, 1)), f64x2.promote_low_f32x4(v128.shuffle<f64>(r, r, 1, 1)))
    s1 = f64x2.add(s1, f64x2.mul(gap, gap))
  }
  const sum = f64x2.add(s0, s1)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** In float32 no row at a distance of at most `distance` lies beyond this; `bytes` of a row say how many numbers are summed. */
@inline
function grown(distance: f64, bytes: usize): f32 {
  return <f32>(distance * (1 + <f64>(bytes + 64) / 16777216) + 1e-30)
}

/** Which of the four rows from `row` on may be at most as far from `query` as a bound that was grown: a bit for each. */
@inline
function candidates(query: usize, row: usize, bytes: usize, bound: v128): i32 {
  let a = f32x4.splat(0)
  let b = a
  let c = a
  let d = a
  let rowB = row + bytes
  let rowC = rowB + bytes
  let rowD = rowC + bytes
  const stop = query + bytes
  while (true) {
    const end = min(query + LOOK, stop)
    do {
      const q = v128.load(query)
      let gap = f32x4.sub(q, v128.load(row))
      a = f32x4.add(a, f32x4.mul(gap, gap))
      gap = f32x4.sub(q, v128.load(rowB))
      b = f32x4.add(b, f32x4.mul(gap, gap))
      gap = f32x4.sub(q, v128.load(rowC))
      c = f32x4.add(c, f32x4.mul(gap, gap))
      gap = f32x4.sub(q, v128.load(rowD))
      d = f32x4.add(d, f32x4.mul(gap, gap))
      query += 16
      row += 16
      rowB += 16
      rowC += 16
      rowD += 16
    } while (query < end)
    const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
    const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
    const near = i32x4.bitmask(f32x4.le(f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3)), bound))
    if (query >= stop || near == 0) return near
  }
}

/** The distances of each of `queries` to a pool, row after row, as float64 from `out` on; room for three more. */
export function distances(query: usize, queries: i32, pool: usize, bytes: usize, rows: i32, out: usize): void {
  for (const end = out + <usize>queries * (<usize>rows << 3); out < end; out += <usize>rows << 3, query += bytes) {
    for (let from = 0, row = pool; from < rows; from += 4, row += bytes << 2) measureFour(query, row, bytes, out + (<usize>from << 3))
  }
}

/** The distances of a row to four, as `measure` has them. */
@inline
function measureFour(query: usize, row: usize, bytes: usize, out: usize): void {
  let a0 = f64x2.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  let rowB = row + bytes
  let rowC = rowB + bytes
  let rowD = rowC + bytes
  for (const stop = query + bytes; query < stop; query += 16, row += 16, rowB += 16, rowC += 16, rowD += 16) {
    const q = v128.load(query)
    const q0 = f64x2.promote_low_f32x4(q)
    const q1 = f64x2.promote_low_f32x4(v128.shuffle<f64>(q, q, 1, 1))
    let gap = f64x2.sub(q0, f64x2.promote_low_f32x4(v128.load64_zero(row)))
    a0 = f64x2.add(a0, f64x2.mul(gap, gap))
    gap = f64x2.sub(q1, f64x2.promote_low_f32x4(v128.load64_zero(row, 8)))
    a1 = f64x2.add(a1, f64x2.mul(gap, gap))
    gap = f64x2.sub(q0, f64x2.promote_low_f32x4(v128.load64_zero(rowB)))
    b0 = f64x2.add(b0, f64x2.mul(gap, gap))
    gap = f64x2.sub(q1, f64x2.promote_low_f32x4(v128.load64_zero(rowB, 8)))
    b1 = f64x2.add(b1, f64x2.mul(gap, gap))
    gap = f64x2.sub(q0, f64x2.promote_low_f32x4(v128.load64_zero(rowC)))
    c0 = f64x2.add(c0, f64x2.mul(gap, gap))
    gap = f64x2.sub(q1, f64x2.promote_low_f32x4(v128.load64_zero(rowC, 8)))
    c1 = f64x2.add(c1, f64x2.mul(gap, gap))
    gap = f64x2.sub(q0, f64x2.promote_low_f32x4(v128.load64_zero(rowD)))
    d0 = f64x2.add(d0, f64x2.mul(gap, gap))
    gap = f64x2.sub(q1, f64x2.promote_low_f32x4(v128.load64_zero(rowD, 8)))
    d1 = f64x2.add(d1, f64x2.mul(gap, gap))
  }
  v128.store(out, paired(f64x2.add(a0, a1), f64x2.add(b0, b1)))
  v128.store(out, paired(f64x2.add(c0, c1), f64x2.add(d0, d1)), 16)
}

/** [a0 + a1, b0 + b1] */
@inline
function paired(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3))
}

/**
 * For each of `count` queries the index of the nearest row of the pool, the first one on ties, as i32 from `out` on. The queries are the rows that the i32 from `chosen` on name, or, where that is 0,
 * one row after the other.
 */
export function nearest(query: usize, chosen: usize, count: i32, pool: usize, bytes: usize, rows: i32, out: usize): void {
  let winner = 0
  for (let at = 0; at < count; at++, out += 4) {
    const row = query + <usize>(chosen == 0 ? at : load<i32>(chosen + (<usize>at << 2))) * bytes
    // most likely near the one before: a small distance to begin with
    let best = measure(row, pool + <usize>winner * bytes, bytes)
    let bound = f32x4.splat(grown(best, bytes))
    for (let from = 0, four = pool; from < rows; from += 4, four += bytes << 2) {
      for (let near = candidates(row, four, bytes, bound); near != 0; near &= near - 1) {
        const index = from + ctz(near)
        if (index == winner || index >= rows) continue
        const distance = measure(row, pool + <usize>index * bytes, bytes)
        if (distance > best || (distance == best && index > winner)) continue
        best = distance
        winner = index
        bound = f32x4.splat(grown(best, bytes))
      }
    }
    store<i32>(out, winner)
  }
}

/**
 * For each of `queries` rows the indices of the `k` nearest rows of the pool, nearest first, the smaller index first on ties, as i32 from `out` on. Of the pool only the ranges [start, end) count that lie as
 * pairs of i32 from `ranges` on, rising, of at least k rows in all. `kept` has room for k float64. The rows that were nearest to the query before bound what is near this one.
 */
export function nearestMany(query: usize, queries: i32, pool: usize, bytes: usize, ranges: usize, rangeCount: i32, k: i32, kept: usize, out: usize): void {
  const last = kept + (<usize>(k - 1) << 3)
  for (let at = 0; at < queries; at++, query += bytes, out += <usize>k << 2) {
    let most = Infinity
    if (at > 0) {
      most = 0
      for (let rank = 0; rank < k; rank++) most = max(most, measure(query, pool + <usize>load<i32>(out - (<usize>(k - rank) << 2)) * bytes, bytes))
    }
    let bound = f32x4.splat(grown(most, bytes))
    for (let rank = 0; rank < k; rank++) store<f64>(kept + (<usize>rank << 3), Infinity)
    for (let range = 0; range < rangeCount; range++) {
      const end = load<i32>(ranges + (<usize>range << 3), 4)
      let from = load<i32>(ranges + (<usize>range << 3))
      for (let four = pool + <usize>from * bytes; from < end; from += 4, four += bytes << 2) {
        for (let near = candidates(query, four, bytes, bound); near != 0; near &= near - 1) {
          const index = from + ctz(near)
          if (index >= end) break
          const distance = measure(query, pool + <usize>index * bytes, bytes)
          if (distance >= load<f64>(last)) continue
          insert(kept, out, k, distance, index)
          if (load<f64>(last) >= most) continue
          most = load<f64>(last)
          bound = f32x4.splat(grown(most, bytes))
        }
      }
    }
  }
}

/** Keeps the k smallest in order; a later index with an equal distance stays behind. */
function insert(kept: usize, indices: usize, k: i32, distance: f64, index: i32): void {
  let place = k - 1
  for (; place > 0 && load<f64>(kept + (<usize>(place - 1) << 3)) > distance; place--) {
    store<f64>(kept + (<usize>place << 3), load<f64>(kept + (<usize>(place - 1) << 3)))
    store<i32>(indices + (<usize>place << 2), load<i32>(indices + (<usize>(place - 1) << 2)))
  }
  store<f64>(kept + (<usize>place << 3), distance)
  store<i32>(indices + (<usize>place << 2), index)
}
