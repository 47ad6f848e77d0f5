import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../src/ingest/readers/json-file.ts'
import { readPythonJson } from '../../../src/ingest/readers/python-json.ts'
import { pythonWith, runPython } from '../../python.ts'
import { shared } from '../../shared.ts'
import { fuzzJson } from '../../soak/json-fuzz.ts'

const python = pythonWith('json')
const MARK = '\ufeff'

describe('reads', () => {
  test.each([
    ['an object', '{"people": [{"score": 0.5}]}', { people: [{ score: 0.5 }] }],
    ['blanks all around', ' \t\r\n[ 1 , 2 ]\n', [1, 2]],
    ['text beyond ASCII', '"Übung ∿ 😀"', 'Übung ∿ 😀'],
    ['a byte order mark', `${MARK}[1]`, [1]],
    ['brackets in a string', `"${'['.repeat(300)}\\"${'{'.repeat(300)}"`, `${'['.repeat(300)}"${'{'.repeat(300)}`],
    ['many lists side by side', `[${'[],{},'.repeat(300)}0]`, [...Array.from({ length: 300 }, () => [[], {}]).flat(), 0]],
    ['200 lists in one another', '['.repeat(200) + ']'.repeat(200), nested(200)],
  ])('%s', (_, text, value) => {
    expect(parseJson(Buffer.from(text))).toEqual(value)
  })

  test('what Python writes for numbers that JSON has not', () => {
    const text = '[NaN, Infinity, -Infinity, -1.5e3, "NaN", {"Infinity": [NaN]}]'
    expect(parseJson(Buffer.from(text))).toEqual([NaN, Infinity, -Infinity, -1500, 'NaN', { Infinity: [NaN] }])
    expect(parseJson(Buffer.from('-Infinity'))).toBe(-Infinity)
    expect(parseJson(Buffer.from(`${MARK} NaN `))).toBe(NaN)
  })

  test.skipIf(python === null)('what Python wrote', () => {
    const script = `
import json
print(json.dumps({"x": [float("nan"), float("inf"), -float("inf"), 0.1, -0.0, 1e22, "ü\\n\\u2028"], "y": None, "z": [True, False, {}]}))`
    const written = runPython(python!, script)
    expect(parseJson(Buffer.from(written))).toEqual({ x: [NaN, Infinity, -Infinity, 0.1, -0, 1e22, 'ü\n\u2028'], y: null, z: [true, false, {}] })
  })
})

describe('the reader of Python\'s JSON answers as JSON.parse', () => {
  test.each(['0', '-0', '1e999', '12.50E-3', '""', '"\\ud83d\\ude00 \\\\ \\" \\/ \\b\\f\\n\\r\\t"', 'null', 'true', 'false', '[]', '[ ]', '{}', '{ }',
    '[[],{}]', '{"a":1,"b":[2],"a":3}', '{"2":1,"1":2}', ' { "x" : { "y" : null } } '])('%s', (text) => {
    expect(readPythonJson(text, 0)).toEqual(JSON.parse(text))
  })

  test('a key __proto__ is a key like others', () => {
    const read = readPythonJson('{"__proto__": {"x": 1}}', 0) as object
    expect([Object.keys(read), 'x' in read]).toEqual([['__proto__'], false])
  })

  test.skipIf(shared === null)('every JSON file at hand', () => {
    const names = readdirSync(`${shared!}/data`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
    const files = names.map((name) => readFileSync(`${shared!}/data/${name}`))
    expect(files.length).toBeGreaterThan(5)
    for (const bytes of files) expect(readPythonJson(bytes.toString(), 0)).toEqual(parseJson(bytes))
  })
})

describe('refuses', () => {
  test.each([
    ['nothing', '', 'E_JSON_SYNTAX', 'the file is empty (0 bytes)', 0],
    ['blanks', ' \n', 'E_JSON_SYNTAX', 'expected a value at byte 2, found the end of the file', 2],
    ['text', 'hello', 'E_JSON_SYNTAX', 'expected a value at byte 0, found "h"', 0],
    ['two values', '[1] [2]', 'E_JSON_SYNTAX', 'expected the end at byte 4, found "["', 4],
    ['an object cut off', '{"people": [{"sco', 'E_JSON_SYNTAX', 'the string at byte 13 does not end, or holds a control character or an unknown escape', 13],
    ['a list cut off', '["ü", 1', 'E_JSON_SYNTAX', 'expected "," or "]" at byte 8, found the end of the file', 8],
    ['a comma too many', '{"a": 1,}', 'E_JSON_SYNTAX', 'expected a name in quotes at byte 8, found "}"', 8],
    ['a comma too few', '{"a": 1 "b": 2}', 'E_JSON_SYNTAX', 'expected "," or "}" at byte 8, found "\\""', 8],
    ['no colon', '{"a" 1}', 'E_JSON_SYNTAX', 'expected ":" at byte 5, found "1"', 5],
    ['a name without quotes', '{a: 1}', 'E_JSON_SYNTAX', 'expected a name in quotes at byte 1, found "a"', 1],
    ['quotes of Python', `['a']`, 'E_JSON_SYNTAX', 'expected a value at byte 1, found "\'"', 1],
    ['a number of C', '[01]', 'E_JSON_SYNTAX', 'expected "," or "]" at byte 2, found "1"', 2],
    ['a line break in a string', '["a\nb"]', 'E_JSON_SYNTAX', 'the string at byte 1 does not end, or holds a control character or an unknown escape', 1],
    ['an escape of C', '["\\x41"]', 'E_JSON_SYNTAX', 'the string at byte 1 does not end, or holds a control character or an unknown escape', 1],
    ['a backslash at the end', '"\\', 'E_JSON_SYNTAX', 'the string at byte 0 does not end, or holds a control character or an unknown escape', 0],
    ['words that are like numbers', '[nan]', 'E_JSON_SYNTAX', 'expected a value at byte 1, found "n"', 1],
    ['what comes after a mark', `${MARK}[😀]`, 'E_JSON_SYNTAX', 'expected a value at byte 4, found "😀"', 4],
    ['201 lists in one another', '['.repeat(201) + ']'.repeat(201), 'E_JSON_DEPTH', 'nested more than 200 deep at byte 200', 200],
    ['objects without bottom', '{"a":'.repeat(100_000), 'E_JSON_DEPTH', 'nested more than 200 deep at byte 1000', 1000],
  ])('%s', (_, text, code, message, offset) => {
    expect(answer(Buffer.from(text))).toMatchObject({ code, message, offset })
  })

  test.each([
    ['Latin-1', Buffer.from('["Übung"]', 'latin1'), 'byte 2 is no UTF-8: 0xdc', 2],
    ['UTF-16', Buffer.from('\ufeff[1]', 'utf16le'), 'byte 0 is no UTF-8: 0xff', 0],
    ['a character cut off, behind ones of one to four bytes', Buffer.from('"aü∿😀∿').subarray(0, -1), 'byte 11 is no UTF-8: 0xe2', 11],
    ['a byte of control', Buffer.from([0x22, 0x80, 0x22]), 'byte 1 is no UTF-8: 0x80', 1],
  ])('%s', (_, bytes, message, offset) => {
    expect(answer(bytes)).toMatchObject({ code: 'E_JSON_UTF8', message, offset, hint: 'save it again as UTF-8' })
  })

  test('more than is allowed', () => {
    expect(answer(Buffer.from('[1,2,3]'), 6)).toMatchObject({ code: 'E_JSON_LARGE', message: 'the file has 7 bytes, 6 are allowed', offset: 0 })
  })
})

test('2,000 mutated texts, read as JSON.parse reads them or refused', () => {
  const { read, refused } = fuzzJson({ iterations: 2000, seed: 1 })
  expect(read + refused).toBe(2000)
  expect(Math.min(read, refused)).toBeGreaterThan(50)
})

function nested(depth: number): unknown[] {
  return depth === 1 ? [] : [nested(depth - 1)]
}

function answer(bytes: Uint8Array, maxBytes?: number): unknown {
  try {
    return parseJson(bytes, maxBytes === undefined ? {} : { maxBytes })
  } catch (error) {
    return error
  }
}
