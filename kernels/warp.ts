/**
 * Pictures moved by an affine map and sampled between their pixels, in memory that threads may share. src/loader/frames/warp.ts says the same in plain TypeScript
 * and gives the same bits: positions are doubles, weights and colours whole numbers, the last step single floats; every operation is made there too, in the same order.
 */

/**
 * Makes boxes of 2^across x 2^down pixels one each, their mean, halves up; what a box lacks repeats the edge. RGB to RGB. The source is readable for 16 bytes
 * beyond its end, `out` is writable for 8; `sums` has 6 width + 32 bytes. At most 2^8 either way.
 */
export function shrink(source: usize, width: i32, height: i32, across: i32, down: i32, sums: usize, out: usize): void {
  const columns = (width + (1 << across) - 1) >> across
  const rows = (height + (1 << down) - 1) >> down
  const stride = <usize>(width * 3)
  for (let row = 0; row < rows; row++, out += <usize>(columns * 3)) {
    if (across == 1 && down == 0) {
      halveRow(source + <usize>row * stride, width, out)
      continue
    }
    const first = row << down
    spreadRow(source + <usize>first * stride, stride, sums)
    for (let inner = 1; inner < 1 << down; inner++) addRow(source + <usize>min(first + inner, height - 1) * stride, stride, sums)
    joinColumns(sums, width, columns, across, across + down, out)
  }
}

/** The mean of two pixels each, six at a time; 7 bytes beyond them are written and soon overwritten. */
function halveRow(line: usize, width: i32, out: usize): void {
  const firsts = i8x16(0, 1, 2, 6, 7, 8, 12, 13, 14, -1, -1, -1, -1, -1, -1, -1)
  let at = 0
  for (; at + 6 <= width; at += 6, line += 18, out += 9) v128.store(out, i8x16.swizzle(i8x16.avgr_u(v128.load(line), v128.load(line, 3)), firsts))
  for (; at < width; at += 2, line += 6) {
    const next = at + 1 < width ? line + 3 : line
    for (let colour = 0; colour < 3; colour++, out++) store<u8>(out, (<i32>load<u8>(line + colour) + <i32>load<u8>(next + colour) + 1) >> 1)
  }
}

/** A row of bytes as u16. */
function spreadRow(line: usize, bytes: usize, sums: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const values = v128.load(line + at)
    v128.store(sums + 2 * at, i16x8.extend_low_i8x16_u(values))
    v128.store(sums + 2 * at, i16x8.extend_high_i8x16_u(values), 16)
  }
}

function addRow(line: usize, bytes: usize, sums: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const values = v128.load(line + at)
    const sum = sums + 2 * at
    v128.store(sum, i16x8.add(v128.load(sum), i16x8.extend_low_i8x16_u(values)))
    v128.store(sum, i16x8.add(v128.load(sum, 16), i16x8.extend_high_i8x16_u(values)), 16)
  }
}

/** Sums of 2^across neighbours of each colour, divided by 2^shift. */
function joinColumns(sums: usize, width: i32, columns: i32, across: i32, shift: i32, out: usize): void {
  const half = (1 << shift) >> 1
  for (let column = 0; column < columns; column++, out += 3) {
    let red = half
    let green = half
    let blue = half
    for (let inner = 0; inner < 1 << across; inner++) {
      const at = sums + <usize>(min((column << across) + inner, width - 1) * 6)
      red += load<u16>(at)
      green += load<u16>(at, 2)
      blue += load<u16>(at, 4)
    }
    store<u8>(out, red >> shift)
    store<u8>(out, green >> shift, 1)
    store<u8>(out, blue >> shift, 2)
  }
}

/**
 * Samples [rows, columns] pixels. `settings`: six doubles of the map from the index of a pixel to a position counted from the centre of the picture's first one
 * (xx, xy, dx, yx, yy, dy), the last position inside by x and by y, then as four i32 the fill and as four floats each the factors and the terms of the last step.
 * The source is readable for 3 (width + 3) bytes beyond its end. `line`: 24 (columns + 4) bytes. `kind`: 0 bytes by pixel, 1 bytes by plane, 2 floats by pixel, 3 floats by plane.
 */
export function warp(source: usize, width: i32, height: i32, settings: usize, columns: i32, rows: i32, kind: i32, line: usize, out: usize): void {
  const plane = columns * rows
  const taps = line + <usize>(columns + 4) * 16
  const isUpright = load<f64>(settings, 8) == 0 && load<f64>(settings, 24) == 0
  const inside = isUpright ? writeTaps(width, settings, columns, taps) : 0
  for (let row = 0; row < rows; row++) {
    if (isUpright) sampleUpright(source, width, height, settings, row, columns, taps, inside, line)
    else sampleRow(source, width, height, settings, row, columns, line)
    if (kind == 0) packBytes(line, columns, out + <usize>(row * columns * 3))
    else if (kind == 1) packBytePlanes(line, columns, plane, out + <usize>(row * columns))
    else if (kind == 2) packFloats(line, columns, settings, out + <usize>(row * columns * 12))
    else packFloatPlanes(line, columns, <usize>plane << 2, settings, out + <usize>(row * columns * 4))
  }
}

/** Added to a double it leaves it rounded to 1/2048, halves to even, and these steps in its lowest bits. */
const rounding: f64 = 3298534883328

/** A position held between the centres of the outer pixels, in steps of 1/2048. */
function stepsOf(position: f64, extent: i32): i32 {
  return <i32>reinterpret<i64>(min(max(position, 0), <f64>(extent - 1)) + rounding)
}

/** Where each column is read, in bytes, and the weights of the two pixels there: 8 bytes. Answers the first column inside, and the one after the last in the upper half. */
function writeTaps(width: i32, settings: usize, columns: i32, taps: usize): i32 {
  const step = load<f64>(settings)
  const start = load<f64>(settings, 16)
  const most = load<f64>(settings, 48)
  let first = columns
  let end = 0
  for (let column = 0; column < columns; column++) {
    const position = start + step * <f64>column
    const steps = stepsOf(position, width)
    const right = steps & 2047
    store<i32>(taps + (<usize>column << 3), (steps >> 11) * 3)
    store<i32>(taps + (<usize>column << 3), (2048 - right) | (right << 16), 4)
    if (position < -0.5 || position > most) continue
    first = min(first, column)
    end = column + 1
  }
  return first | (end << 16)
}

/** One row of a picture that is not turned, as [columns, 4] i32: red, green, blue times 2^22, and nothing. */
function sampleUpright(source: usize, width: i32, height: i32, settings: usize, row: i32, columns: i32, taps: usize, inside: i32, line: usize): void {
  const position = load<f64>(settings, 32) * <f64>row + load<f64>(settings, 40)
  const isInside = position >= -0.5 && position <= load<f64>(settings, 56)
  const first = isInside ? inside & 0xffff : columns
  const end = isInside ? inside >> 16 : columns
  const fill = v128.load(settings, 64)
  for (let column = 0; column < first; column++) v128.store(line + (<usize>column << 4), fill)
  for (let column = end; column < columns; column++) v128.store(line + (<usize>column << 4), fill)
  const steps = stepsOf(position, height)
  const above = source + <usize>((steps >> 11) * width * 3)
  const under = above + <usize>(width * 3)
  const weightUnder = i32x4.splat(steps & 2047)
  const weightAbove = i32x4.splat(2048 - (steps & 2047))
  const stop = line + (<usize>end << 4)
  taps += <usize>first << 3
  for (let to = line + (<usize>first << 4); to < stop; to += 16, taps += 8) {
    const at = <usize>load<i32>(taps)
    const across = v128.load32_splat(taps, 4)
    const high = i32x4.dot_i16x8_s(pairs(v128.load64_zero(above + at)), across)
    const low = i32x4.dot_i16x8_s(pairs(v128.load64_zero(under + at)), across)
    v128.store(to, i32x4.add(i32x4.mul(high, weightAbove), i32x4.mul(low, weightUnder)))
  }
}

/** The same of any picture. */
function sampleRow(source: usize, width: i32, height: i32, settings: usize, row: i32, columns: i32, line: usize): void {
  const step = f64x2(load<f64>(settings), load<f64>(settings, 24))
  const start = f64x2(load<f64>(settings, 8) * <f64>row + load<f64>(settings, 16), load<f64>(settings, 32) * <f64>row + load<f64>(settings, 40))
  const least = f64x2.splat(-0.5)
  const most = v128.load(settings, 48)
  const last = f64x2(<f64>(width - 1), <f64>(height - 1))
  const fill = v128.load(settings, 64)
  const stride = <usize>(width * 3)
  const end = <f64>columns
  for (let column: f64 = 0; column < end; column += 1, line += 16) {
    const position = f64x2.add(start, f64x2.mul(step, f64x2.splat(column)))
    if (v128.any_true(v128.or(f64x2.lt(position, least), f64x2.gt(position, most)))) {
      v128.store(line, fill)
      continue
    }
    const steps = f64x2.add(f64x2.pmin(last, f64x2.pmax(f64x2.splat(0), position)), f64x2.splat(rounding))
    const x = i32x4.extract_lane(steps, 0)
    const y = i32x4.extract_lane(steps, 2)
    const right = x & 2047
    const below = y & 2047
    // the steps of 2^32 rounded positions lie in the lowest 32 bits: a picture has fewer pixels than 2^20 either way
    const at = source + <usize>(((y >> 11) * width + (x >> 11)) * 3)
    const across = i32x4.splat((2048 - right) | (right << 16))
    const high = i32x4.dot_i16x8_s(pairs(v128.load64_zero(at)), across)
    const low = i32x4.dot_i16x8_s(pairs(v128.load64_zero(at + stride)), across)
    v128.store(line, i32x4.add(i32x4.mul(high, i32x4.splat(2048 - below)), i32x4.mul(low, i32x4.splat(below))))
  }
}

/** r r g g b b and nothing as i16: a pixel's colours and those of the next one. An index beyond the 16 bytes is 0. */
function pairs(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
}

function rounded(line: usize): v128 {
  return i32x4.shr_s(i32x4.add(v128.load(line), i32x4.splat(1 << 21)), 22)
}

/** Four pixels as r g b 0 each, a byte a colour. */
function fourBytes(line: usize): v128 {
  const left = i16x8.narrow_i32x4_s(rounded(line), rounded(line + 16))
  const right = i16x8.narrow_i32x4_s(rounded(line + 32), rounded(line + 48))
  return i8x16.narrow_i16x8_u(left, right)
}

function packBytes(line: usize, columns: i32, out: usize): void {
  let column = 0
  for (; column + 4 <= columns; column += 4, line += 64, out += 12) {
    const packed = i8x16.shuffle(fourBytes(line), fourBytes(line), 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)
    v128.store64_lane(out, packed, 0)
    v128.store32_lane(out, packed, 2, 8)
  }
  for (; column < columns; column++, line += 16, out += 3) {
    const colours = rounded(line)
    store<u8>(out, i32x4.extract_lane(colours, 0))
    store<u8>(out, i32x4.extract_lane(colours, 1), 1)
    store<u8>(out, i32x4.extract_lane(colours, 2), 2)
  }
}

function packBytePlanes(line: usize, columns: i32, plane: usize, out: usize): void {
  let column = 0
  for (; column + 4 <= columns; column += 4, line += 64, out += 4) {
    const packed = i8x16.shuffle(fourBytes(line), fourBytes(line), 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 0, 0, 0, 0)
    v128.store32_lane(out, packed, 0)
    v128.store32_lane(out + plane, packed, 1)
    v128.store32_lane(out + 2 * plane, packed, 2)
  }
  for (; column < columns; column++, line += 16, out++) {
    const colours = rounded(line)
    store<u8>(out, i32x4.extract_lane(colours, 0))
    store<u8>(out + plane, i32x4.extract_lane(colours, 1))
    store<u8>(out + 2 * plane, i32x4.extract_lane(colours, 2))
  }
}

function normal(line: usize, factors: v128, terms: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(v128.load(line)), factors), terms)
}

function packFloats(line: usize, columns: i32, settings: usize, out: usize): void {
  const factors = v128.load(settings, 80)
  const terms = v128.load(settings, 96)
  for (let column = 0; column < columns; column++, line += 16, out += 12) {
    const colours = normal(line, factors, terms)
    v128.store64_lane(out, colours, 0)
    v128.store32_lane(out, colours, 2, 8)
  }
}

/** `plane` in bytes. */
function packFloatPlanes(line: usize, columns: i32, plane: usize, settings: usize, out: usize): void {
  const factors = v128.load(settings, 80)
  const terms = v128.load(settings, 96)
  let column = 0
  for (; column + 4 <= columns; column += 4, line += 64, out += 16) {
    const a = normal(line, factors, terms)
    const b = normal(line + 16, factors, terms)
    const c = normal(line + 32, factors, terms)
    const d = normal(line + 48, factors, terms)
    const redGreen = i32x4.shuffle(a, b, 0, 4, 1, 5)
    const redGreenToo = i32x4.shuffle(c, d, 0, 4, 1, 5)
    v128.store(out, i64x2.shuffle(redGreen, redGreenToo, 0, 2))
    v128.store(out + plane, i64x2.shuffle(redGreen, redGreenToo, 1, 3))
    v128.store(out + 2 * plane, i64x2.shuffle(i32x4.shuffle(a, b, 2, 6, 2, 6), i32x4.shuffle(c, d, 2, 6, 2, 6), 0, 2))
  }
  for (; column < columns; column++, line += 16, out += 4) {
    const colours = normal(line, factors, terms)
    v128.store32_lane(out, colours, 0)
    v128.store32_lane(out + plane, colours, 1)
    v128.store32_lane(out + 2 * plane, colours, 2)
  }
}
