import { beforeAll, describe, expect, test } from 'vitest'
import { BEGIN, type Pickled, pickled, STOP } from '../../src/export/pickle-writer.ts'
import { readPickle } from '../../src/ingest/readers/pickle.ts'
import { pythonWith, runPython } from '../python.ts'

const pickleOf = (value: Pickled): Buffer => Buffer.concat([BEGIN, ...pickled(value), STOP])
const grid = { kind: 'numpy', shape: [2, 1, 3], values: Float32Array.of(1, -0.5, NaN, 3e38, 0, 2 ** -149) } as const
const python = pythonWith('numpy')

describe('a pickle', () => {
  const values: [string, Pickled][] = [
    ['None', null], ['True', true], ['False', false], ['0', 0], ['255', 255], ['256', 256], ['-1', -1], ['-2147483648', -(2 ** 31)], ["'élan'", 'élan'], ['[]', []],
    ["[1, ['a'], None]", [1, ['a'], null]], ['(270, 480)', { kind: 'tuple', values: [270, 480] }],
    ["{'a': [], 'b': {}}", { kind: 'dict', entries: [['a', []], ['b', { kind: 'dict', entries: [] }]] }],
  ]
  let said: string[]
  beforeAll(() => {
    const script = `import pickle, sys\nfor _ in range(${values.length}): print(repr(pickle.load(sys.stdin.buffer)))`
    if (python !== null) said = runPython(python, script, Buffer.concat(values.map(([, value]) => pickleOf(value)))).trim().split('\n')
  })
  test.skipIf(python === null).each(values.map(([repr], at) => [repr, at] as const))('of %s is that to Python', (repr, at) => {
    expect(said[at]).toBe(repr)
  })

  test('of an array has its dtype, its shape and its bits in numpy', (context) => {
    if (python === null) return context.skip('no Python with numpy')
    const script = `import pickle, sys; a = pickle.load(sys.stdin.buffer); print(a.dtype.str, a.shape, a.flags.c_contiguous, a.flags.writeable, a.tobytes().hex())`
    const bits = Buffer.from(grid.values.buffer).toString('hex')
    expect(runPython(python, script, pickleOf(grid)).trim()).toBe(`<f4 (2, 1, 3) True True ${bits}`)
  })

  test('names numpy as every version since 1.0 does, and as no other module', (context) => {
    if (python === null) return context.skip('no Python with numpy')
    const script = 'import pickletools, sys; print(sorted({arg for code, arg, at in pickletools.genops(sys.stdin.buffer.read()) if code.name == "GLOBAL"}))'
    expect(runPython(python, script, pickleOf([grid, grid])).trim()).toBe("['numpy dtype', 'numpy ndarray', 'numpy.core.multiarray _reconstruct']")
  })

  test('is read by our own reader, which runs nothing', () => {
    expect(readPickle(pickleOf([grid, 'a', 300]))).toEqual([expect.objectContaining({ kind: 'ndarray', dtype: '<f4', shape: [2, 1, 3], values: grid.values }), 'a', 300])
  })

  test.each([0.5, 2 ** 31, -(2 ** 31) - 1, NaN])('does not hold %d: only integers of 32 bits', (value) => {
    expect(() => pickled(value)).toThrow(`${value} is no integer of 32 bits`)
  })
})
