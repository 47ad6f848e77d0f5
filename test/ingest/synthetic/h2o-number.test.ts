import { expect, test } from 'vitest'
import { h2oNumber } from '../../../src/ingest/synthetic/h2o/h2o-number.ts'
import { randomAt } from '../../../src/random.ts'
import { pythonWith, runPython } from '../../python.ts'

const python = pythonWith('struct')

test.each([
  // Python 3.11.7, repr
  [1, '1.0'], [0, '0.0'], [-0, '-0.0'], [0.1, '0.1'], [-0.009999999999999995, '-0.009999999999999995'], [0.0001, '0.0001'], [0.00001, '1e-05'],
  [-0.000025, '-2.5e-05'], [5e-324, '5e-324'], [1e15, '1000000000000000.0'], [1e16, '1e+16'], [123456789012345680, '1.2345678901234568e+17'],
])('writes %f as Python does: %s', (value, text) => {
  expect(h2oNumber(value)).toBe(text)
})

test.skipIf(python === null)('writes thousands of doubles of all sizes as Python does (POSETTA_PYTHON names the interpreter)', () => {
  const random = randomAt({ seed: 1 })
  const values = Float64Array.from({ length: 4000 }, (_, at) => random.normal() * 10 ** ((at % 45) - 22))
  const script = 'import struct, sys\nfor (x,) in struct.iter_unpack("<d", sys.stdin.buffer.read()): print(repr(x))'
  const printed = runPython(python!, script, new Uint8Array(values.buffer))
  expect([...values].map(h2oNumber)).toEqual(printed.trim().split('\n'))
})
