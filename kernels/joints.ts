/**
 * The joints of windows of clips, copied, moved and filled up, in memory that threads may share (AssemblyScript). src/loader/recipe/columns.ts and src/transforms/affine.ts say
 * the same in plain TypeScript and give the same bits: positions are doubles, rounded once. A joint is `width` floats: its coordinates, then its confidence.
 */

/** Copies numbers; those that are not there (NaN) become 0. */
export function settle(from: usize, to: usize, numbers: i32): void {
  const end = to + (<usize>numbers << 2)
  for (; to + 16 <= end; to += 16, from += 16) {
    const four = v128.load(from)
    v128.store(to, v128.and(four, f32x4.eq(four, four)))
  }
  for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(from) == load<f32>(from) ? load<f32>(from) : 0)
}

/** Copies joints moved by a map of the plane, absent ones to 0, to a place that does not overlap; what comes after x and y stays, or becomes 0 where it is not there. Two joints at a time. */
export function move(from: usize, to: usize, joints: i32, width: i32, xx: f64, xy: f64, yx: f64, yy: f64, dx: f64, dy: f64): void {
  settle(from, to, joints * width)
  const stride = <usize>width << 2
  const end = to + <usize>joints * stride
  const xByX = f64x2.splat(xx)
  const xByY = f64x2.splat(xy)
  const yByX = f64x2.splat(yx)
  const yByY = f64x2.splat(yy)
  const along = f64x2.splat(dx)
  const down = f64x2.splat(dy)
  for (; to + stride < end; to += 2 * stride, from += 2 * stride) {
    const one = v128.load64_zero(from)
    const other = v128.load64_zero(from + stride)
    const x = f64x2.promote_low_f32x4(i8x16.shuffle(one, other, 0, 1, 2, 3, 16, 17, 18, 19, 0, 1, 2, 3, 16, 17, 18, 19))
    const y = f64x2.promote_low_f32x4(i8x16.shuffle(one, other, 4, 5, 6, 7, 20, 21, 22, 23, 4, 5, 6, 7, 20, 21, 22, 23))
    const sum = f64x2.add(x, y)
    const isThere = f64x2.eq(sum, sum)
    const newX = f64x2.add(f64x2.add(f64x2.mul(xByX, x), f64x2.mul(xByY, y)), along)
    const newY = f64x2.add(f64x2.add(f64x2.mul(yByX, x), f64x2.mul(yByY, y)), down)
    const moved = i8x16.shuffle(f32x4.demote_f64x2_zero(v128.and(newX, isThere)), f32x4.demote_f64x2_zero(v128.and(newY, isThere)),
      0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
    v128.store64_lane(to, moved, 0)
    v128.store64_lane(to + stride, moved, 1)
  }
  if (to == end) return
  const x = <f64>load<f32>(from)
  const y = <f64>load<f32>(from, 4)
  const isThere = x + y == x + y
  store<f32>(to, isThere ? <f32>(xx * x + xy * y + dx) : 0)
  store<f32>(to, isThere ? <f32>(yx * x + yy * y + dy) : 0, 4)
}

/** In each of `persons`, one after the other, two joints change places. */
export function swap(points: usize, persons: i32, left: i32, right: i32, joints: i32, width: i32): void {
  const stride = <usize>width << 2
  let one = points + <usize>left * stride
  let other = points + <usize>right * stride
  for (let person = 0; person < persons; person++, one += <usize>joints * stride, other += <usize>joints * stride) {
    const place = load<u64>(one)
    store<u64>(one, load<u64>(other))
    store<u64>(other, place)
    for (let at: usize = 8; at < stride; at += 4) {
      const kept = load<u32>(one + at)
      store<u32>(one + at, load<u32>(other + at))
      store<u32>(other + at, kept)
    }
  }
}

/** Of a row of `frames`: the first `real` are there and begin at frame `start` of a clip, the last of them is held up to `shown`, the rest is padding. `perFrame` floats make a frame. */
export function fill(points: usize, time: usize, mask: usize, perFrame: i32, start: i32, real: i32, shown: i32, frames: i32): void {
  const bytes = <usize>perFrame << 2
  for (let frame = 0; frame < shown; frame++) {
    store<f32>(time + (<usize>frame << 2), <f32>(start + min(frame, real - 1)))
    store<f32>(mask + (<usize>frame << 2), 1)
  }
  for (let frame = real; frame < shown; frame++) memory.copy(points + <usize>frame * bytes, points + <usize>(real - 1) * bytes, bytes)
  if (shown == frames) return
  const rest = <usize>(frames - shown)
  memory.fill(points + <usize>shown * bytes, 0, rest * bytes)
  memory.fill(time + (<usize>shown << 2), 0, rest << 2)
  memory.fill(mask + (<usize>shown << 2), 0, rest << 2)
}
