import { describe, expect, test } from 'vitest'
import { randomAt } from '../../../src/random.ts'
import { type Pixels, shrunk, type Warp, warped } from '../../../src/loader/frames/warp.ts'
import { createWarpKernel } from '../../../src/loader/frames/warp-kernel.ts'
import { createMemory, wasmPage } from '../../../src/wasm.ts'

const whole = 2 ** 22

/** A picture of chance. */
function noise(seed: number, width: number, height: number): Pixels {
  const random = randomAt({ seed })
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) }
}

/** Grey values as a picture. */
function grey(width: number, ...values: number[]): Pixels {
  return { width, height: values.length / width, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) }
}

/** A whole picture brought to another size, pixel centres at .5. */
function resizing({ width, height }: Pixels, columns: number, rows: number, more: Partial<Warp> = {}): Warp {
  const [xx, yy] = [width / columns, height / rows]
  return {
    lattice: { xx, xy: 0, dx: xx / 2 - 0.5, yx: 0, yy, dy: yy / 2 - 0.5 }, right: width - 0.5, bottom: height - 0.5,
    columns, rows, layout: 'nhwc', fill: [0, 0, 0], normal: null, ...more,
  }
}

function bytes(picture: Pixels, warp: Warp): Uint8Array {
  const out = new Uint8Array(3 * warp.columns * warp.rows)
  warped(picture, warp, out)
  return out
}

function floats(picture: Pixels, warp: Warp): Float32Array {
  const out = new Float32Array(3 * warp.columns * warp.rows)
  warped(picture, warp, out)
  return out
}

const unnormalised: Warp['normal'] = { factors: [2 ** -22, 2 ** -22, 2 ** -22], terms: [0, 0, 0] }
const reds = (data: Uint8Array | Float32Array): number[] => Array.from(data).filter((_, at) => at % 3 === 0)

describe('a picture made larger', () => {
  test('has the values between its pixels, their centres at .5, and its edge beyond them', () => {
    const picture = grey(2, 0, 200)
    expect(reds(bytes(picture, resizing(picture, 4, 1)))).toEqual([0, 50, 150, 200])
  })

  test('mixes the four pixels around a position', () => {
    const picture = grey(2, 0, 40, 80, 200)
    expect(reds(floats(picture, resizing(picture, 1, 1, { normal: unnormalised })))).toEqual([80])
  })

  test('rounds halves up', () => {
    const picture = grey(2, 0, 1)
    expect(reds(bytes(picture, resizing(picture, 1, 1)))).toEqual([1])
  })
})

describe('a picture of the same size', () => {
  test('is itself', () => {
    const picture = noise(1, 13, 7)
    expect(bytes(picture, resizing(picture, 13, 7))).toEqual(picture.data)
  })

  test('moved by a pixel shows the fill where it has none', () => {
    const picture = grey(3, 10, 20, 30)
    const moved = resizing(picture, 3, 1, { lattice: { xx: 1, xy: 0, dx: 1, yx: 0, yy: 1, dy: 0 }, fill: [7 * whole, 8 * whole, 9 * whole] })
    expect([...bytes(picture, moved)]).toEqual([20, 20, 20, 30, 30, 30, 7, 8, 9])
  })

  test('turned by a quarter has its columns as rows', () => {
    const picture = grey(2, 1, 2, 3, 4)
    const turned = resizing(picture, 2, 2, { lattice: { xx: 0, xy: 1, dx: 0, yx: -1, yy: 0, dy: 1 } })
    expect(reds(bytes(picture, turned))).toEqual([3, 1, 4, 2])
  })
})

/** Bilinear interpolation as the books have it, in doubles: no weights in steps. */
function bilinear({ width, height, data }: Pixels, x: number, y: number, colour: number): number {
  const [u, v] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)]
  const [left, top] = [Math.min(Math.floor(u), Math.max(0, width - 2)), Math.min(Math.floor(v), Math.max(0, height - 2))]
  const pixel = (column: number, row: number): number => data[(Math.min(row, height - 1) * width + Math.min(column, width - 1)) * 3 + colour]!
  const mix = (a: number, b: number, share: number): number => a + (b - a) * share
  return mix(mix(pixel(left, top), pixel(left + 1, top), u - left), mix(pixel(left, top + 1), pixel(left + 1, top + 1), u - left), v - top)
}

test('samples are within 0.13 of bilinear ones in doubles, as weights have steps of 1/2048', () => {
  const picture = noise(2, 21, 17)
  const lattice = { xx: 0.61, xy: 0.2, dx: 1.3, yx: -0.15, yy: 0.7, dy: 3.1 }
  const out = floats(picture, resizing(picture, 20, 12, { lattice, normal: unnormalised }))
  for (let row = 0; row < 12; row++) {
    for (let column = 0; column < 20; column++) {
      const [x, y] = [0.61 * column + 0.2 * row + 1.3, -0.15 * column + 0.7 * row + 3.1]
      for (let colour = 0; colour < 3; colour++) expect(Math.abs(out[(row * 20 + column) * 3 + colour]! - bilinear(picture, x, y, colour))).toBeLessThan(0.13)
    }
  }
})

test('floats are (v / 255 - mean) / std', () => {
  const picture: Pixels = { width: 1, height: 1, data: Uint8Array.of(255, 51, 102) }
  const [mean, std] = [[0.5, 0.4, 0.2], [0.25, 0.1, 0.4]]
  const factors = std.map((share) => Math.fround(1 / (255 * whole * share))) as [number, number, number]
  const terms = std.map((share, colour) => Math.fround(-mean[colour]! / share)) as [number, number, number]
  expect([...floats(picture, resizing(picture, 1, 1, { normal: { factors, terms } }))]).toEqual([2, -2, 0.5].map((value) => expect.closeTo(value, 5)))
})

test('bytes are the rounded floats, and planes the same values in another order', () => {
  const picture = noise(3, 19, 11)
  const way = { lattice: { xx: 1.1, xy: -0.3, dx: 2, yx: 0.2, yy: 0.9, dy: -1 }, fill: [100 * whole, 0, 3 * whole] as const }
  const [pixels, planes] = [resizing(picture, 10, 9, way), resizing(picture, 10, 9, { ...way, layout: 'nchw' })]
  const exact = floats(picture, { ...pixels, normal: unnormalised })
  expect(bytes(picture, pixels)).toEqual(Uint8Array.from(exact, (value) => Math.floor(value + 0.5)))
  const [byPixel, byPlane] = [bytes(picture, pixels), bytes(picture, planes)]
  expect(Array.from({ length: 270 }, (_, at) => byPlane[(at % 3) * 90 + Math.floor(at / 3)])).toEqual([...byPixel])
})

describe('boxes of pixels made one', () => {
  test('are their mean, halves up', () => {
    expect(reds(shrunk(grey(4, 0, 1, 10, 20, 1, 0, 30, 42), { across: 1, down: 1 }).data)).toEqual([1, 26])
  })

  test('repeat the edge for what they lack', () => {
    expect(reds(shrunk(grey(3, 10, 20, 31, 10, 20, 31, 10, 20, 41), { across: 1, down: 1 }).data)).toEqual([15, 31, 15, 41])
  })
})

describe('the kernel', () => {
  const kernel = createWarpKernel()
  const random = randomAt({ seed: 7 })
  const cases = Array.from({ length: 60 }, (_, seed) => ({
    seed, width: 1 + random.integer(70), height: 1 + random.integer(50), columns: 1 + random.integer(40), rows: 1 + random.integer(30),
    across: random.integer(4), down: random.integer(3), layout: (['nchw', 'nhwc'] as const)[seed % 2]!, isFloat: random.integer(2) === 1, isUpright: seed % 3 === 0,
    numbers: Array.from({ length: 12 }, () => random.between(-1, 1)),
  }))

  test.each(cases)('gives the bits of the plain version: $width x $height to $columns x $rows, case $seed', ({ seed, width, height, columns, rows, across, down, layout, isFloat, isUpright, numbers }) => {
    const picture = noise(seed, width, height)
    const small = shrunk(picture, { across, down })
    const [a, b, c, d, e, f, g, h, i] = numbers as [number, number, number, number, number, number, number, number, number]
    const [xx, yy] = [small.width / columns, small.height / rows]
    const warp: Warp = {
      lattice: { xx: xx * (1 + a / 2), xy: isUpright ? 0 : b * xx, dx: xx / 2 - 0.5 + c * 3, yx: isUpright ? 0 : d * yy, yy: yy * (1 + e / 2), dy: yy / 2 - 0.5 + f * 3 },
      right: width / 2 ** across - 0.5, bottom: height / 2 ** down - 0.5, columns, rows, layout, fill: [3 * whole, 1234567, 255 * whole],
      normal: isFloat ? { factors: [Math.fround(g * 1e-8), Math.fround(h * 1e-8), 2 ** -22], terms: [Math.fround(i), 0, Math.fround(-h)] } : null,
    }
    const expected = isFloat ? new Float32Array(3 * columns * rows) : new Uint8Array(3 * columns * rows)
    warped(small, warp, expected)
    kernel.room(picture, { width: columns, height: rows }).set(picture.data)
    const out = isFloat ? new Float32Array(3 * columns * rows) : new Uint8Array(3 * columns * rows)
    kernel.draw({ across, down }, warp, out)
    expect(Buffer.from(out.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
  })

  test('writes into the memory that it was given a part of, and nothing around it', () => {
    const picture = noise(5, 9, 8)
    const memory = createMemory(2 * wasmPage, 2 * wasmPage)
    new Uint8Array(memory.buffer).fill(0xaa)
    const kernel = createWarpKernel({ memory, start: 4096, end: 8192 })
    const room = kernel.room(picture, { width: 5, height: 4 })
    room.set(picture.data)
    const out = new Uint8Array(memory.buffer, 64, 60)
    kernel.draw({ across: 0, down: 0 }, resizing(picture, 5, 4), out)
    expect(room.buffer).toBe(memory.buffer)
    expect([...out]).toEqual([...bytes(picture, resizing(picture, 5, 4))])
    // the copy for another memory is made in another place
    const copy = new Uint8Array(60)
    kernel.draw({ across: 0, down: 0 }, resizing(picture, 5, 4), copy)
    expect(copy).toEqual(Uint8Array.from(out))
    const around = new Uint8Array(memory.buffer).filter((_, at) => at < 64 || (at >= 124 && at < 4096) || at >= 8192)
    expect(around.every((byte) => byte === 0xaa)).toBe(true)
  })

  test('takes a memory of its own for a picture that does not fit', () => {
    const picture = noise(6, 90, 80)
    const memory = createMemory(wasmPage, wasmPage)
    const kernel = createWarpKernel({ memory, start: 0, end: 4096 })
    kernel.room(picture, { width: 5, height: 4 }).set(picture.data)
    const out = new Uint8Array(60)
    kernel.draw({ across: 0, down: 0 }, resizing(picture, 5, 4), out)
    expect([...out]).toEqual([...bytes(picture, resizing(picture, 5, 4))])
  })
})
