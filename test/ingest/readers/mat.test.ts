import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ToolkitError } from '../../../src/errors.ts'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readMat } from '../../../src/ingest/readers/mat.ts'
import { realPenn } from '../../shared.ts'
import { fuzzMat } from '../../soak/mat-fuzz.ts'

describe('reads what scipy wrote', () => {
  test('doubles in column order', () => {
    // numpy.random.default_rng(2026).normal(size=(5, 3)).round(3)
    expect(numbers('double', 'x')).toEqual({ dims: [5, 3], values: [-0.793, 1.396, -0.312, -0.226, -0.064, 0.241, 0.638, 0.304, 0.72, -0.085, -1.896,
      -0.292, -0.268, 0.515, 0.161] })
  })

  test('the same without compression, and names of more than 4 bytes', () => {
    expect(numbers('uncompressed', 'x')).toEqual(numbers('double', 'x'))
    expect(numbers('uncompressed', 'long_variable_name').values).toEqual([1.5])
  })

  test('doubles stored as smaller numbers, small elements among them', () => {
    expect(fixture('compacted').variables.get('u8')).toMatchObject({ class: 'double' })
    expect(['u8', 'u16', 'i8'].map((name) => numbers('compacted', name).values)).toEqual([[0, 7, 255], [256, 65535, 1], [-128, 127, 0, 5, 6]])
    expect(['i16', 'i32', 'f32'].map((name) => numbers('compacted', name).values)).toEqual([[-32768, 32767], [-2147483648, 2147483647], [1.5, -0.25]])
  })

  test('integers of every width, 64 bits as BigInts', () => {
    expect(numbers('integers', 'int8').values).toEqual([-128, -1, 0, 127])
    expect(numbers('integers', 'uint16').values).toEqual([0, 1, 65535])
    expect(numbers('integers', 'int32').values).toEqual([-2147483648, -1, 0, 2147483647])
    expect(numbers('integers', 'int64').values).toEqual([-9223372036854775808n, -1n, 0n, 9223372036854775807n])
    expect(numbers('integers', 'uint64').values).toEqual([0n, 1n, 18446744073709551615n])
  })

  test('single, NaN, infinity, complex, empty and three dimensions', () => {
    expect(numbers('floats', 'single').values[0]).toBe(Math.fround(-0.793))
    expect(numbers('floats', 'special').values).toEqual([NaN, Infinity, -0])
    expect(fixture('floats').variables.get('complex')).toMatchObject({ values: Float64Array.of(1, 3), imaginary: Float64Array.of(2, -4) })
    expect(numbers('floats', 'empty')).toEqual({ dims: [0, 4], values: [] })
    const cube = numbers('floats', 'cube')
    expect(cube.dims).toEqual([2, 3, 4])
    expect(cube.values.slice(0, 12)).toEqual([0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21])
  })

  test('text, one string per row', () => {
    expect(text('short')).toMatchObject({ kind: 'text', rows: ['back'] })
    expect(text('utf8')).toMatchObject({ rows: ['Übung ∿'] })
    expect(text('rows')).toMatchObject({ dims: [2, 4], rows: ['one ', 'four'] })
    expect(text('none')).toMatchObject({ rows: [] })
  })

  test.each([
    ['Latin-1 in signed bytes', 1, Buffer.from('a\u00e9b', 'latin1'), 'a\u00e9b'], ['Latin-1 in bytes', 2, Buffer.from('a\u00e9b', 'latin1'), 'a\u00e9b'],
    ['UTF-16 in unsigned words', 4, Buffer.from('a\u00e9b', 'utf16le'), 'a\u00e9b'], ['UTF-8', 16, Buffer.from('a\u00e9b'), 'a\u00e9b'],
    ['UTF-16', 17, Buffer.from('a\u00e9b', 'utf16le'), 'a\u00e9b'], ['UTF-32', 18, Buffer.from(Uint32Array.of(0x61, 0x1f600, 0x62).buffer), 'a\u{1f600}b'],
    ['UTF-32 beyond Unicode', 18, Buffer.from(Uint32Array.of(0x61, 0x110000, 0x62).buffer), 'a\ufffdb'],
  ])('text stored as %s', (_, type, data, expected) => {
    expect(readMat(textFile(type, data)).variables.get('x')).toMatchObject({ kind: 'text', rows: [expected] })
  })

  test('64-bit classes whose values lie in smaller integers', () => {
    expect([...(readMat(matrixFile(14, 2, Buffer.of(7, 255))).variables.get('x') as { values: BigInt64Array }).values]).toEqual([7n, 255n])
    expect(refusal(matrixFile(14, 9, Buffer.from(Float64Array.of(0.5, 1).buffer)))).toMatchObject({
      code: 'E_MAT_VALUE', message: 'x: the value 0.5 does not fit the class int64' })
  })

  test('logical values', () => {
    expect(fixture('logical').variables.get('visible')).toMatchObject({ class: 'uint8', isLogical: true, values: Uint8Array.of(1, 1, 0, 1) })
  })

  test('what stands around a sparse matrix, a struct and a cell, which it names', () => {
    const { variables, skipped } = fixture('others')
    expect([...variables.keys()]).toEqual(['before', 'after'])
    expect(skipped).toEqual([{ name: 'sparse', class: 'sparse' }, { name: 'struct', class: 'struct' }, { name: 'cell', class: 'cell' }])
  })
})

describe('refuses', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'E_MAT_NOT_MAT', 'the file is empty (0 bytes)', 0],
    ['text', Buffer.from('not a mat file at all'), 'E_MAT_NOT_MAT', 'not a MAT file: it begins with "not a mat file a"', 0],
    ['level 4', bytesOf('v4'), 'E_MAT_VERSION', 'a MATLAB 4 file; only level 5 files are read', 0],
    ['7.3, which is HDF5', bytesOf('v73'), 'E_MAT_VERSION', 'a MATLAB 7.3 file, which is HDF5; only level 5 files are read', 0],
    ['HDF5 of others', bytesOf('v73').subarray(512), 'E_MAT_VERSION', 'a MATLAB 7.3 file, which is HDF5; only level 5 files are read', 0],
    ['big-endian', bytesOf('big_endian'), 'E_MAT_ENDIAN', 'a big-endian MATLAB 5 file; only little-endian ones are read', 126],
    ['half a header', bytesOf('double').subarray(0, 60), 'E_MAT_SHORT', 'a MATLAB 5 header of 60 bytes in place of 128', 60],
    ['half a tag', bytesOf('double').subarray(0, 131), 'E_MAT_SHORT', 'the element at byte 128 needs 8 bytes, 3 are left', 128],
    ['half an element', bytesOf('double').subarray(0, 200), 'E_MAT_SHORT', 'the element at byte 128 needs 151 bytes, 64 are left', 128],
    ['a broken stream', patched('double', 138, 0xff), 'E_MAT_INFLATE', 'the compressed element at byte 128 cannot be inflated: invalid block type', 128],
    ['something that is no variable', patched('double', 128, 9), 'E_MAT_ELEMENT', 'an element of type 9 at byte 128 where a variable must be', 128],
    ['more values than its dimensions', patched('uncompressed', 160, 4), 'E_MAT_LENGTH', 'x is 4 x 3 = 12 values, its data at byte 184 holds 15', 184],
    ['negative dimensions', patched('uncompressed', 163, 0x80), 'E_MAT_DIMS', 'a dimension of -2147483643 at byte 152', 152],
    ['an unknown class', patched('uncompressed', 144, 40), 'E_MAT_CLASS', 'x has the array class 40, which MAT 5 does not know', 136],
    ['a second variable of one name', Buffer.concat([bytesOf('double'), bytesOf('double').subarray(128)]), 'E_MAT_DUPLICATE',
      'a second variable x at byte 287', 287],
  ])('%s', (_, bytes, code, message, offset) => {
    expect(refusal(bytes)).toEqual({ code, message, offset })
  })

  test('a stream that stops before what its tag promises', () => {
    const bytes = bytesOf('double')
    const cut = Buffer.concat([bytes.subarray(0, 128), tag(15, 120), bytes.subarray(136, 256)])
    const { code, message } = refusal(cut)
    expect(code).toBe('E_MAT_SHORT')
    expect(message).toMatch(/^the compressed element at byte 128 inflates to \d+ bytes of the 176 it should$/)
  })

  test('a NaN where whole numbers are declared, in place of calling it 0', () => {
    const element = Buffer.concat([tag(6, 8), tag(12, 0), tag(5, 8), tag(1, 1), Buffer.from([1, 0, 1, 0, 0x78, 0, 0, 0]), tag(9, 8),
      Buffer.from(Float64Array.of(NaN).buffer)])
    const bytes = Buffer.concat([bytesOf('double').subarray(0, 128), tag(14, element.length), element])
    expect(refusal(bytes)).toEqual({ code: 'E_MAT_VALUE', message: 'x: the value NaN does not fit the class int32', offset: 184 })
  })

  test('characters in a type that holds none', () => {
    expect(refusal(textFile(9, Buffer.alloc(8)))).toMatchObject({ code: 'E_MAT_ELEMENT', message: 'the text x has the type 9, which holds no characters' })
  })

  test('a bomb, before it goes off', () => {
    const packed = deflateSync(Buffer.concat([tag(14, 80e6), Buffer.alloc(80e6)]))
    expect(packed.length).toBeLessThan(80e3)
    const bomb = Buffer.concat([bytesOf('double').subarray(0, 128), tag(15, packed.length), packed])
    expect(refusal(bomb)).toEqual({ code: 'E_MAT_LARGE', message: 'the compressed element at byte 128 inflates to more than the 67108864 bytes allowed',
      offset: 128 })
  })

  test('sizes whose product is beyond every file, without allocating', () => {
    const bytes = bytesOf('uncompressed')
    bytes.writeInt32LE(2 ** 31 - 1, 160)
    bytes.writeInt32LE(2 ** 31 - 1, 164)
    const { code, message } = refusal(bytes)
    expect(code).toBe('E_MAT_LENGTH')
    expect(message).toBe('x is 2147483647 x 2147483647 = 4611686014132420600 values, its data at byte 184 holds 15')
  })

  test('every truncation of every fixture, or reads what is whole', () => {
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.mat'))) {
      const bytes = readFileSync(`${folder}/${name}`)
      for (let length = 0; length < bytes.length; length++) expect(isAnswered(bytes.subarray(0, length))).toBe(true)
    }
  })
})

test('2,000 mutated files throw nothing but errors for people', () => {
  const { read, refused } = fuzzMat({ iterations: 2000, seed: 1 })
  expect(read + refused).toBe(2000)
  expect(refused).toBeGreaterThan(500)
})

test.skipIf(realPenn === null)('reads all of Penn Action: nine variables each, 163,841 frames, the two streams without an end among them', () => {
  const labels = `${realPenn!}/labels`
  const files = readdirSync(labels).map((name) => readMat(readFileSync(`${labels}/${name}`)))
  expect(files).toHaveLength(2326)
  const names = files.map(({ variables, skipped }) => [...variables.keys(), ...skipped].join(' '))
  expect(new Set(names)).toEqual(new Set(['action pose x y visibility train bbox dimensions nframes']))
  expect(files.reduce((sum, { variables }) => sum + Number((variables.get('nframes') as { values: Float64Array }).values[0]), 0)).toBe(163841)
})

const folder = fileURLToPath(new URL('../../fixtures/mat', import.meta.url))

function bytesOf(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/mat/${name}.mat`, import.meta.url)))
}

function fixture(name: string): ReturnType<typeof readMat> {
  return readMat(bytesOf(name))
}

function numbers(file: string, name: string): { dims: readonly number[]; values: (number | bigint)[] } {
  const variable = fixture(file).variables.get(name)
  if (variable?.kind !== 'numbers') throw new Error(`${name} is not there`)
  return { dims: variable.dims, values: [...variable.values] }
}

function patched(name: string, at: number, byte: number): Buffer {
  const bytes = bytesOf(name)
  bytes[at] = byte
  return bytes
}

function tag(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(type, 0)
  bytes.writeUInt32LE(length, 4)
  return bytes
}

/** One variable x of 1 x 3 characters, its data of the given type. */
function textFile(type: number, data: Buffer): Buffer {
  return matrixFile(4, type, data, 3)
}

/** One uncompressed variable x of 1 x `columns` values of an array class; the data padded to 8 bytes. */
function matrixFile(kind: number, type: number, data: Buffer, columns = 2): Buffer {
  const padded = Buffer.concat([data, Buffer.alloc((8 - (data.length % 8)) % 8)])
  const dims = Buffer.alloc(8)
  dims.writeInt32LE(1, 0)
  dims.writeInt32LE(columns, 4)
  const element = Buffer.concat([tag(6, 8), tag(kind, 0), tag(5, 8), dims, tag(1, 1), Buffer.from([0x78, 0, 0, 0, 0, 0, 0, 0]), tag(type, data.length), padded])
  return Buffer.concat([bytesOf('double').subarray(0, 128), tag(14, element.length), element])
}

function refusal(bytes: Buffer): { code: string; message: string; offset: number } {
  try {
    readMat(bytes)
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code, message: error.message, offset: error.offset }
    throw error
  }
  throw new Error('it was read')
}

function text(name: string): unknown {
  return fixture('text').variables.get(name)
}

function isAnswered(bytes: Buffer): boolean {
  try {
    readMat(bytes)
  } catch (error) {
    return error instanceof ToolkitError
  }
  return true
}
