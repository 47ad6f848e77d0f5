import { describe, expect, test } from 'vitest'
import { floatText } from '../../src/export/float-text.ts'
import { labelMap } from '../../src/export/label-map.ts'
import { safeName } from '../../src/export/safe-name.ts'
import { randomAt } from '../../src/random.ts'
import { pythonWith, runPython } from '../python.ts'

describe('a name as a path', () => {
  test.each([
    ['0001', '0001'], ['subject1/h1/0/cam4#3d', 'subject1/h1/0/cam4%233d'], ['a.b', 'a%2Eb'], ['../../etc', '%2E%2E/%2E%2E/etc'], ['/root', '%/root'], ['a//b', 'a/%/b'],
    ['50%', '50%25'], ['été', '%C3%A9t%C3%A9'], ['a\\b c\n', 'a%5Cb%20c%0A'], ['con/NUL', '%63on/%4EUL'],
  ])('%j is %s', (name, path) => {
    expect(safeName(name)).toBe(path)
  })

  test('of a part that no file system takes is cut, and ends in its sha256', () => {
    // sha256 of 300 times "a", by sha256sum
    expect(safeName(`x/${'a'.repeat(300)}`)).toBe(`x/${'a'.repeat(183)}~9835fa6bf4e20a9b`)
  })
})

describe('labels', () => {
  const none = { classes: {}, actions: [] }

  test("are the data set's own numbers where the catalog has them", () => {
    expect(labelMap({ classes: { action: ['stand', 'squat', 'sit'] }, actions: ['sit', 'squat'] }, new Set(['sit', 'squat']))).toEqual(['stand', 'squat', 'sit'])
  })

  test("else count the catalog's actions, those that no clip has among them", () => {
    expect(labelMap({ classes: { action: ['open', 'close'] }, actions: ['squat', 'bowl'] }, new Set(['bowl']))).toEqual(['squat', 'bowl'])
  })

  test('else are the numbers that actions are called by', () => {
    expect(labelMap(none, new Set(['class 10', 'class 2']))).toEqual(Array.from({ length: 11 }, (_, label) => `class ${label}`))
  })

  test('else count the sorted actions', () => {
    expect(labelMap({ classes: {}, actions: ['squat'] }, new Set(['squat', 'class 2', 'bowl']))).toEqual(['bowl', 'class 2', 'squat'])
  })
})

describe('a float of 32 bits as text', () => {
  test.each([[0, '0'], [1, '1'], [-0.5, '-0.5'], [Math.fround(0.1), '0.1'], [16777216, '16777216'], [Math.fround(1 / 3), '0.33333334']])('%d is %s', (value, text) => {
    expect(floatText(value)).toBe(text)
  })

  const python = pythonWith('numpy')
  test.skipIf(python === null)('has no more digits than numpy gives it, and reads back as it', () => {
    const random = randomAt({ seed: 5 })
    const values = Float32Array.from({ length: 2000 }, () => random.between(-2000, 2000) * 10 ** Math.round(random.between(-6, 3)))
    const script = 'import sys, numpy as np; print(" ".join(str(float(str(v))) for v in np.frombuffer(sys.stdin.buffer.read(), "<f4")))'
    const digits = (number: number): number => number.toExponential().replace(/e.*|\D/g, '').length
    const theirs = runPython(python!, script, new Uint8Array(values.buffer)).trim().split(' ').map(Number)
    // of two texts that are as near, numpy takes the even one
    expect([...values].map((value) => digits(Number(floatText(value))))).toEqual(theirs.map(digits))
    expect([...values].map((value) => Math.fround(Number(floatText(value))))).toEqual([...values])
  })
})
