/**
 * Squared Euclidean distances between rows of float64, four rows of a pool at a time (AssemblyScript). src/eval/metrics/distance-kernel.ts says what is computed: the sums of
 * every fourth number apart, then (0 + 2) + (1 + 3), so that equal rows have equal distances to the last bit. A row is `bytes` long, a multiple of 32; the pool is filled up with
 * rows to a multiple of four. A row is given up once a part of its sum is too large: sums of squares only grow, rounded or not, so nothing changes but the time.
 */

/** Bytes of a row after which a sum is looked at: 32 numbers. */
const LOOK: usize = 256

/** Sums of the four rows at hand, two and two. */
let first: v128 = f64x2.splat(0)
let second: v128 = f64x2.splat(0)

/** Measures the row at `query` to the four from `row` on; false = all four are beyond `bound`, and their sums not complete. */
@inline
function measure(query: usize, row: usize, bytes: usize, bound: f64): bool {
  let a0 = f64x2.splat(0)
  let a1 = a0
  let b0 = a0
  let b1 = a0
  let c0 = a0
  let c1 = a0
  let d0 = a0
  let d1 = a0
  let b = row + bytes
  let c = b + bytes
  let d = c + bytes
  const most = f64x2.splat(bound)
  const stop = query + bytes
  while (true) {
    const end = min(query + LOOK, stop)
    do {
      const q0 = v128.load(query)
      const q1 = v128.load(query, 16)
      let gap = f64x2.sub(q0, v128.load(row))
      a0 = f64x2.add(a0, f64x2.mul(gap, gap))
      gap = f64x2.sub(q1, v128.load(row, 16))
      a1 = f64x2.add(a1, f64x2.mul(gap, gap))
      gap = f64x2.sub(q0, v128.load(b))
      b0 = f64x2.add(b0, f64x2.mul(gap, gap))
      gap = f64x2.sub(q1, v128.load(b, 16))
      b1 = f64x2.add(b1, f64x2.mul(gap, gap))
      gap = f64x2.sub(q0, v128.load(c))
      c0 = f64x2.add(c0, f64x2.mul(gap, gap))
      gap = f64x2.sub(q1, v128.load(c, 16))
      c1 = f64x2.add(c1, f64x2.mul(gap, gap))
      gap = f64x2.sub(q0, v128.load(d))
      d0 = f64x2.add(d0, f64x2.mul(gap, gap))
      gap = f64x2.sub(q1, v128.load(d, 16))
      d1 = f64x2.add(d1, f64x2.mul(gap, gap))
      query += 32
      row += 32
      b += 32
      c += 32
      d += 32
    } while (query < end)
    first = paired(f64x2.add(a0, a1), f64x2.add(b0, b1))
    second = paired(f64x2.add(c0, c1), f64x2.add(d0, d1))
    if (query >= stop) return true
    if (!v128.any_true(v128.or(f64x2.le(first, most), f64x2.le(second, most)))) return false
  }
}

/** [a0 + a1, b0 + b1] */
@inline
function paired(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3))
}

/** Distance `place` (0 to 3) of the four just measured. */
@inline
function measured(place: i32): f64 {
  if (place < 2) return place == 0 ? f64x2.extract_lane(first, 0) : f64x2.extract_lane(first, 1)
  return place == 2 ? f64x2.extract_lane(second, 0) : f64x2.extract_lane(second, 1)
}

/** The distances of each of `queries` to a pool, row after row, as float64 from `out` on; room for three more. */
export function distances(query: usize, queries: i32, pool: usize, bytes: usize, rows: i32, out: usize): void {
  for (const end = out + <usize>queries * (<usize>rows << 3); out < end; out += <usize>rows << 3, query += bytes) {
    let row = pool
    let at = out
    for (let from = 0; from < rows; from += 4, row += bytes << 2, at += 32) {
      measure(query, row, bytes, Infinity)
      v128.store(at, first)
      v128.store(at, second, 16)
    }
  }
}

/** For each of `queries` the index of the nearest row of the pool, the first one on ties, as i32 from `out` on. */
export function nearest(query: usize, queries: i32, pool: usize, bytes: usize, rows: i32, out: usize): void {
  let winner = 0
  for (const end = out + (<usize>queries << 2); out < end; out += 4, query += bytes) {
    // most likely near the one before: a small distance to begin with
    measure(query, pool + <usize>(winner & ~3) * bytes, bytes, Infinity)
    let best = measured(winner & 3)
    let row = pool
    for (let from = 0; from < rows; from += 4, row += bytes << 2) {
      if (!measure(query, row, bytes, best)) continue
      for (let place = 0; place < 4 && from + place < rows; place++) {
        const distance = measured(place)
        if (distance < best || (distance == best && from + place < winner)) {
          best = distance
          winner = from + place
        }
      }
    }
    store<i32>(out, winner)
  }
}

/**
 * For each of `queries` the indices of the `k` nearest rows of the pool, nearest first, the smaller index first on ties, as i32 from `out` on. `kept` has room for k float64.
 * The rows that were nearest to the query before bound what is near this one.
 */
export function nearestMany(query: usize, queries: i32, pool: usize, bytes: usize, rows: i32, k: i32, kept: usize, out: usize): void {
  const last = kept + (<usize>(k - 1) << 3)
  for (let at = 0; at < queries; at++, query += bytes, out += <usize>k << 2) {
    let bound = Infinity
    if (at > 0) {
      bound = 0
      for (let rank = 0; rank < k; rank++) {
        const before = load<i32>(out - (<usize>(k - rank) << 2))
        measure(query, pool + <usize>(before & ~3) * bytes, bytes, Infinity)
        bound = max(bound, measured(before & 3))
      }
    }
    for (let rank = 0; rank < k; rank++) store<f64>(kept + (<usize>rank << 3), Infinity)
    let row = pool
    for (let from = 0; from < rows; from += 4, row += bytes << 2) {
      if (!measure(query, row, bytes, bound)) continue
      for (let place = 0; place < 4 && from + place < rows; place++) {
        if (measured(place) < load<f64>(last)) insert(kept, out, k, measured(place), from + place)
      }
      bound = min(bound, load<f64>(last))
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
