import { createHash } from 'node:crypto'
import type { Batch } from '../../src/batch.ts'
import type { Loader } from '../../src/loader/index.ts'
import type { Contender, Fingerprint } from './contender.ts'

/** A loader as a contender: `open` makes one that goes through the samples so many times, in a new order each time but the first. Opening it counts. */
export function ours(title: string, open: (times: number) => Loader): Contender {
  return {
    title, ordered: true,
    fingerprint: () => fingerprintOf(open(1)),
    async pass(times) {
      const began = performance.now()
      for await (const batch of open(times)) void batch
      return (performance.now() - began) / 1000
    },
    close: async () => {},
  }
}

async function fingerprintOf(batches: AsyncIterable<Batch>): Promise<Fingerprint> {
  const whole = createHash('sha256')
  let [sum, samples] = [0n, 0]
  for await (const { ids, tensors } of batches) {
    const { data } = tensors['points']!
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    whole.update(bytes)
    const each = bytes.length / ids.length
    for (let at = 0; at < bytes.length; at += each) sum += BigInt(createHash('sha256').update(bytes.subarray(at, at + each)).digest().readUIntBE(0, 6))
    samples += ids.length
  }
  return { hash: whole.digest('hex'), sum: String(sum), samples }
}
