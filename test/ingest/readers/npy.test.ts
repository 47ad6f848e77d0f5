import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readNpy, readNpyArray } from '../../../src/ingest/readers/npy.ts'
import { fuzzNpy } from '../../soak/npy-fuzz.ts'

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
    expect(readNpyArray(bytesOf('../pickle/texts'))).toEqual({ kind: 'ndtexts', dtype: '<U2', shape: [2, 2], values: ['ab', 'c', '', 'ö'] })
    expect(readNpyArray(bytesOf('../pickle/bytes'))).toEqual({ kind: 'ndtexts', dtype: '|S2', shape: [2], values: ['ab', ''] })
  })

  test('what CASA saves: an object without dimensions', () => {
    const pose = { kind: 'ndarray', dtype: '<f8', shape: [2, 3], values: Float64Array.of(0, 1, 2, 3, 4, 5) }
    const labels = { kind: 'ndarray', dtype: '<i8', shape: [2], values: Float64Array.of(0, 1) }
    const video = new Map<string, unknown>([['pose', pose], ['labels', labels], ['beta', null]])
    expect(readNpyArray(bytesOf('../pickle/video'))).toEqual({ kind: 'ndobjects', dtype: '|O', shape: [], values: [new Map([['0001', video]])] })
  })
})

describe('refuses', () => {
  test.each([
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

  test('text and objects where numbers are wanted', () => {
    expect(() => readNpy(bytesOf('objects'))).toThrow('an array of dtype "|O"; booleans, integers and floats are read')
    expect(() => readNpy(bytesOf('text'))).toThrow('an array of dtype "<U1"; booleans, integers and floats are read')
  })

  test('records', () => {
    expect(answer(bytesOf('records'))).toMatchObject({ code: 'E_NPY_HEADER',
      message: expect.stringMatching(/^no plain descr in the header "\{'descr': \[\('a', '<i4'\)/) })
  })

  test.each<readonly [string, Buffer, string, string, number]>([
    ['dimensions that multiply beyond 2^64', npy('<f4', '4294967296, 4294967296', ''), 'E_NDARRAY_LENGTH',
      'an array of shape (4294967296, 4294967296) and 4 bytes a cell takes 73786976294838210000 bytes, at byte 128 are 0', 128],
    ['a dimension that is no count', npy('<f4', '1 2,', ''), 'E_NDARRAY_SHAPE', 'an array of shape (NaN) at byte 128', 128],
    ['65 dimensions', npy('|O', '1,'.repeat(65), 'N.'), 'E_NDARRAY_SHAPE', `an array of shape (${'1, '.repeat(64)}...) at byte 10`, 10],
    ['more text without a letter than memory', npy('<U0', '999999999,', ''), 'E_NPY_LARGE',
      'what the file unpacks to takes more than the 1048576 bytes allowed (byte 128)', 128],
    ['more numbers than memory', npy('<i2', '300000,', '\0'.repeat(600_000)), 'E_NPY_LARGE',
      'what the file unpacks to takes more than the 1048576 bytes allowed (byte 128)', 128],
    ['objects that are something else', npy('|O', '', 'N.'), 'E_NPY_OBJECTS', 'the header says objects, the pickle at byte 128 holds None', 128],
    ['objects of another shape', npy('|O', '2,', bytesOf('objects').subarray(128).toString('latin1')), 'E_NPY_SHAPE',
      'the header says shape (2), the pickle at byte 128 has (1)', 128],
    ['objects that would run something', npy('|O', '', 'cos\nsystem\n.'), 'E_PICKLE_GLOBAL',
      'GLOBAL at byte 128 asks for os.system, which is not read: nothing in a pickle is run', 128],
    ['a header of a megabyte', Buffer.concat([Buffer.from('\x93NUMPY\x02\0\0\0\x10\0', 'latin1'), Buffer.alloc(2 ** 20)]), 'E_NPY_HEADER',
      'a header of 1048576 bytes, 10000 are the most', 12],
    ['a later version', Buffer.from('\x93NUMPY\x04\0\0\0', 'latin1'), 'E_NPY_VERSION', '.npy version 4; 1 to 3 are read', 6],
    ['a version 2 without a length', Buffer.from('\x93NUMPY\x02\0\0\0', 'latin1'), 'E_NPY_SHORT', 'a header length at byte 8 in a file of 10 bytes', 8],
  ])('%s', (_, bytes, code, message, offset) => {
    expect(answer(bytes)).toMatchObject({ code, message, offset })
  })

  test('2,000 mutated files with nothing but errors for people', () => {
    const { read, refused } = fuzzNpy({ iterations: 2000, seed: 1 })
    expect(refused).toBeGreaterThan(1000)
    expect(read).toBeGreaterThan(200)
  })
})

function bytesOf(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/npy/${name}.npy`, import.meta.url)))
}

function answer(bytes: Buffer): unknown {
  try {
    return readNpyArray(bytes, { maxBytes: 2 ** 20 })
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
}

/** An .npy file of version 1 that says what it is told to; its content begins at byte 128, unless it says much. */
function npy(descr: string, shape: string, content: string): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117)
  return Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(header.length + 1)}\0${header}\n${content}`, 'latin1')
}
