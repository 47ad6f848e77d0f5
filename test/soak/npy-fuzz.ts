import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FormatError } from '../../src/ingest/readers/format-error.ts'
import { readNpyArray } from '../../src/ingest/readers/npy.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { mutate } from './mat-fuzz.ts'
import { weigh } from './pickle-fuzz.ts'

const MAX_BYTES = 2 ** 20
const folders = ['npy', 'pickle'].map((name) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)))

/**
 * Reads `iterations` mutated .npy files: a third with changed bytes, a third with another header, a third with another header and changed bytes behind it.
 * Throws when one is answered by anything but an array of the shape it says or FormatError with an offset inside the file, makes more than the bytes allowed,
 * or keeps the reader for more than 2 s.
 */
export function fuzzNpy({ iterations, seed }: { iterations: number; seed: number }): { read: number; refused: number } {
  const names = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.npy')).sort().map((name) => `${folder}/${name}`))
  const originals = names.map((name) => readFileSync(name))
  const counts = { read: 0, refused: 0 }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const random = randomAt({ seed, clip: 'npy-fuzz', position: iteration })
    const original = originals[random.integer(originals.length)]!
    const content = original.subarray(10 + original.readUInt16LE(8))
    const bytes = [() => mutate(original, random), () => withHeader(content, random), () => withHeader(mutate(content, random), random)][random.integer(3)]!()
    const began = performance.now()
    counts[outcome(bytes, `mutation ${iteration} of seed ${seed}`)]++
    if (performance.now() - began > 2000) throw new Error(`mutation ${iteration} of seed ${seed} kept the reader for more than 2 s`)
  }
  return counts
}

function outcome(bytes: Buffer, name: string): 'read' | 'refused' {
  try {
    const made = weigh(readNpyArray(bytes, { maxBytes: MAX_BYTES }))
    if (made > 8 * MAX_BYTES) throw new Error(`${name} made ${made} bytes`)
    return 'read'
  } catch (error) {
    if (error instanceof FormatError && error.offset >= 0 && error.offset <= bytes.length) return 'refused'
    throw new Error(`${name} was answered by ${String(error)}`, { cause: error })
  }
}

const dtypes = ['|b1', '|i1', '<i2', '>i2', '<i4', '<u8', '>i8', '<f2', '>f4', '<f8', '<f16', '<c8', '<U1', '>U2', '<U0', '|S1', '|S3', '|S0', '<U999999', '|O',
  '|V4', '<M8[ns]', '', 'f', '<f8é']
const sizes = ['0', '1', '2', '3', '4', '6', '8', '24', '4294967296', '9007199254740991', '9007199254740992', '99999999999999999999999', '-1', '3L', '1e3',
  '1 2', '']

/** A header of version 1, 2 or 3 that says something else, often as many bytes as there are. */
function withHeader(content: Buffer, random: Random): Buffer {
  const pick = (from: readonly string[]): string => from[random.integer(from.length)]!
  const descr = pick(dtypes)
  const width = Number(/\d+$/.exec(descr)?.[0] ?? 1) * (descr.includes('U') ? 4 : 1)
  const fitting = `${Math.floor(content.length / Math.max(1, width))},`
  const shape = random.chance(0.5) ? fitting : Array.from({ length: random.integer(5) }, () => pick(sizes)).join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': ${random.chance(0.5) ? 'True' : 'False'}, 'shape': (${shape}), }`.padEnd(117)
  const header = Buffer.from(`${text}\n`, random.chance(0.5) ? 'latin1' : 'utf8')
  const version = 1 + random.integer(3)
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  length.writeUIntLE(header.length, 0, length.length)
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, header, content])
}
