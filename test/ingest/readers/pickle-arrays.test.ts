import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readPickle } from '../../../src/ingest/readers/pickle.ts'

const folder = fileURLToPath(new URL('../../fixtures/pickle', import.meta.url))
const singles = ['|b1', '|i1', '|u1', '<i2', '>i2', '<u2', '<f2', '>f2', '<f4', '>f4']
const doubles = ['<i4', '>u4', '<i8', '>i8', '<u8', '<f8', '>f8']
const grid = Array.from({ length: 24 }, (_, cell) => cell)

// The values are those of test/fixtures/pickle/make.py.
describe.each([0, 1, 2, 3, 4, 5])('arrays of numpy in protocol %i', (protocol) => {
  const arrays = mapOf(`arrays_${protocol}.pkl`)

  test('of every dtype and byte order', () => {
    const dtypes = arrays.get('dtypes') as Map<string, { readonly dtype: string }>
    expect([...dtypes.values()].map(({ dtype }) => dtype)).toEqual([...dtypes.keys()].map((name) => (name.length === 2 ? `|${name}` : name)))
    expect(dtypes.size).toBe(singles.length + doubles.length)
    for (const array of dtypes.values()) {
      const values = array.dtype === '|b1' ? [0, 1, 1] : [0, 1, 100]
      expect(array).toMatchObject({ shape: [3], values: singles.includes(array.dtype) ? Float32Array.from(values) : Float64Array.from(values) })
    }
  })

  test('in row order, however they lie', () => {
    expect(arrays.get('rows')).toEqual({ kind: 'ndarray', dtype: '<f4', shape: [2, 3, 4], values: Float32Array.from(grid) })
    expect(arrays.get('columns')).toEqual({ kind: 'ndarray', dtype: '<f4', shape: [2, 3, 4], values: Float32Array.from(grid) })
    // numpy.arange(24).reshape(2, 3, 4).transpose(1, 0, 2).ravel()
    const turned = [0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 20, 21, 22, 23]
    expect(arrays.get('turned')).toEqual({ kind: 'ndarray', dtype: '<f4', shape: [3, 2, 4], values: Float32Array.from(turned) })
  })

  test('without dimensions, without cells', () => {
    expect(arrays.get('scalar')).toMatchObject({ shape: [], values: Float64Array.of(3.5) })
    expect(arrays.get('empty')).toMatchObject({ dtype: '<i2', shape: [2, 0, 3], values: new Float32Array(0) })
  })

  test('of text', () => {
    expect(arrays.get('wide')).toEqual({ kind: 'ndtexts', dtype: '<U2', shape: [3], values: ['ab', 'c', '🙂'] })
    expect(arrays.get('big wide')).toEqual({ kind: 'ndtexts', dtype: '>U2', shape: [1], values: ['ab'] })
    expect(arrays.get('narrow')).toEqual({ kind: 'ndtexts', dtype: '|S3', shape: [2], values: ['ab', 'ÿ'] })
  })

  test('of objects, whose list is in row order whatever it says', () => {
    expect(arrays.get('objects')).toEqual({ kind: 'ndobjects', dtype: '|O', shape: [2, 2], values: ['a', 1, null, new Map([['k', 3]])] })
    expect(arrays.get('object columns')).toEqual({ kind: 'ndobjects', dtype: '|O', shape: [2, 2], values: [1, 2, 3, 4] })
  })

  test('scalars as values', () => {
    expect(arrays.get('scalars')).toEqual([Math.fround(0.1), -5, true, 'text', 1.5])
  })
})

describe.each([2, 5])('tensors of torch in protocol %i', (protocol) => {
  const tensors = mapOf(`tensors_${protocol}.pkl`)

  test('as CARL has them', () => {
    expect(tensors.get('carl')).toEqual([[new Map<string, unknown>([
      ['id', 0], ['video_file', 'videos/0001_baseball_pitch.mp4'], ['frame_label', { kind: 'ndarray', dtype: '<i8', shape: [6], values: Float64Array.of(0, 1, 2,
        3, 4, 5) }],
      ['seq_len', 6], ['name', '0001'], ['action_label', 0],
    ])], [[0]]])
  })

  test('that are views of their storage', () => {
    expect(tensors.get('turned')).toMatchObject({ shape: [4, 3], values: Float32Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11) })
    expect(tensors.get('part')).toMatchObject({ shape: [2, 2], values: Float32Array.of(6, 7, 10, 11) })
    expect(tensors.get('spread')).toMatchObject({ shape: [3], values: Float32Array.of(7, 7, 7) })
    expect(tensors.get('shared')).toMatchObject([{ shape: [3, 4], values: Float32Array.from(grid.slice(0, 12)) }, { shape: [4], values: Float32Array.of(0, 1, 2,
      3) }])
    expect(tensors.get('scalar')).toMatchObject({ shape: [], values: Float32Array.of(2.5) })
    expect(tensors.get('empty')).toMatchObject({ shape: [0, 3], values: new Float32Array(0) })
  })

  test('of every dtype', () => {
    const dtypes = tensors.get('dtypes') as Map<string, { readonly dtype: string; readonly values: ArrayLike<number> }>
    expect([...dtypes].map(([name, { dtype }]) => [name.replace('torch.', ''), dtype])).toEqual([
      ['bool', '|b1'], ['uint8', '|u1'], ['int8', '|i1'], ['int16', '<i2'], ['int32', '<i4'], ['int64', '<i8'], ['float16', '<f2'], ['float32', '<f4'],
        ['float64', '<f8'],
    ])
    expect([...dtypes.values()].map(({ values }) => Array.from(values))).toEqual(Array.from({ length: 9 }, () => [0, 1, 1]))
  })
})

test('values are made when they are read, and are the same while somebody holds them', () => {
  const array = mapOf('arrays_5.pkl').get('rows') as { readonly values: Float32Array }
  const { values } = array
  expect(Object.getOwnPropertyDescriptor(array, 'values')).toMatchObject({ get: expect.any(Function) })
  expect(array.values).toBe(values)
})

function mapOf(name: string): Map<string, unknown> {
  return readPickle(readFileSync(`${folder}/${name}`)) as Map<string, unknown>
}
