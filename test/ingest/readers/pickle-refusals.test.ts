import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../../src/ingest/readers/format-error.ts'
import { readPickle } from '../../../src/ingest/readers/pickle.ts'
import { fuzzPickle } from '../../soak/pickle-fuzz.ts'

const [set, dtype] = ['c__builtin__\nset\n', 'cnumpy\ndtype\n']
const f4 = `${dtype}(U\x02f4\x89\x88tR`

describe('runs nothing', () => {
  test('a pickle that would call os.system', () => {
    // pickle.dumps of an object whose __reduce__ is (os.system, ('echo hello',)), protocol 0
    expect(refusal('cposix\nsystem\np0\n(Vecho hello\np1\ntp2\nRp3\n.')).toMatchObject({
      code: 'E_PICKLE_GLOBAL', offset: 0, message: 'GLOBAL at byte 0 asks for posix.system, which is not read: nothing in a pickle is run',
      hint: 'numbers, text, lists, tuples, dicts, sets, arrays of numpy and tensors of torch are read: save it again as these',
    })
  })

  test.each([
    ['by its name on the stack', '\x8c\x02os\x8c\x06system\x93.', 'STACK_GLOBAL at byte 12 asks for os.system, which is not read: nothing in a pickle is run',
      12],
    ['as a class', '(ios\nsystem\n.', 'INST at byte 1 asks for os.system, which is not read: nothing in a pickle is run', 1],
    ['eval', 'c__builtin__\neval\n.', 'GLOBAL at byte 0 asks for __builtin__.eval, which is not read: nothing in a pickle is run', 0],
    ['a part of something known', 'cnumpy\ndtype.__init__\n.', 'GLOBAL at byte 0 asks for numpy.dtype.__init__, which is not read: nothing in a pickle is run',
      0],
    ['complex numbers', 'c__builtin__\ncomplex\n.', 'GLOBAL at byte 0 asks for __builtin__.complex, which is not read: nothing in a pickle is run', 0],
    ['names with control characters', 'c\x1b[2J\nx\n.', 'GLOBAL at byte 0 asks for \\u001b[2J.x, which is not read: nothing in a pickle is run', 0],
  ])('%s', (_, text, message, offset) => {
    expect(refusal(text)).toMatchObject({ code: 'E_PICKLE_GLOBAL', message, offset })
  })

  test('not even in the bytes of a tensor', () => {
    expect(refusal(`${loadFromBytes('cnumpy\ndtype\n.')}.`)).toMatchObject({
      code: 'E_PICKLE_GLOBAL', offset: 37, message: 'GLOBAL at byte 37 asks for numpy.dtype, which is not read: nothing in a pickle is run',
      hint: 'the bytes of a tensor hold numbers and nothing else' })
  })
})

describe('refuses', () => {
  test.each<readonly [string, string, string, string, number]>([
    ['an empty file', '', 'E_PICKLE_SHORT', 'the pickle ends at byte 0 without a STOP', 0],
    ['what is cut off', 'X\x05\x00\x00\x00ab', 'E_PICKLE_SHORT', 'BINUNICODE at byte 0 needs 5 bytes, 2 are left', 0],
    ['a line without an end', 'I12', 'E_PICKLE_SHORT', 'INT at byte 0 finds no end of its line', 0],
    ['a frame that is cut off', '\x95\xff\xff\xff\xff\xff\xff\xff\xffN.', 'E_PICKLE_SHORT', 'FRAME at byte 0 needs 18446744073709552000 bytes, 2 are left', 0],
    ['what follows the STOP', 'N.N', 'E_PICKLE_TRAILING', 'the pickle ends at byte 2, and 1 bytes follow', 2],
    ['another format', '\x89PNG', 'E_PICKLE_SHORT', 'PERSID at byte 1 finds no end of its line', 1],
    ['an unknown opcode', 'N\xff', 'E_PICKLE_OPCODE', 'the byte 0xff at byte 1 is no opcode that is read', 1],
    ['extensions', '\x82\x01.', 'E_PICKLE_OPCODE', 'the byte 0x82 at byte 0 is no opcode that is read', 0],
    ['a later protocol', '\x80\x06N.', 'E_PICKLE_PROTOCOL', 'PROTO at byte 0 says protocol 6; 0 to 5 are read', 0],
    ['a stack without a value', '.', 'E_PICKLE_STACK', 'STOP at byte 0 finds nothing on the stack', 0],
    ['a value under a mark', 'N(.', 'E_PICKLE_STACK', 'STOP at byte 2 finds nothing on the stack', 2],
    ['a stack without a mark', 'Nt.', 'E_PICKLE_STACK', 'TUPLE at byte 1 finds no mark on the stack', 1],
    ['a key without a value', '(Nd.', 'E_PICKLE_STACK', 'DICT at byte 2 finds 1 keys and values, which are no pairs', 2],
    ['an entry of the memo that is not there', 'Nq\x000h\x07.', 'E_PICKLE_MEMO', 'BINGET at byte 4 asks for entry 7 of the memo, which has 1 others', 4],
    ['a negative entry of the memo', 'Np-1\n.', 'E_PICKLE_MEMO', 'PUT at byte 1 asks for entry -1 of the memo', 1],
    ['an entry beyond 2^53', 'Np99999999999999999999\n.', 'E_PICKLE_MEMO', 'PUT at byte 1 asks for entry 99999999999999999999 of the memo', 1],
    ['an integer that is none', 'I1x\n.', 'E_PICKLE_TEXT', 'INT at byte 0 is no integer: "1x"', 0],
    ['an integer of too many digits', `I${'1'.repeat(5000)}\n.`, 'E_PICKLE_TEXT', `INT at byte 0 is no integer: "${'1'.repeat(40)}"`, 0],
    ['an integer of too many bytes', `\x8b\x00\x08\x00\x00${'x'.repeat(2048)}.`, 'E_PICKLE_LARGE',
      'LONG4 at byte 0 is an integer of 2048 bytes, 1024 are the most', 0],
    ['a float that is none', 'F1,5\n.', 'E_PICKLE_TEXT', 'FLOAT at byte 0 is no float: "1,5"', 0],
    ['a float that no double holds', 'F1e400\n.', 'E_PICKLE_TEXT', 'FLOAT at byte 0 is no float: "1e400"', 0],
    ['text without quotes', 'Sab\n.', 'E_PICKLE_TEXT', 'STRING at byte 0 is no text in quotes: "ab"', 0],
    ['text with one quote', 'S\'\n.', 'E_PICKLE_TEXT', 'STRING at byte 0 is no text in quotes: "\'"', 0],
    ['a character beyond Unicode', 'V\\U00110000\n.', 'E_PICKLE_TEXT', 'UNICODE at byte 0 is no character: "\\\\U00110000"', 0],
    ['text that is no UTF-8', 'X\x01\x00\x00\x00\xff.', 'E_PICKLE_TEXT', 'BINUNICODE at byte 0 holds 1 bytes that are no UTF-8', 0],
    ['adding to what is no list', 'NNa.', 'E_PICKLE_CALL', 'APPEND at byte 2 adds to None in place of a list', 2],
    ['adding to what is no dict', ']NNs.', 'E_PICKLE_CALL', 'SETITEM at byte 3 adds to a list in place of a dict', 3],
    ['adding to what is no set', '}(N\x90.', 'E_PICKLE_CALL', 'ADDITEMS at byte 3 adds to a dict in place of a set', 3],
    ['calling text', 'Va\n)R.', 'E_PICKLE_CALL', 'REDUCE at byte 4 calls text, which makes nothing that is read', 4],
    ['calling an array', `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\ntR)R.`, 'E_PICKLE_CALL',
      'REDUCE at byte 55 calls an array, which makes nothing that is read', 55],
    ['calling nothing', '(o.', 'E_PICKLE_CALL', 'OBJ at byte 1 calls None, which makes nothing that is read', 1],
    ['calling a type', 'c__builtin__\nint\n)R.', 'E_PICKLE_CALL', 'REDUCE at byte 18 calls __builtin__.int, which makes nothing that is read', 18],
    ['arguments that are no tuple', `${set}NR.`, 'E_PICKLE_CALL', 'REDUCE at byte 18 calls __builtin__.set with None in place of a tuple', 18],
    ['keywords', `${set})}NNs\x92.`, 'E_PICKLE_CALL', 'NEWOBJ_EX at byte 22 calls with a dict in place of no keywords', 22],
    ['a name that is no text', 'K\x01K\x02\x93.', 'E_PICKLE_CALL', 'STACK_GLOBAL at byte 4 names a number in place of text', 4],
    ['a persistent id', 'Pabc\n.', 'E_PICKLE_PERSISTENT', 'PERSID at byte 0 asks for an object that lies outside the pickle', 0],
    ['a persistent id on the stack', 'NQ.', 'E_PICKLE_PERSISTENT', 'BINPERSID at byte 1 asks for an object that lies outside the pickle', 1],
    ['the state of a dict', '})b.', 'E_PICKLE_CALL', 'BUILD at byte 2 sets the state of a dict; only dtypes and arrays have one', 2],
    ['a state that is no tuple', '}\x88b.', 'E_PICKLE_CALL', 'BUILD at byte 2 gives a dict a boolean in place of a tuple for its state', 2],
    ['a class where a value must be', `${set}.`, 'E_PICKLE_VALUE', 'STOP at byte 17 leaves __builtin__.set, which is no value', 17],
    ['a dtype in a dict', `}N${f4}s.`, 'E_PICKLE_VALUE', 'STOP at byte 25 leaves the dtype <f4, which is no value', 25],
  ])('%s', (_, text, code, message, offset) => {
    expect(refusal(text)).toMatchObject({ code, message, offset })
  })
})

describe('arrays', () => {
  const array = 'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tC\x01btR'
  const buffer = 'cnumpy._core.numeric\n_frombuffer\n'
  const [f4s, objects] = [`${dtype}U\x02f4\x85R`, `${dtype}U\x02O8\x85R`]

  test.each<readonly [string, string, string, string]>([
    ['of complex numbers', `${dtype}U\x03c16\x85R.`, 'E_PICKLE_DTYPE', 'makes the dtype "c16"; booleans, integers, floats, text and objects are read'],
    ['of a dtype without a name', `${dtype})R.`, 'E_PICKLE_CALL', 'calls numpy.dtype with ()'],
    ['of records', `${f4s}(K\x03U\x01|NU\x01aNtb.`, 'E_PICKLE_DTYPE', 'makes a dtype of records, which are not read'],
    ['of an unknown byte order', `${f4s}(K\x03U\x01?NNNtb.`, 'E_PICKLE_DTYPE', 'makes the dtype "?f4"; booleans, integers, floats, text and objects are read'],
    ['of another class', 'cnumpy.core.multiarray\n_reconstruct\n)R.', 'E_PICKLE_CALL', 'calls numpy._reconstruct with ()'],
    ['without a shape', `${array}(K\x01N${f4s}\x89C\x00tb.`, 'E_PICKLE_CALL',
      'calls numpy.ndarray.__setstate__ with (a number, None, the dtype <f4, a boolean, bytes)'],
    ['without bytes', `${array}(K\x01)${f4s}\x89Ntb.`, 'E_PICKLE_CALL',
      'calls numpy.ndarray.__setstate__ with (a number, a list, the dtype <f4, a boolean, None)'],
    ['of a negative shape', `${array}(K\x01(J\xff\xff\xff\xfft${f4s}\x89C\x00tb.`, 'E_NDARRAY_SHAPE', 'an array of shape (-1)'],
    ['of a shape of text', `${array}(K\x01(U\x01at${f4s}\x89C\x00tb.`, 'E_NDARRAY_SHAPE', 'an array of shape (string)'],
    ['of 65 dimensions', `${array}(K\x01(${'K\x01'.repeat(65)}t${f4s}\x89C\x00tb.`, 'E_NDARRAY_SHAPE',
      `an array of shape (${Array(64).fill(1).join(', ')}, ...)`],
    ['of more cells than bytes', `${array}(K\x01K\x02K\x03\x86${f4s}\x89C\x04abcdtb.`, 'E_NDARRAY_LENGTH',
      'an array of shape (2, 3) and 4 bytes a cell takes 24 bytes'],
    ['of more objects than cells', `${array}(K\x01)${objects}\x89]NaNatb.`, 'E_NDARRAY_LENGTH', 'fills 1 cells of an array with 2 objects'],
    ['of objects that are no list', `${array}(K\x01)${objects}\x89Ntb.`, 'E_NDARRAY_LENGTH', 'fills 1 cells of an array with None'],
    ['of integers beyond 2^53', `${array}(K\x01)${dtype}U\x02u8\x85R\x89C\x08${'\xff'.repeat(8)}tb.`, 'E_NDARRAY_VALUE',
      'the integer 18446744073709551615 in cell 0'],
    ['of numbers that are no characters', `${array}(K\x01)${dtype}U\x02U1\x85R\x89C\x04\0\0\x11\0tb.`, 'E_NDARRAY_VALUE', 'cell 0 of the array of text'],
    ['from text beyond Latin-1', `${array}(K\x01)${f4s}\x89V\\u65e5\ntb.`, 'E_PICKLE_TEXT', 'takes text beyond Latin-1 for bytes'],
    ['from a buffer that is none', `${buffer}(N${f4s})U\x01CtR.`, 'E_PICKLE_CALL', 'calls numpy._frombuffer with (None, the dtype <f4, a list, text)'],
    ['from a buffer in no order', `${buffer}(C\x04abcd${f4s})U\x01KtR.`, 'E_PICKLE_CALL', 'calls numpy._frombuffer with (bytes, the dtype <f4, a list, text)'],
    ['from a buffer whose axes are turned twice', `${buffer}(C\x04abcd${f4s}K\x01K\x01\x86U\x01KK\x00K\x00\x86tR.`, 'E_PICKLE_CALL',
      'calls numpy._frombuffer with (bytes, the dtype <f4, a list, text, a list)'],
    ['of one number without a dtype', 'cnumpy.core.multiarray\nscalar\n)R.', 'E_PICKLE_CALL', 'calls numpy.scalar with ()'],
    ['of one number without bytes', `cnumpy.core.multiarray\nscalar\n(${f4s}NtR.`, 'E_PICKLE_CALL', 'calls numpy.scalar with (the dtype <f4, None)'],
    ['of one number of two', `cnumpy.core.multiarray\nscalar\n(${f4s}C\x08abcdabcdtR.`, 'E_NDARRAY_LENGTH',
      'an array of shape () and 4 bytes a cell takes 4 bytes'],
  ])('%s', (_, text, code, message) => {
    expect(refusal(text)).toMatchObject({ code, message: expect.stringContaining(message) })
  })
})

describe('containers', () => {
  test.each<readonly [string, string, string]>([
    ['an encoding that is not Latin-1', 'c_codecs\nencode\n(U\x01aU\x05utf16tR.', 'REDUCE at byte 28 calls _codecs.encode with (text, text)'],
    ['bytes of a number', 'c__builtin__\nbytearray\nK\x05\x85R.', 'REDUCE at byte 26 calls bytearray with (a number)'],
    ['a set of a number', `${set}K\x05\x85R.`, 'REDUCE at byte 20 calls set with (a number)'],
    ['an ordered dict of no pairs', 'ccollections\nOrderedDict\n]Na\x85R.', 'REDUCE at byte 29 calls collections.OrderedDict with (a list)'],
    ['a default that would be called', 'ccollections\ndefaultdict\nVabc\n\x85R.', 'REDUCE at byte 31 calls collections.defaultdict with (text)'],
    ['ten arguments', `${set}(${'N'.repeat(10)}tR.`, 'REDUCE at byte 29 calls set with (None, None, None, None, None, None, None, None, ...)'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'E_PICKLE_CALL', message })
  })
})

describe('tensors', () => {
  const real = readFileSync(fileURLToPath(new URL('../../fixtures/pickle/tensors_5.pkl', import.meta.url))).toString('latin1')
  const saved = real.slice(real.indexOf('\x80\x02\x8a\nl'), real.indexOf('\x06\0\0\0\0\0\0\0') + 8 + 48)
  const storage = loadFromBytes(saved)
  const rebuilt = (args: string): string => `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${args}tR.`

  test('are read when whole', () => {
    expect(readPickle(Buffer.from(rebuilt('K\x01K\x02\x85K\x02\x85'), 'latin1'))).toMatchObject({ dtype: '<i8', shape: [2], values: Float64Array.of(1, 3) })
  })

  test.each<readonly [string, string, string, string]>([
    ['that end outside their storage', rebuilt('K\x01K\x03\x85K\x03\x85'), 'E_NDARRAY_LENGTH', 'an array whose last cell is cell 7 of 6'],
    ['of one number that claim 2^31', rebuilt('K\x00J\xff\xff\xff\x7f\x85K\x00\x85'), 'E_PICKLE_LARGE', 'takes more than the 1048576 bytes allowed'],
    ['of a negative stride', rebuilt('K\x05K\x02\x85J\xff\xff\xff\xff\x85'), 'E_PICKLE_CALL',
      'calls torch._utils._rebuild_tensor_v2 with (a storage of torch, a number, a list, a list)'],
    ['with more sizes than strides', rebuilt('K\x00K\x02\x85)'), 'E_PICKLE_CALL', 'calls torch._utils._rebuild_tensor_v2'],
    ['without a storage', 'ctorch._utils\n_rebuild_tensor_v2\n)R.', 'E_PICKLE_CALL', 'calls torch._utils._rebuild_tensor_v2 with ()'],
    ['from what is no bytes', 'ctorch.storage\n_load_from_bytes\n)R.', 'E_PICKLE_CALL', 'calls torch.storage._load_from_bytes with ()'],
    ['from bytes of another kind', `${loadFromBytes('N.N.')}.`, 'E_PICKLE_TORCH', 'ends no magic number and version of torch.save'],
    ['from a big-endian system', `${loadFromBytes(saved.replace('endianq\x02\x88', 'endianq\x02\x89'))}.`, 'E_PICKLE_TORCH',
      'ends no description of a little-endian system'],
    ['from a storage that is none', `${loadFromBytes(saved.replace('tq\x04Q.', 'tq\x04N.'))}.`, 'E_PICKLE_TORCH', 'ends None in place of a storage'],
    ['from a part of a storage', `${loadFromBytes(saved.replace('K\x06Ntq', 'K\x06)tq'))}.`, 'E_PICKLE_TORCH', 'asks for something other than a whole storage'],
    ['from a line', `${loadFromBytes(`${saved.slice(0, saved.lastIndexOf('(X'))}Pcpu\n.`)}.`, 'E_PICKLE_TORCH',
      'asks for something other than a whole storage'],
    ['from a module', `${loadFromBytes(saved.replace('\x07\0\0\0storage', '\x06\0\0\0module'))}.`, 'E_PICKLE_TORCH',
      'asks for something other than a whole storage'],
    ['from several storages', `${loadFromBytes(saved.replace('q\x01a.\x06', 'q\x01aNa.\x06'))}.`, 'E_PICKLE_TORCH', 'list of one key'],
    ['from fewer numbers than announced', `${loadFromBytes(saved.replace('K\x06N', 'K\x07N'))}.`, 'E_PICKLE_TORCH', 'has 6 numbers, 7 were announced'],
    ['of complex numbers', `${loadFromBytes(saved.replace('LongStorage', 'ComplexFloatStorage'))}.`, 'E_PICKLE_GLOBAL', 'asks for torch.ComplexFloatStorage'],
    ['whose numbers are cut off', `${loadFromBytes(saved.slice(0, -8))}.`, 'E_PICKLE_SHORT', 'needs 48 bytes, 40 are left'],
  ])('%s', (_, text, code, message) => {
    expect(refusal(text)).toMatchObject({ code, message: expect.stringContaining(message) })
  })
})

describe('holds out against', () => {
  test.each([
    ['a list in itself', ']q\0h\0a.', 'STOP at byte 6 leaves a list that holds itself'],
    ['a dict in a list in itself', '}q\0N]h\0as.', 'STOP at byte 9 leaves a dict that holds itself'],
    ['a set of itself', '\x8fq\0(h\0\x90.', 'STOP at byte 7 leaves a set that holds itself'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'E_PICKLE_CYCLE', message })
  })

  test('lists in lists in lists', () => {
    expect(readPickle(Buffer.from(`${']'.repeat(256)}${'a'.repeat(255)}.`))).toHaveLength(1)
    const message = 'STOP at byte 513 leaves values nested in more than 256 levels'
    expect(refusal(`${']'.repeat(257)}${'a'.repeat(256)}.`)).toMatchObject({ code: 'E_PICKLE_DEPTH', message })
  })

  test('lists that are shared by lists in lists', () => {
    const deep = (levels: number): string => `${']'.repeat(levels)}${'a'.repeat(levels - 1)}`
    expect(refusal(`${deep(200)}q\0${']'.repeat(100)}h\0${'a'.repeat(100)}\x86.`)).toMatchObject({ code: 'E_PICKLE_DEPTH' })
  })

  test('text of a quarter of a gigabyte', () => {
    const file = Buffer.alloc(2 ** 28 + 6)
    file.write('X\x01\0\0\x10', 'latin1')
    expect(refusal(file)).toMatchObject({ code: 'E_PICKLE_LARGE', message: 'BINUNICODE at byte 0 holds text of 268435457 bytes, 268435456 are the most' })
  })

  test('2,000 mutated pickles', () => {
    const { read, refused } = fuzzPickle({ iterations: 2000, seed: 1 })
    expect(refused).toBeGreaterThan(1000)
    expect(read).toBeGreaterThan(200)
  })

  test('pairs of pairs of pairs', () => {
    expect(refusal(`N${'2\x86'.repeat(60)}.`)).toMatchObject({ code: 'E_PICKLE_LARGE',
      message: 'STOP at byte 121 leaves more than 131072 values, counted each time they are shared' })
  })

  test.each([
    ['many containers', ']'.repeat(10_000)], ['many values', 'N'.repeat(100_000)], ['many marks', '('.repeat(100_000)], ['many entries of the memo',
      `N${'\x94'.repeat(100_000)}`],
    ['the same text over and over', `U\xff${'x'.repeat(255)}q\0${`0c_codecs\nencode\n(h\0U\x06latin1tR`.repeat(5000)}`],
  ])('%s', (_, text) => {
    expect(refusal(text)).toMatchObject({ code: 'E_PICKLE_LARGE',
      message: expect.stringMatching(/^what the file unpacks to takes more than the 1048576 bytes allowed \(byte \d+\)$/) })
  })
})

function refusal(file: string | Buffer): FormatError {
  try {
    readPickle(typeof file === 'string' ? Buffer.from(file, 'latin1') : file, { maxBytes: 2 ** 20 })
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
  throw new Error('it was read')
}

/** The call that makes a storage of torch out of bytes; they begin at byte 37. */
function loadFromBytes(bytes: string): string {
  return `ctorch.storage\n_load_from_bytes\nB${String.fromCharCode(bytes.length & 255, bytes.length >> 8, 0, 0)}${bytes}\x85R`
}
