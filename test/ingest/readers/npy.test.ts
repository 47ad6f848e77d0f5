import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readNpy, readNpyArray } from '../../../src/ingest/readers/npy.ts'
import { randomAt } from '../../../src/random.ts'
import { mutate } from '../../soak/mat-fuzz.ts'

const folder = fileURLToPath(new URL('../../fixtures/npy', import.meta.url))

const singles = ['i1', 'u1', 'little_i2', 'little_u2', 'little_f2', 'little_f4', 'big_i2', 'big_f4']
const doubles = ['little_i4', 'little_u4', 'little_i8', 'little_u8', 'little_f8', 'big_i4', 'big_i8']

describe('reads what numpy wrote', () => {
  test.each(singles)('%s, as float32', (name) => {
    expect(readNpy(bytesOf(name))).toMatchObject({ kind: 'ndarray', shape: [3], values: Float32Array.of(0, 1, 100) })
  })

  test.each(doubles)('%s, as float64', (name) => {
    expect(readNpy(bytesOf(name))).toMatchObject({ kind: 'ndarray', shape: [3], values: Float64Array.of(0, 1, 100) })
  })

  test('booleans as 0 and 1', () => {
    expect(readNpy(bytesOf('bool'))).toEqual({ kind: 'ndarray', dtype: '|b1', shape: [3], values: Float32Array.of(0, 1, 1) })
  })

  test('half precision: signed zero, subnormal, largest, infinite, not a number', () => {
    // numpy.float16 of 0, -0, 1.5, -2.25, 65504, 6e-8, 0.0001, inf, -inf, nan
    expect([...readNpy(bytesOf('half')).values]).toEqual([0, -0, 1.5, -2.25, 65504, 2 ** -24, 0.00010001659393310547, Infinity, -Infinity, NaN])
  })

  test('two dimensions in row order, whichever order they lie in', () => {
    expect(readNpy(bytesOf('rows'))).toMatchObject({ shape: [2, 3], values: Float64Array.of(0, 1, 2, 3, 4, 5) })
    expect(readNpy(bytesOf('columns'))).toMatchObject({ shape: [2, 3], values: Float64Array.of(0, 1, 2, 3, 4, 5) })
  })

  test('nothing at all, no dimension, three of them, and version 2', () => {
    expect(readNpy(bytesOf('empty'))).toMatchObject({ shape: [0], values: new Float64Array(0) })
    expect(readNpy(bytesOf('scalar'))).toMatchObject({ shape: [], values: Float64Array.of(3) })
    expect(readNpy(bytesOf('cube'))).toMatchObject({ shape: [1, 1, 1], values: Float64Array.of(0) })
    expect(readNpy(bytesOf('version_2'))).toMatchObject({ shape: [1], values: Float64Array.of(7) })
  })

  test('text and objects', () => {
    expect(readNpyArray(bytesOf('text'))).toEqual({ kind: 'ndtexts', dtype: '<U1', shape: [1], values: ['a'] })
    expect(readNpyArray(bytesOf('objects'))).toEqual({ kind: 'ndobjects', dtype: '|O', shape: [1], values: [new Map()] })
  })
})

describe('refuses', () => {
  test.each([
    ['objects where numbers are wanted', bytesOf('objects'), 'E_NPY_DTYPE', 'an array of dtype "|O"; booleans, integers and floats are read', 10],
    ['text where numbers are wanted', bytesOf('text'), 'E_NPY_DTYPE', 'an array of dtype "<U1"; booleans, integers and floats are read', 10],
    ['complex numbers', bytesOf('complex'), 'E_NPY_DTYPE', 'an array of dtype "<c16"; booleans, integers, floats, text and objects are read', 10],
    ['integers beyond 2^53', bytesOf('beyond'), 'E_NDARRAY_VALUE', 'the integer 9007199254740993 in cell 0 of the array at byte 128 is beyond 2^53', 128],
    ['what is cut off', bytesOf('little_i8').subarray(0, 140), 'E_NDARRAY_LENGTH',
      'an array of shape (3) and 8 bytes a cell takes 24 bytes, at byte 128 are 12', 128],
    ['half a header', bytesOf('little_i8').subarray(0, 60), 'E_NPY_SHORT', 'a header of 118 bytes, 50 are left', 10],
    ['another format', Buffer.from('hello, world'), 'E_NPY_NOT_NPY', 'not an .npy file: it does not begin with \\x93NUMPY', 0],
    ['an empty file', Buffer.alloc(0), 'E_NPY_NOT_NPY', 'not an .npy file: it does not begin with \\x93NUMPY', 0],
  ])('%s', (_, bytes, code, message, offset) => {
    expect(answer(bytes)).toMatchObject({ code, message, offset })
  })

  test('records', () => {
    expect(answer(bytesOf('records'))).toMatchObject({ code: 'E_NPY_HEADER',
      message: expect.stringMatching(/^no plain descr in the header "\{'descr': \[\('a', '<i4'\)/) })
  })

  test('2,000 mutated files with nothing but errors for people', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.npy')).sort()
    const answers = Array.from({ length: 2000 }, (_, at) => {
      const random = randomAt({ seed: 1, clip: 'npy', position: at })
      return answer(mutate(readFileSync(`${folder}/${names[random.integer(names.length)]!}`), random))
    })
    expect(answers.filter((answer) => answer instanceof FormatError).length).toBeGreaterThan(500)
  })
})

function bytesOf(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/npy/${name}.npy`, import.meta.url)))
}

function answer(bytes: Buffer): unknown {
  try {
    return readNpy(bytes, { maxBytes: 2 ** 20 })
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
}
