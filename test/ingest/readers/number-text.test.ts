import { describe, expect, test } from 'vitest'
import { readNumbers } from '../../../src/ingest/readers/number-text.ts'
import { randomAt } from '../../../src/random.ts'

const read = (text: string, count: number): number[] => [...readNumbers(Buffer.from(text), count)]

describe('reads numbers', () => {
  test.each([
    ['between single spaces', '1.0 -0.08 0.030000000000000002', [1, -0.08, 0.030000000000000002]],
    ['between any white space, with some at both ends', '  1\t2  \r\n3 \n', [1, 2, 3]],
    ['as Python and MATLAB write them', '1e-05 -1.5E+3 .5 5. +7', [1e-5, -1500, 0.5, 5, 7]],
    ['none, where none are expected', ' \n', []],
  ])('%s', (_, text, numbers) => expect(read(text, numbers.length)).toEqual(numbers))

  test('of any length as the double next to them', () => {
    const words = ['-0.009999999999999995', '0.1', '9007199254740992', '9007199254740993', '-0', '123456789012345678901234567890', '0.00000000000000000000001',
      '4.9e-324']
    expect(read(words.join(' '), words.length)).toEqual([-0.009999999999999995, 0.1, 2 ** 53, 2 ** 53, -0, 1.2345678901234568e29, 1e-23, 5e-324])
    const random = randomAt({ seed: 4 })
    const decimals = Array.from({ length: 4000 }, (_, at) => (random.between(-1, 1) * 10 ** (at % 8)).toFixed(at % 20))
    expect(read(decimals.join(' '), decimals.length)).toEqual(decimals.map(Number))
  })
})

describe('refuses', () => {
  test.each([
    ['too few', '1 2 3', 4, 'E_TEXT_COUNT', '3 numbers, 4 are expected', 5],
    ['an empty file', '', 6, 'E_TEXT_COUNT', '0 numbers, 6 are expected', 0],
    ['too many', '1 2 3 4 5', 3, 'E_TEXT_COUNT', '5 numbers, 3 are expected', 6],
    ['a word', '1 None 3', 3, 'E_TEXT_NUMBER', '"None" at byte 2 is no number', 2],
    ['a hexadecimal number', '0x10', 1, 'E_TEXT_NUMBER', '"0x10" at byte 0 is no number', 0],
    ['a comma', '1,5', 1, 'E_TEXT_NUMBER', '"1,5" at byte 0 is no number', 0],
    ['two signs', '--1', 1, 'E_TEXT_NUMBER', '"--1" at byte 0 is no number', 0],
    ['a point alone', '0 .', 2, 'E_TEXT_NUMBER', '"." at byte 2 is no number', 2],
    ['two points', '1.2.3', 1, 'E_TEXT_NUMBER', '"1.2.3" at byte 0 is no number', 0],
    ['an exponent without digits', '1e-', 1, 'E_TEXT_NUMBER', '"1e-" at byte 0 is no number', 0],
    ['what is no number', '1 nan', 2, 'E_TEXT_NUMBER', '"nan" at byte 2 is no number', 2],
    ['what is infinite', '-inf', 1, 'E_TEXT_NUMBER', '"-inf" at byte 0 is no number', 0],
    ['more than a double can hold', '1e999', 1, 'E_TEXT_NUMBER', '"1e999" at byte 0 is no number', 0],
    ['bytes of a picture', 'P\0G', 1, 'E_TEXT_NUMBER', '"P\\u0000G" at byte 0 is no number', 0],
  ])('%s', (_, text, count, code, message, offset) => {
    expect(() => read(text, count)).toThrow(expect.objectContaining({ code, message, offset }))
  })
})
