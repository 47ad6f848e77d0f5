import { isDeepStrictEqual } from 'node:util'
import { FormatError } from '../../src/ingest/readers/format-error.ts'
import { parseJson } from '../../src/ingest/readers/json-file.ts'
import { readPythonJson } from '../../src/ingest/readers/python-json.ts'
import { type Random, randomAt } from '../../src/random.ts'
import { mutate } from './mat-fuzz.ts'

/** Pieces that break or bend JSON where they are put. */
const pieces = ['NaN', '-Infinity', 'Infinity', '{', '}', '[', ']', '"', '\\', '\\u00', ',', ':', 'null', '1e999', '-', '0', '\n', '\ufeff',
  '"__proto__":', '[['.repeat(120), 'ü', '😀']
const originals = [
  '{"version":1.3,"people":[{"person_id":[-1],"pose_keypoints_2d":[636.65,251.95,0.93,0,0,0,1e-3,-2.5E+2,7],"score":NaN}]}',
  '{"nose": {"position": [12.5, 88], "confidence": 3}, "left eye": {"position": [Infinity, -Infinity], "confidence": 1}}\n',
  '{"images":[{"id":0,"file_name":"Kallax_Shelf_Drawer\\/0001\\u00fc\\"\\\\"}],"annotations":[],"info":{},"x":[true,false,null]}',
  '[[[0.1,-0],[[]]],{"ü":"∿😀"},{"a":{"a":{"a":[1,2,3]}}}]',
].map((text) => Buffer.from(text))

/**
 * Reads `iterations` mutated texts. Throws when one is answered by anything but FormatError with an offset inside it, is read otherwise than JSON.parse reads
 * it, is read where JSON.parse refuses though it has no number of Python's, or takes more than 5 s.
 */
export function fuzzJson({ iterations, seed }: { iterations: number; seed: number }): { read: number; refused: number } {
  const counts = { read: 0, refused: 0 }
  for (let iteration = 0; iteration < iterations; iteration++) {
    const random = randomAt({ seed, clip: 'json-fuzz', position: iteration })
    const original = originals[random.integer(originals.length)]!
    const bytes = random.chance(0.5) ? spliced(original, random) : mutate(original, random)
    const began = performance.now()
    counts[outcome(bytes, `mutation ${iteration} of seed ${seed}`)]++
    if (performance.now() - began > 5000) throw new Error(`mutation ${iteration} of seed ${seed} kept the reader for more than 5 s`)
  }
  return counts
}

function outcome(bytes: Buffer, name: string): 'read' | 'refused' {
  const text = bytes.toString().replace(/^\ufeff/, '')
  const plain = parsed(() => JSON.parse(text) as unknown)
  const read = parsed(() => parseJson(bytes))
  if ('value' in read) {
    if (!('value' in plain) && !/NaN|Infinity/.test(text)) throw new Error(`${name} was read, and is no JSON: ${text}`)
    const others = [readPythonJson(text, 0), ...('value' in plain ? [plain.value] : [])]
    if (!others.every((other) => isDeepStrictEqual(other, read.value))) throw new Error(`${name} was read otherwise than by JSON.parse: ${text}`)
    return 'read'
  }
  const { error } = read
  if (!(error instanceof FormatError) || error.offset < 0 || error.offset > bytes.length) {
    throw new Error(`${name} was answered by ${String(error)}`, { cause: error })
  }
  if ('value' in plain && error.code === 'E_JSON_SYNTAX') throw new Error(`${name} is JSON, and was answered by ${String(error)}`, { cause: error })
  return 'refused'
}

function parsed(read: () => unknown): { value: unknown } | { error: unknown } {
  try {
    return { value: read() }
  } catch (error) {
    return { error }
  }
}

/** Up to three pieces put in somewhere, sometimes in place of what is there. */
function spliced(original: Buffer, random: Random): Buffer {
  let bytes = original
  for (let change = random.integer(3); change >= 0; change--) {
    const at = random.integer(bytes.length + 1)
    const piece = Buffer.from(pieces[random.integer(pieces.length)]!)
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random.integer(4))])
  }
  return bytes
}
