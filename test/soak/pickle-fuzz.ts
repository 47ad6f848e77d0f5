import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FormatError } from '../../src/ingest/readers/format-error.ts'
import { readPickle } from '../../src/ingest/readers/pickle.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { mutate } from './mat-fuzz.ts'

const MAX_BYTES = 2 ** 20
const folder = fileURLToPath(new URL('../fixtures/pickle', import.meta.url))

/**
 * Reads `iterations` mutated pickles: a third with changed bytes, a third with opcodes, lengths, names and memo indices put in place of others, a third made of
 * whole values by chance,
   with pieces that do not belong there. Throws when one is answered by anything but values that can be walked or FormatError with an offset inside the file,
     makes more than the
 * bytes allowed, or keeps the reader for more than 2 s.
 */
export function fuzzPickle({ iterations, seed }: { iterations: number; seed: number }): { read: number; refused: number } {
  const originals = readdirSync(folder).filter((name) => name.endsWith('.pkl')).sort().map((name) => readFileSync(`${folder}/${name}`))
  const counts = { read: 0, refused: 0 }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const random = randomAt({ seed, clip: 'pickle-fuzz', position: iteration })
    const original = pick(random, originals)
    const bytes = [() => mutate(original, random), () => mutateOpcodes(original, random), () => almostWhole(random)][random.integer(3)]!()
    const began = performance.now()
    counts[outcome(bytes, `mutation ${iteration} of seed ${seed}`)]++
    if (performance.now() - began > 2000) throw new Error(`mutation ${iteration} of seed ${seed} kept the reader for more than 2 s`)
  }
  return counts
}

/** Walks a value as its users do: into every container, to every value of every array. Answers how many bytes there are at least. */
export function weigh(value: unknown): number {
  if (value instanceof Uint8Array) return 0
  if (value instanceof Map) return [...value].reduce((sum, [key, one]) => sum + weigh(key) + weigh(one), 8)
  if (value instanceof Set || Array.isArray(value)) return [...value].reduce<number>((sum, one) => sum + weigh(one), 8)
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  const { kind, shape, values } = value as { kind: string; shape: readonly number[]; values: ArrayLike<unknown> }
  const cells = shape.reduce((product, size) => product * size, 1)
  if (!['ndarray', 'ndtexts', 'ndobjects'].includes(kind) || values.length !== cells) throw new Error(`an array of ${kind} and shape (${shape.join(', ')})`)
  if (ArrayBuffer.isView(values)) return values.byteLength
  return Array.from(values).reduce<number>((sum, one) => sum + weigh(one), 8)
}

function outcome(bytes: Buffer, name: string): 'read' | 'refused' {
  try {
    const made = weigh(readPickle(bytes, { maxBytes: MAX_BYTES }))
    if (made > 8 * MAX_BYTES) throw new Error(`${name} made ${made} bytes`)
    return 'read'
  } catch (error) {
    if (error instanceof FormatError && error.offset >= 0 && error.offset <= bytes.length) return 'refused'
    throw new Error(`${name} was answered by ${String(error)}`, { cause: error })
  }
}

const globals = ['numpy.core.multiarray\n_reconstruct\n', 'numpy._core.numeric\n_frombuffer\n', 'numpy.core.multiarray\nscalar\n', 'numpy\ndtype\n',
  'numpy\nndarray\n',
  '_codecs\nencode\n', 'collections\nOrderedDict\n', 'collections\ndefaultdict\n', 'builtins\nset\n', 'builtins\nbytearray\n',
    'torch._utils\n_rebuild_tensor_v2\n',
  'torch.storage\n_load_from_bytes\n', 'torch\nFloatStorage\n', 'os\nsystem\n'].map((name) => `c${name}`)
const texts = ['f4', 'i8', 'U2', 'S3', 'O8', 'b1', 'c16', 'latin1', 'utf16', 'C', 'F', 'K', '<', '>', '|', 'storage', 'Grüße'].map((text) => {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(0x8c, bytes.length), bytes]).toString('latin1')
})
const numbers = ['K\0', 'K\x01', 'K\x02', 'K\x03', 'J\xff\xff\xff\xff', 'J\xff\xff\xff\x7f', 'M\xff\xff', '\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x7f',
  'G\x7f\xf0\0\0\0\0\0\0',
  'I99999999999999999999\n', 'L-5L\n', 'F1e400\n', 'Fnan\n', 'I01\n']
const bytes = ['C\0', 'C\x04abcd', 'C\x08\0\0\0\0\0\0\0\x80', '\x8e\x04\0\0\0\0\0\0\0wxyz', '\x96\x02\0\0\0\0\0\0\0ab', 'B\xff\xff\xff\x7f',
  'X\xff\xff\xff\xff', '\x8d\xff\xff\xff\xff\xff\xff\xff\xff']
const plain = [...'(((.0122NNRRRabdest})]lo\x81\x85\x85\x86\x86\x87\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x94']
const memo = ['q\0', 'q\x01', 'q\x02', 'h\0', 'h\x01', 'h\x02', 'r\xff\xff\xff\xff', 'j\xff\xff\xff\xff', 'p2147483648\n', 'g0\n']
const calls = [
  'cnumpy\ndtype\n\x8c\x02f4\x85R', 'cnumpy\ndtype\n\x8c\x02i8\x89\x88\x87R(K\x03\x8c\x01>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb', 'cnumpy\ndtype\n\x8c\x02U1\x85R', 'cnumpy\ndtype\n\x8c\x02O8\x85R',
  'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR', '(K\x01K\x01K\x02\x86', 'cbuiltins\nset\n',
]
const kinds = [globals, texts, numbers, bytes, plain, plain, plain, memo, calls]

/** One to six opcodes put in place of, or between, other bytes; half of them where an opcode probably begins: behind a MEMOIZE, a BINPUT or a MARK. */
function mutateOpcodes(original: Buffer, random: Random): Buffer {
  let mutated = original
  for (let change = random.integer(6); change >= 0; change--) {
    const at = random.chance(0.5) ? random.integer(mutated.length) : opcodeNear(mutated, random.integer(mutated.length))
    const gone = random.chance(0.5) ? 0 : random.integer(4)
    mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from(piece(random), 'latin1'), mutated.subarray(at + gone)])
  }
  return mutated
}

function opcodeNear(file: Buffer, start: number): number {
  const at = file.findIndex((byte, index) => index >= start && (byte === 0x94 || byte === 0x28))
  return at < 0 ? start : at + 1
}

/** A value that is whole but for a piece or two that do not belong there. */
function almostWhole(random: Random): Buffer {
  return Buffer.from(`${valueByChance(random, 4)}.`, 'latin1')
}

function valueByChance(random: Random, depth: number): string {
  if (random.integer(40) === 0) return piece(random)
  const some = (): string => Array.from({ length: random.integer(4) }, () => valueByChance(random, depth - 1)).join('')
  const pair = (): string => `${valueByChance(random, depth - 1)}${valueByChance(random, depth - 1)}`
  const forms = [
    () => pick(random, numbers), () => pick(random, texts), () => pick(random, bytes), () => arrayByChance(random), () => pick(random, ['h\0', 'N', '\x88', ')',
      ']', '}']),
    () => `](${some()}e`, () => `](${some()}eq\0`, () => `(${some()}t`, () => `}(${pair()}u`, () => `\x8f(${some()}\x90`, () => `${pair()}\x86`,
      () => `ccollections\nOrderedDict\n)R${pair()}s`,
  ]
  return forms[random.integer(depth > 0 ? forms.length : 5)]!()
}

/** An array in one of its three ways, as often as not of as many cells as bytes. */
function arrayByChance(random: Random): string {
  const [dtype, width] = pick(random, [['f4', 4], ['i8', 8], ['U2', 8], ['S3', 3], ['b1', 1], ['O8', 0]] as const)
  const shape = pick(random, [')', 'K\x01\x85', 'K\x02\x85', 'K\x02K\x01\x86', 'K\0\x85', 'K\x01K\x02K\x03\x87', 'J\xff\xff\xff\x7f\x85'])
  const cells = [...shape.matchAll(/K(.)/gs)].reduce((product, [, size]) => product * size!.charCodeAt(0), 1) + (random.chance(0.1) ? 1 : 0)
  const content = Array.from({ length: cells * width }, () => String.fromCharCode(random.chance(0.7) ? 0 : random.integer(256))).join('')
  const stored = width === 0 ? `](${'N'.repeat(cells)}e` : `B${String.fromCharCode(content.length)}\0\0\0${content}`
  const size = /[US]/.test(dtype) ? `K${String.fromCharCode(width)}` : 'J\xff\xff\xff\xff'
  const type = `cnumpy\ndtype\nU\x02${dtype}\x89\x88\x87R(K\x03U\x01${pick(random, ['<', '>', '<'])}NNN${size}J\xff\xff\xff\xffK\0tb`
  return pick(random, [
    `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85C\x01btR(K\x01${shape}${type}${pick(random, ['\x88', '\x89'])}${stored}tb`,
    `cnumpy._core.numeric\n_frombuffer\n(${stored}${type}${shape}U\x01${pick(random, ['C', 'F'])}tR`,
    `cnumpy._core.numeric\n_frombuffer\n(${stored}${type}${shape}U\x01K${pick(random, ['K\0\x85', 'K\x01K\0\x86', 'K\x02K\0K\x01\x87', ')'])}tR`,
    `cnumpy.core.multiarray\nscalar\n(${type}${stored}tR`,
  ])
}

function piece(random: Random): string {
  return pick(random, pick(random, kinds))
}

function pick<One>(random: Random, from: readonly One[]): One {
  return from[random.integer(from.length)]!
}
