import { describe, expect, test } from 'vitest'
import { readNumbers } from '../../../src/ingest/readers/number-text.ts'

const read = (text: string, count: number): number[] => [...readNumbers(Buffer.from(text), count)]

describe('reads numbers', () => {
  test.each([
    ['between single spaces', '1.0 -0.08 0.030000000000000002', [1, -0.08, 0.030000000000000002]],
    ['between any white space, with some at both ends', '  1\t2  \r\n3 \n', [1, 2, 3]],
    ['as Python and MATLAB write them', '1e-05 -1.5E+3 .5 5. +7', [1e-5, -1500, 0.5, 5, 7]],
    ['none, where none are expected', ' \n', []],
  ])('%s', (_, text, numbers) => expect(read(text, numbers.length)).toEqual(numbers))

  test('that are not a number or not finite, as Python writes them', () => {
    expect(read('nan NaN -inf Infinity', 4)).toEqual([NaN, NaN, -Infinity, Infinity])
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
  ])('%s', (_, text, count, code, message, offset) => {
    expect(() => read(text, count)).toThrow(expect.objectContaining({ code, message, offset }))
  })
})
