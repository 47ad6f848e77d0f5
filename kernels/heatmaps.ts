/**
 * Heatmaps of joints and limbs, four pixels at a time, into memory that threads may share (AssemblyScript). src/transforms/heatmaps.ts says the same in plain
 * TypeScript and gives the same bits: each operation is one of IEEE 754 that it makes too, in the same order. Nothing is allocated: all memory is the caller's.
 * Maps are made in the order in which they lie in memory, joints with one store for each byte, which is about as fast as memory takes them.
 */

/** What one person leaves in one channel of one frame: pixels [left, right) x [top, bottom), and what is needed to say their values. */
@unmanaged
class Mark {
  left: i32
  right: i32
  top: i32
  bottom: i32
  isLimb: bool
  confidence: f32
  /** Of a limb: its direction, and its ends as whole places and the rest. */
  along: f32
  across: f32
  wholeA: f32
  restA: f32
  wholeB: f32
  restB: f32
}
const MARK: usize = 48

/** One row of a limb: its pixels [left, right), and its distances at x = 0 from line and ends, the line's at x = `middle`. */
@unmanaged
class Row {
  left: i32
  right: i32
  middle: f32
  line: f32
  fromA: f32
  fromB: f32
}
const ROW: usize = 24

/** Four of each number that `gaussian` needs, in scratch memory: engines take longer to make a vector of a constant than to load it. */
let numbers: usize
const NUMBERS: usize = 9 * 16

/** Pixels of a side, and of a side of a patch; they are equal in plain order. */
let size: i32
let patch: i32
/** How far a map reaches, in pixels. */
let radius: f64

/** How many bytes of scratch memory `draw` needs. */
export function scratchBytes(persons: i32, joints: i32, limbs: i32, side: i32): usize {
  return NUMBERS + <usize>persons * (<usize>joints * jointBytes(side) + <usize>limbs * limbBytes(side))
}

/** A mark, then a column and a row of the map, each with room for what is computed beyond its end. */
function jointBytes(side: i32): usize {
  return MARK + (<usize>(side + 8) << 3)
}

function limbBytes(side: i32): usize {
  return max(jointBytes(side), MARK + <usize>side * ROW)
}

/**
 * Draws [frames, channels, size, size], or its patches, to `out`. `points`: [frames, persons, joints, 3] doubles x, y, confidence on the grid; `edges`: two i32 a
 * limb. `asBytes`: round(255 value), halves up, in place of a float.
 */
export function draw(
  points: usize, frames: i32, persons: i32, joints: i32, drawnJoints: i32, edges: usize, limbs: i32,
  side: i32, sideOfPatch: i32, reach: f64, sharpness: f32, scratch: usize, out: usize, asBytes: bool,
): void {
  size = side
  patch = sideOfPatch
  radius = reach
  numbers = scratch
  setNumbers(sharpness)
  const stride = <usize>(persons * joints) * 24
  const frameBytes = <usize>((drawnJoints + limbs) * side * side) << (asBytes ? 0 : 2)
  for (let frame = 0; frame < frames; frame++, points += stride, out += frameBytes) {
    if (asBytes) drawFrame<u8>(points, persons, joints, drawnJoints, edges, limbs, scratch + NUMBERS, out)
    else drawFrame<f32>(points, persons, joints, drawnJoints, edges, limbs, scratch + NUMBERS, out)
  }
}

/** Empties `length` bytes. */
export function clear(out: usize, length: usize): void {
  memory.fill(out, 0, length)
}

/** In plain order channel by channel, so that a mark is used while it is in the nearest cache; else all marks, then patch by patch all channels. */
function drawFrame<T>(points: usize, persons: i32, joints: i32, drawnJoints: i32, edges: usize, limbs: i32, marks: usize, out: usize): void {
  const block = <usize>(patch * patch) * sizeof<T>()
  const perJoint = <usize>persons * jointBytes(size)
  const perLimb = <usize>persons * limbBytes(size)
  const person = <usize>joints * 24
  const plain = patch == size
  let to = marks
  for (let joint = 0; joint < drawnJoints; joint++) {
    markJoints(to, points + <usize>joint * 24, persons, person)
    if (plain) {
      drawBlock<T>(out, to, jointBytes(size), persons, 0, 0)
      out += block
    } else to += perJoint
  }
  for (let limb = 0; limb < limbs; limb++, edges += 8) {
    markLimbs(to, points + <usize>load<i32>(edges) * 24, points + <usize>load<i32>(edges, 4) * 24, persons, person)
    if (plain) {
      drawBlock<T>(out, to, limbBytes(size), persons, 0, 0)
      out += block
    } else to += perLimb
  }
  if (plain) return
  for (let y = 0; y < size; y += patch) {
    for (let x = 0; x < size; x += patch) {
      let at = marks
      for (let joint = 0; joint < drawnJoints; joint++, out += block, at += perJoint) drawBlock<T>(out, at, jointBytes(size), persons, x, y)
      for (let limb = 0; limb < limbs; limb++, out += block, at += perLimb) drawBlock<T>(out, at, limbBytes(size), persons, x, y)
    }
  }
}

/** The marks of all persons in one channel. */
function markJoints(to: usize, at: usize, persons: i32, person: usize): void {
  for (let i = 0; i < persons; i++, at += person, to += jointBytes(size)) {
    if (isDrawn(at)) markJoint(to, at)
    else markNothing(to)
  }
}

function markLimbs(to: usize, a: usize, b: usize, persons: i32, person: usize): void {
  for (let i = 0; i < persons; i++, a += person, b += person, to += limbBytes(size)) {
    if (isDrawn(a) && isDrawn(b)) markLimb(to, a, b)
    else markNothing(to)
  }
}

function isDrawn(at: usize): bool {
  return load<f64>(at, 16) >= 1e-3 && abs(load<f64>(at)) < 1e9 && abs(load<f64>(at, 8)) < 1e9
}

function markNothing(to: usize): void {
  changetype<Mark>(to).bottom = 0
  changetype<Mark>(to).top = 0
}

/** A Gaussian is the product of a column and a row. */
function markJoint(to: usize, at: usize): void {
  const joint = changetype<Mark>(to)
  const x = load<f64>(at)
  const y = load<f64>(at, 8)
  joint.isLimb = false
  joint.confidence = <f32>load<f64>(at, 16)
  joint.left = firstPlace(x)
  joint.right = lastPlace(x) + 1
  joint.top = firstPlace(y)
  joint.bottom = lastPlace(y) + 1
  if (joint.left >= joint.right || joint.top >= joint.bottom) {
    markNothing(to)
    return
  }
  for (let place = columnOf(to), end = place + (<usize>size << 2); place < end; place += 16) v128.store(place, f32x4.splat(0))
  profile(columnOf(to), <f32>floor(x), <f32>(x - floor(x)), joint.left, joint.right)
  profile(lineOf(to), <f32>floor(y), <f32>(y - floor(y)), joint.top, joint.bottom)
}

function columnOf(to: usize): usize {
  return to + MARK
}

function lineOf(to: usize): usize {
  return to + MARK + (<usize>(size + 8) << 2)
}

/** The first and the last place on the grid within the radius of a coordinate. */
function firstPlace(centre: f64): i32 {
  return <i32>min(<f64>size, max(0.0, ceil(centre - radius)))
}

function lastPlace(centre: f64): i32 {
  return <i32>max(-1.0, min(<f64>(size - 1), floor(centre + radius)))
}

/**
 * e^(-(i - centre)^2 / (2 sigma^2)) for i in [first, end), 0 for up to three places beside them. `whole` and `rest` of the centre are arguments, as engines move
 * their rounding into the loop otherwise, where it waits for the turn before: three times as slow.
 */
function profile(to: usize, whole: f32, rest: f32, first: i32, end: i32): void {
  const low = f32x4.splat(<f32>first)
  const high = f32x4.splat(<f32>end)
  const table = numbers
  const four = v128.load(table, FOUR)
  let x = placesFrom(first & ~3)
  for (let i = first & ~3; i < end; i += 4, x = f32x4.add(x, four)) {
    const d = f32x4.sub(f32x4.sub(x, f32x4.splat(whole)), f32x4.splat(rest))
    v128.store(to + (i << 2), v128.and(gaussian(f32x4.mul(d, d), table), v128.and(f32x4.ge(x, low), f32x4.lt(x, high))))
  }
}

/**
 * Row by row the pixels within the radius of the segment a + t (dx, dy), t in 0..1: a capsule, which is convex, so that each row is an interval. It ends at the
 * chord of the disc about the t where the capsule's long side meets the row, held in 0..1; `turn` is how far that side lies above or below the segment.
 */
function markLimb(to: usize, a: usize, b: usize): void {
  const ax = load<f64>(a)
  const ay = load<f64>(a, 8)
  const bx = load<f64>(b)
  const by = load<f64>(b, 8)
  const dx = bx - ax
  const dy = by - ay
  const square = dx * dx + dy * dy
  if (square < 1) {
    markJoint(to, a)
    return
  }
  const length = sqrt(square)
  const ux = dx / length
  const uy = dy / length
  const limb = changetype<Mark>(to)
  limb.isLimb = true
  limb.confidence = <f32>min(load<f64>(a, 16), load<f64>(b, 16))
  limb.along = <f32>ux
  limb.across = <f32>-uy
  limb.wholeA = <f32>floor(ax)
  limb.restA = <f32>(ax - floor(ax))
  limb.wholeB = <f32>floor(bx)
  limb.restB = <f32>(bx - floor(bx))
  limb.left = firstPlace(min(ax, bx))
  limb.right = lastPlace(max(ax, bx)) + 1
  limb.top = firstPlace(min(ay, by))
  limb.bottom = lastPlace(max(ay, by)) + 1
  const turn = ((dy > 0 ? dx : -dx) * radius) / length
  const perRow = 1 / dy
  for (let y = limb.top; y < limb.bottom; y++) {
    const row = changetype<Row>(to + MARK + <usize>y * ROW)
    const py = <f64>y - ay
    const first = dy == 0 ? (dx < 0 ? 1.0 : 0.0) : held((py - turn) * perRow)
    const final = dy == 0 ? (dx > 0 ? 1.0 : 0.0) : held((py + turn) * perRow)
    const leftmost = ceil(ax + first * dx - chord(py - first * dy))
    const rightmost = floor(ax + final * dx + chord(py - final * dy))
    // a row that misses has no chord, NaN
    row.left = 0
    row.right = 0
    if (!(leftmost < <f64>limb.right && rightmost >= <f64>limb.left)) continue
    row.left = <i32>max(<f64>limb.left, leftmost)
    row.right = <i32>min(<f64>(limb.right - 1), rightmost) + 1
    const middle = (row.left + row.right) >> 1
    row.middle = <f32>middle
    row.line = <f32>(py * ux - (<f64>middle - ax) * uy)
    row.fromA = <f32>(py * uy)
    row.fromB = <f32>((<f64>y - by) * uy)
  }
}

/** Half of the chord at `height` above the centre of a disc. */
function chord(height: f64): f64 {
  return sqrt(radius * radius - height * height)
}

function held(t: f64): f64 {
  return t < 0 ? 0 : t > 1 ? 1 : t
}

/** The patch at (x, y) of a channel: the first person's values are stored, those of a further one where they are larger. */
function drawBlock<T>(out: usize, at: usize, stride: usize, persons: i32, x: i32, y: i32): void {
  let isEmpty = true
  for (let person = 0; person < persons; person++, at += stride) {
    const mark = changetype<Mark>(at)
    if (mark.top >= y + patch || mark.bottom <= y || mark.left >= x + patch || mark.right <= x) continue
    if (mark.isLimb) {
      if (isEmpty) zeros(out, out + <usize>(patch * patch) * sizeof<T>())
      drawLimb<T>(out, at, x, y)
    } else if (isEmpty) drawJoint<T, First>(out, at, x, y)
    else drawJoint<T, Further>(out, at, x, y)
    isEmpty = false
  }
  if (isEmpty) zeros(out, out + <usize>(patch * patch) * sizeof<T>())
}

type First = i32
type Further = f32

// @ts-ignore: decorator
@inline
function isFirst<Way>(): bool {
  return isInteger<Way>()
}

/** Whole rows, since the column is 0 beyond the window. */
function drawJoint<T, Way>(out: usize, at: usize, x: i32, y: i32): void {
  const joint = changetype<Mark>(at)
  const rowBytes = <usize>patch * sizeof<T>()
  const end = out + <usize>patch * rowBytes
  const first = max(joint.top, y)
  const last = min(joint.bottom, y + patch)
  const column = columnOf(at) + (<usize>x << 2)
  let row = out + <usize>(first - y) * rowBytes
  if (isFirst<Way>()) zeros(out, row)
  for (let line = lineOf(at) + (<usize>first << 2), lines = line + (<usize>(last - first) << 2); line < lines; line += 4, row += rowBytes) {
    const height = f32x4.splat(joint.confidence * load<f32>(line))
    let to = row
    let from = column
    let i = patch
    for (; i >= 16; i -= 16, from += 64, to += 16 * sizeof<T>()) {
      const a = f32x4.mul(height, v128.load(from))
      const b = f32x4.mul(height, v128.load(from, 16))
      const c = f32x4.mul(height, v128.load(from, 32))
      const d = f32x4.mul(height, v128.load(from, 48))
      putSixteen<T, Way>(to, a, b, c, d)
    }
    for (; i > 0; i -= 4, from += 16, to += 4 * sizeof<T>()) put<T, Way>(to, f32x4.mul(height, v128.load(from)), i)
  }
  if (isFirst<Way>()) zeros(row, end)
}

/**
 * Squared distance = side^2 + beyond^2: `side` of the line, counted from a pixel of the row, and `beyond` the nearer end, counted from that end, so that floats are
 * exact enough.
 */
function drawLimb<T>(out: usize, at: usize, x0: i32, y0: i32): void {
  const limb = changetype<Mark>(at)
  const rowBytes = <usize>patch * sizeof<T>()
  const top = max(limb.top, y0)
  const bottom = min(limb.bottom, y0 + patch)
  const confidence = f32x4.splat(limb.confidence)
  const along = f32x4.splat(limb.along)
  const across = f32x4.splat(limb.across)
  const wholeA = f32x4.splat(limb.wholeA)
  const restA = f32x4.splat(limb.restA)
  const wholeB = f32x4.splat(limb.wholeB)
  const restB = f32x4.splat(limb.restB)
  const table = numbers
  const four = v128.load(table, FOUR)
  for (let y = top; y < bottom; y++) {
    const row = changetype<Row>(at + MARK + <usize>y * ROW)
    const first = max(row.left - x0, 0) & ~3
    const last = min(row.right - x0, patch)
    const middle = f32x4.splat(row.middle)
    const line = f32x4.splat(row.line)
    const fromA = f32x4.splat(row.fromA)
    const fromB = f32x4.splat(row.fromB)
    const low = f32x4.splat(<f32>row.left)
    const high = f32x4.splat(<f32>row.right)
    let x = placesFrom(x0 + first)
    let to = out + <usize>(y - y0) * rowBytes + <usize>first * sizeof<T>()
    for (let i = first; i < last; i += 4, to += 4 * sizeof<T>(), x = f32x4.add(x, four)) {
      const side = f32x4.add(line, f32x4.mul(f32x4.sub(x, middle), across))
      const before = f32x4.add(f32x4.mul(f32x4.sub(f32x4.sub(x, wholeA), restA), along), fromA)
      const after = f32x4.add(f32x4.mul(f32x4.sub(f32x4.sub(x, wholeB), restB), along), fromB)
      const beyond = f32x4.pmax(f32x4.pmax(f32x4.neg(before), after), f32x4.splat(0))
      const value = f32x4.mul(confidence, gaussian(f32x4.add(f32x4.mul(side, side), f32x4.mul(beyond, beyond)), table))
      put<T, Further>(to, v128.and(value, v128.and(f32x4.ge(x, low), f32x4.lt(x, high))), patch - i)
    }
  }
}

// @ts-ignore: decorator
@inline
function zeros(to: usize, end: usize): void {
  for (; to + 64 <= end; to += 64) {
    v128.store(to, i32x4.splat(0))
    v128.store(to, i32x4.splat(0), 16)
    v128.store(to, i32x4.splat(0), 32)
    v128.store(to, i32x4.splat(0), 48)
  }
  for (; to + 16 <= end; to += 16) v128.store(to, i32x4.splat(0))
  for (; to < end; to++) store<u8>(to, 0)
}

// @ts-ignore: decorator
@inline
function putSixteen<T, Way>(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  if (sizeof<T>() == 4) {
    v128.store(to, isFirst<Way>() ? a : f32x4.pmax(v128.load(to), a))
    v128.store(to, isFirst<Way>() ? b : f32x4.pmax(v128.load(to, 16), b), 16)
    v128.store(to, isFirst<Way>() ? c : f32x4.pmax(v128.load(to, 32), c), 32)
    v128.store(to, isFirst<Way>() ? d : f32x4.pmax(v128.load(to, 48), d), 48)
  } else {
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(wholeOf(a), wholeOf(b)), i16x8.narrow_i32x4_s(wholeOf(c), wholeOf(d)))
    v128.store(to, isFirst<Way>() ? bytes : i8x16.max_u(v128.load(to), bytes))
  }
}

/** round(255 value), halves up. */
// @ts-ignore: decorator
@inline
function wholeOf(values: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(values, f32x4.splat(255)), f32x4.splat(0.5)))
}

/** Four values, of which the first `pixels` lie in the row. */
// @ts-ignore: decorator
@inline
function put<T, Way>(to: usize, values: v128, pixels: i32): void {
  if (pixels >= 4) {
    if (sizeof<T>() == 4) v128.store(to, isFirst<Way>() ? values : f32x4.pmax(v128.load(to), values))
    else v128.store32_lane(to, isFirst<Way>() ? bytesOf(values) : i8x16.max_u(v128.load32_zero(to), bytesOf(values)), 0)
    return
  }
  putOne<T, Way>(to, f32x4.extract_lane(values, 0))
  if (pixels > 1) putOne<T, Way>(to + sizeof<T>(), f32x4.extract_lane(values, 1))
  if (pixels > 2) putOne<T, Way>(to + 2 * sizeof<T>(), f32x4.extract_lane(values, 2))
}

function putOne<T, Way>(to: usize, value: f32): void {
  if (sizeof<T>() == 4) store<f32>(to, isFirst<Way>() ? value : max(load<f32>(to), value))
  else {
    const byte = <u8>i8x16.extract_lane_u(bytesOf(f32x4.splat(value)), 0)
    store<u8>(to, isFirst<Way>() ? byte : max(load<u8>(to), byte))
  }
}

/** Four values as bytes, at most 255, in the first four. */
// @ts-ignore: decorator
@inline
function bytesOf(values: v128): v128 {
  const words = i16x8.narrow_i32x4_s(wholeOf(values), wholeOf(values))
  return i8x16.narrow_i16x8_u(words, words)
}

// @ts-ignore: decorator
@inline
function placesFrom(i: i32): v128 {
  return f32x4.add(f32x4.splat(<f32>i), f32x4(0, 1, 2, 3))
}

const SCALE: usize = 0
const ROUNDING: usize = 16
const POLYNOMIAL: usize = 32
const FOUR: usize = 128

/** `scale` = -log2(e) / (2 sigma^2). Adding 1.5 x 2^23 leaves the nearest whole number in the low bits. */
function setNumbers(scale: f32): void {
  v128.store(numbers, f32x4.splat(scale), SCALE)
  v128.store(numbers, f32x4.splat(12582912), ROUNDING)
  v128.store(numbers, f32x4.splat(0.0013264729), POLYNOMIAL)
  v128.store(numbers, f32x4.splat(0.009671513), POLYNOMIAL + 16)
  v128.store(numbers, f32x4.splat(0.055507336), POLYNOMIAL + 32)
  v128.store(numbers, f32x4.splat(0.24022242), POLYNOMIAL + 48)
  v128.store(numbers, f32x4.splat(0.693147), POLYNOMIAL + 64)
  v128.store(numbers, f32x4.splat(1), POLYNOMIAL + 80)
  v128.store(numbers, f32x4.splat(4), FOUR)
}

/** 2^(scale square): the nearest whole power, times a polynomial of what is left, with a relative error below 3e-7. */
// @ts-ignore: decorator
@inline
function gaussian(square: v128, table: usize): v128 {
  const exponent = f32x4.mul(square, v128.load(table, SCALE))
  const shifted = f32x4.add(exponent, v128.load(table, ROUNDING))
  const f = f32x4.sub(exponent, f32x4.sub(shifted, v128.load(table, ROUNDING)))
  let p = f32x4.add(f32x4.mul(f, v128.load(table, POLYNOMIAL)), v128.load(table, POLYNOMIAL + 16))
  p = f32x4.add(f32x4.mul(f, p), v128.load(table, POLYNOMIAL + 32))
  p = f32x4.add(f32x4.mul(f, p), v128.load(table, POLYNOMIAL + 48))
  p = f32x4.add(f32x4.mul(f, p), v128.load(table, POLYNOMIAL + 64))
  p = f32x4.add(f32x4.mul(f, p), v128.load(table, POLYNOMIAL + 80))
  return i32x4.add(p, i32x4.shl(shifted, 23))
}
