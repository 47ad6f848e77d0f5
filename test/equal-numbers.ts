import { expect } from 'vitest'

/** Vitest compares typed arrays by iterating over their elements and then over their keys: seconds for the clips of a twin. The same answer sooner: of one kind, equal by `Object.is`. */
function equalNumbers(a: unknown, b: unknown): boolean | undefined {
  if (!isNumbers(a) || !isNumbers(b) || a.constructor !== b.constructor) return undefined
  return a.length === b.length && (bytesOf(a).equals(bytesOf(b)) || a.every((x, i) => Object.is(x, b[i])))
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function isNumbers(value: unknown): value is Float32Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

// once in a worker, which runs this file before each file of tests
const known = Symbol.for('posetta.equal-numbers')
const worker = globalThis as { [known]?: true }
if (worker[known] === undefined) expect.addEqualityTesters([equalNumbers])
worker[known] = true
