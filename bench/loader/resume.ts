import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { orderOf } from '../../src/loader/index.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { writeMany } from './many.ts'
import { batchSize, seed, specOf } from './work.ts'

const child = 'bench/loader/child.js'
export type ChildAnswer = { readonly firstMs: number; readonly hash: string; readonly last: { readonly hash: string; readonly ids: readonly string[] }; readonly peakMb: number }

/** Whole processes that go on in the middle of the fourth epoch of `count` clips: seconds from their start to their end, and milliseconds to the first batch within. */
export async function resumeTimes({ folder, count, rounds, skeleton }: { folder: string; count: number; rounds: number; skeleton: Skeleton }): Promise<{ whole: number[]; inside: number[] }> {
  const shards = join(folder, 'many')
  await writeMany(shards, { count, frames: 4, skeleton })
  const next = 3 * count + Math.floor(count / 2)
  // six batches from five before it on: the last of them is the one that is asked for
  const uninterrupted = answerOf(shards, { skeleton, next: next - 5 * batchSize, batches: 6 }).last
  const order = orderOf(count, { seed, epoch: 3 })
  const expected = Array.from({ length: batchSize }, (_, i) => `many/${String(order(next % count + i)).padStart(8, '0')}`)
  const [whole, inside]: [number[], number[]] = [[], []]
  for (let round = -1; round < rounds; round++) {
    const began = performance.now()
    const { firstMs, last } = answerOf(shards, { skeleton, next, batches: 1 })
    if (round >= 0) [whole[round], inside[round]] = [(performance.now() - began) / 1000, firstMs]
    if (last.hash !== uninterrupted.hash || JSON.stringify(last.ids) !== JSON.stringify(expected)) throw new Error('REFUSED: the batch after resuming is not that of the uninterrupted run')
  }
  return { whole, inside }
}

/** What bench/loader/child.js says of `batches` batches from sample `next` on. */
export function answerOf(shards: string, { skeleton, next, batches, memoryBytes = 0 }: { skeleton: Skeleton; next: number; batches: number; memoryBytes?: number }): ChildAnswer {
  const work = { spec: specOf('keypoints', skeleton), batchSize, epochs: 1000, memoryBytes, next, batches }
  return JSON.parse(execFileSync(process.execPath, [child, shards, JSON.stringify(work)], { encoding: 'utf8' })) as ChildAnswer
}
