import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync, inflateSync } from 'node:zlib'
import { FormatError } from '../../src/ingest/readers/format-error.ts'
import { readMat } from '../../src/ingest/readers/mat.ts'
import { type Random, randomAt } from '../../src/random.ts'

const MAX_BYTES = 2 ** 20
const folder = fileURLToPath(new URL('../fixtures/mat', import.meta.url))

/**
 * Reads `iterations` mutated copies of the fixtures, half of them mutated inside their compressed elements. Throws when one is answered by anything
 * but FormatError with an offset inside the file, makes more than the bytes allowed, or keeps the reader for more than 5 s.
 */
export function fuzzMat({ iterations, seed }: { iterations: number; seed: number }): { read: number; refused: number } {
  const originals = readdirSync(folder).filter((name) => name.endsWith('.mat')).sort().map((name) => readFileSync(`${folder}/${name}`))
  const counts = { read: 0, refused: 0 }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const random = randomAt({ seed, clip: 'mat-fuzz', position: iteration })
    const original = originals[random.integer(originals.length)]!
    const bytes = random.chance(0.5) ? mutateInside(original, random) : mutate(original, random)
    const began = performance.now()
    counts[outcome(bytes, iteration)]++
    if (performance.now() - began > 5000) throw new Error(`mutation ${iteration} of seed ${seed} kept the reader for more than 5 s`)
  }
  return counts
}

function outcome(bytes: Buffer, iteration: number): 'read' | 'refused' {
  try {
    const { variables } = readMat(bytes, { maxBytes: MAX_BYTES })
    const made = [...variables.values()].reduce((sum, variable) => sum + (variable.kind === 'numbers' ? variable.values.byteLength : 0), 0)
    if (made > MAX_BYTES) throw new Error(`mutation ${iteration} made ${made} bytes`)
    return 'read'
  } catch (error) {
    if (error instanceof FormatError && error.offset >= 0 && error.offset <= bytes.length) return 'refused'
    throw new Error(`mutation ${iteration} was answered by ${String(error)}`, { cause: error })
  }
}

/** One to four changes: a bit, a byte, a word of an extreme size, a cut, a repeat, a piece moved. */
export function mutate(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original)
  for (let change = random.integer(4); change >= 0 && bytes.length > 8; change--) {
    const at = random.integer(bytes.length)
    switch (random.integer(6)) {
      case 0: bytes[at]! ^= 1 << random.integer(8); break
      case 1: bytes[at] = random.integer(256); break
      case 2: bytes.writeUInt32LE([0, 1, 7, 14, 15, 0x7fffffff, 0x80000000, 0xffffffff, random.integer(2 ** 16)][random.integer(9)]!,
        Math.min(at & ~3, bytes.length - 4)); break
      case 3: bytes = bytes.subarray(0, at); break
      case 4: bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))]); break
      default: bytes.copyWithin(at, random.integer(bytes.length), random.integer(bytes.length) + 1)
    }
  }
  return bytes
}

/** Inflates every element, mutates one of them, and deflates them again. */
function mutateInside(original: Buffer, random: Random): Buffer {
  const parts = [original.subarray(0, 128)]
  for (let at = 128; at + 8 <= original.length;) {
    const [type, length] = [original.readUInt32LE(at), original.readUInt32LE(at + 4)]
    const data = original.subarray(at + 8, at + 8 + length)
    const inner = type === 15 ? inflateSync(data) : original.subarray(at, at + 8 + length)
    const packed = deflateSync(random.chance(0.5) ? mutate(inner, random) : inner)
    const tag = Buffer.alloc(8)
    tag.writeUInt32LE(15, 0)
    tag.writeUInt32LE(packed.length, 4)
    parts.push(tag, packed)
    at += 8 + length
  }
  return Buffer.concat(parts)
}
