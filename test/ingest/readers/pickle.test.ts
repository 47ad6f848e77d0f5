import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readPickle } from '../../../src/ingest/readers/pickle.ts'

describe('reads what CPython wrote (test/fixtures/pickle/make.py)', () => {
  test.each([0, 1, 2, 3, 4, 5])('in protocol %i', (protocol) => {
    expect(valuesOf(protocol)).toEqual(new Map<string, unknown>([
      ['none', null], ['booleans', [true, false]],
      ['integers', [0, 255, 256, 65535, 65536, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2n ** 53n), 2n ** 63n, -(2n ** 63n), 10n ** 30n]],
      ['floats', [0.5, -0, 1e300, 1e-300, Infinity, -Infinity, NaN]],
      ['texts', ['', 'plain', 'Grüße', '日本', '🙂', 'a\\b\nc\0\x1a', 'long '.repeat(60)]],
      ['bytes', [new Uint8Array(0), Uint8Array.of(0, 0x7f, 0x80, 0xff), new Uint8Array(300).fill(0x78)]],
      ['bytearray', [new Uint8Array(0), Uint8Array.of(1, 0xfe)]],
      ['tuples', [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]], ['nested', [[], [1], [[2], new Map()], new Map([['a', new Map([[1, 'b']])]])]],
      ['sets', [new Set(), new Set([1]), new Set(), new Set([2])]], ['ordered', new Map([['b', 1], ['a', 2]])], ['default', new Map([['a', [1]]])],
      ['shared', [['shared'], ['shared']]],
    ]))
  })

  test.each([0, 1, 2, 3, 4, 5])('keeps what is shared in protocol %i shared', (protocol) => {
    const shared = valuesOf(protocol).get('shared') as unknown[]
    expect(shared[0]).toBe(shared[1])
  })
})

describe('reads opcodes', () => {
  // pickletools.opcodes of CPython 3.11 says what each of them takes and leaves
  test.each<readonly [string, string, unknown]>([
    ['INT of True and False', 'I01\n.', true], ['INT', 'I-12\n.', -12], ['INT beyond 2^53', 'I9007199254740993\n.', 9007199254740993n],
    ['LONG', 'L12L\n.', 12], ['LONG without its L', 'L12\n.', 12], ['LONG1 of no bytes', '\x8a\x00.', 0], ['LONG4', '\x8b\x02\x00\x00\x00\xff\x7f.', 32767],
    ['FLOAT', 'F1.5\n.', 1.5], ['FLOAT with an exponent', 'F-1e+20\n.', -1e20], ['FLOAT that is none', 'Fnan\n.', NaN],
    ['STRING', 'S\'a\\\'b\\n\\x41\\101\\q\\\\\'\n.', 'a\'b\nAA\\q\\'], ['STRING in double quotes', 'S"it\'s"\n.', 'it\'s'],
    ['BINSTRING', 'T\x02\x00\x00\x00\xe9!.', 'é!'], ['SHORT_BINSTRING', 'U\x01\xff.', 'ÿ'],
    ['UNICODE', 'V\\u65e5\\U0001f642\xe9\n.', '日🙂é'], ['BINUNICODE8', '\x8d\x01\x00\x00\x00\x00\x00\x00\x00a.', 'a'],
    ['BINBYTES8', '\x8e\x01\x00\x00\x00\x00\x00\x00\x00\xff.', Uint8Array.of(255)], ['BYTEARRAY8', '\x96\x00\x00\x00\x00\x00\x00\x00\x00.', new Uint8Array(0)],
    ['LIST', '(K\x01K\x02l.', [1, 2]], ['DICT', '(K\x01K\x02d.', new Map([[1, 2]])], ['TUPLE', '(K\x01t.', [1]],
    ['APPEND', ']K\x01a.', [1]], ['SETITEM', '}K\x01Ns.', new Map([[1, null]])], ['ADDITEMS', '\x8f(K\x01\x90.', new Set([1])], ['FROZENSET', '(K\x01\x91.',
      new Set([1])],
    ['POP', 'K\x01K\x020.', 1], ['POP of a mark', 'K\x01(0.', 1], ['POP_MARK', 'K\x01(K\x02K\x031.', 1], ['DUP', 'K\x012\x86.', [1, 1]],
    ['PUT and GET', 'K\x01p7\n0g7\n.', 1], ['BINPUT and BINGET', 'K\x01q\xff0h\xff.', 1],
    ['LONG_BINPUT and LONG_BINGET, at an index that would not fit memory', 'K\x01r\xff\xff\xff\xff0j\xff\xff\xff\xff.', 1],
    ['MEMOIZE', 'K\x01\x94K\x02\x94h\x00\x86.', [2, 1]],
    ['PROTO and FRAME', '\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.', null],
    ['GLOBAL and REDUCE', 'c__builtin__\nset\n(]K\x01atR.', new Set([1])], ['STACK_GLOBAL', '\x8c\x08builtins\x8c\x09frozenset\x93)R.', new Set()],
    ['NEWOBJ', 'ccollections\nOrderedDict\n)\x81.', new Map()], ['NEWOBJ_EX', 'ccollections\nOrderedDict\n)}\x92.', new Map()],
    ['INST', '(]K\x01ai__builtin__\nset\n.', new Set([1])], ['OBJ', '(c__builtin__\nset\n]K\x01ao.', new Set([1])],
    ['an OrderedDict of Python 2', 'ccollections\nOrderedDict\n(]]K\x01aK\x02aatR.', new Map([[1, 2]])],
    ['a defaultdict without a factory', 'ccollections\ndefaultdict\n(NtR.', new Map()], ['a set of nothing', 'c__builtin__\nset\n)R.', new Set()],
    ['a bytearray of text', 'c__builtin__\nbytearray\n(U\x02\xe9!U\x07latin-1tR.', Uint8Array.of(0xe9, 0x21)],
    ['a number of numpy in a string of Python 2', `cnumpy.core.multiarray\nscalar\n(${dtype('f4')}U\x04\0\0\xc0?tR.`, 1.5],
    ['an object of numpy', `cnumpy.core.multiarray\nscalar\n(${dtype('O8')}NtR.`, null],
    ['an array in a string of Python 2',
      `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\x01btR(K\x01(K\x02t${dtype('i2')}I00\nU\x04\x01\0\xff\xfftb.`,
      { kind: 'ndarray', dtype: '<i2', shape: [2], values: Float32Array.of(1, -1) }],
    ['bytes of text', 'c_codecs\nencode\n(X\x02\x00\x00\x00\xc3\xa9X\x06\x00\x00\x00latin1tR.', Uint8Array.of(0xe9)],
  ])('%s', (_, text, value) => {
    expect(readPickle(Buffer.from(text, 'latin1'))).toEqual(value)
  })

  test('bytes are views of the file', () => {
    const file = Uint8Array.of(0x43, 2, 8, 9, 0x2e)
    expect((readPickle(file) as Uint8Array).buffer).toBe(file.buffer)
  })
})

/** numpy.dtype(name), the byte order of which its state would say. */
function dtype(name: string): string {
  return `cnumpy\ndtype\nU${String.fromCharCode(name.length)}${name}\x85R`
}

function valuesOf(protocol: number): Map<string, unknown> {
  return readPickle(readFileSync(fileURLToPath(new URL(`../../fixtures/pickle/values_${protocol}.pkl`, import.meta.url)))) as Map<string, unknown>
}
