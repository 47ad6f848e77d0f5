import { maskedCrc32c } from '../../src/ingest/readers/crc32c.ts'
import { FormatError } from '../../src/ingest/readers/format-error.ts'
import { readSequenceExample } from '../../src/ingest/readers/sequence-example.ts'
import { readTfRecords } from '../../src/ingest/readers/tfrecord.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { mutate } from './mat-fuzz.ts'

const MAX_BYTES = 2 ** 20

/**
 * Reads `iterations` mutated files of two records of TCC. Two thirds of them are mutated inside a record and sealed again with right checksums, so that the
 * reader of the records is reached. Throws when one is answered by anything but FormatError with an offset inside it, makes more than the bytes allowed, or
 * takes more than 5 s.
 */
export function fuzzTfRecord({ iterations, seed }: { iterations: number; seed: number }): { read: number; refused: number } {
  const counts = { read: 0, refused: 0 }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const random = randomAt({ seed, clip: 'tfrecord-fuzz', position: iteration })
    const records = [record(random), record(random)] as const
    const isSealed = random.chance(2 / 3)
    const bytes = isSealed ? Buffer.concat([sealed(mutate(records[0], random)), sealed(records[1])]) : mutate(Buffer.concat(records.map(sealed)), random)
    const began = performance.now()
    counts[outcome(bytes, `mutation ${iteration} of seed ${seed}`)]++
    if (performance.now() - began > 5000) throw new Error(`mutation ${iteration} of seed ${seed} kept the reader for more than 5 s`)
  }
  return counts
}

function outcome(bytes: Buffer, name: string): 'read' | 'refused' {
  let length = bytes.length
  try {
    for (const { payload } of readTfRecords(bytes)) {
      length = payload.length
      const { context, lists } = readSequenceExample(payload, { maxBytes: MAX_BYTES })
      const made = [...context.values(), ...[...lists.values()].flat()].reduce((sum, { values }) => sum + 200 + values.length * 8, 0)
      if (made > MAX_BYTES) throw new Error(`${name} made ${made} bytes`)
      length = bytes.length
    }
    return 'read'
  } catch (error) {
    if (error instanceof FormatError && error.offset >= 0 && error.offset <= length) return 'refused'
    throw new Error(`${name} was answered by ${String(error)}`, { cause: error })
  }
}

/** A SequenceExample as TensorFlow writes it: a few frames, their labels, floats, names, and fields nobody knows. */
function record(random: Random): Buffer {
  const frames = Array.from({ length: random.integer(6) }, (_, at) => at)
  const unknown = Buffer.from('48960151010203040506070865010203046b730801746c', 'hex').subarray(0, random.chance(0.3) ? 16 : 0)
  const context = [
    entry('name', field(1, field(1, Buffer.from('0001_baseball_pitch')))),
    entry('len', field(3, random.chance(0.5) ? field(1, varint(BigInt(frames.length))) : Buffer.of(8, frames.length))),
    entry('label', field(3, field(1, varint(2n ** 64n - 1n), varint(BigInt(random.integer(2 ** 32)))))),
    entry('fps', field(2, field(1, Buffer.from('0000c8410000f041', 'hex')))),
    unknown,
  ]
  const lists = [
    entry('video', ...frames.map((at) => field(1, field(1, field(1, Buffer.from(`\xff\xd8jpg${at}`, 'latin1')))))),
    entry('frame_labels', ...frames.map((at) => field(1, field(3, field(1, varint(BigInt(at))))))),
  ]
  return Buffer.concat([field(1, ...context), unknown, field(2, ...lists)])
}

function sealed(payload: Buffer): Buffer {
  const bytes = Buffer.alloc(payload.length + 16)
  bytes.writeBigUInt64LE(BigInt(payload.length), 0)
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, 8)), 8)
  payload.copy(bytes, 12)
  bytes.writeUInt32LE(maskedCrc32c(payload), 12 + payload.length)
  return bytes
}

function entry(key: string, ...value: readonly Buffer[]): Buffer {
  return field(1, field(1, Buffer.from(key)), field(2, ...value))
}

function field(number: number, ...parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(number * 8 + 2), varint(BigInt(data.length)), data])
}

function varint(value: bigint): Buffer {
  const bytes = []
  for (let left = value; ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)])
    bytes.push(Number(left & 127n) | 128)
  }
}
