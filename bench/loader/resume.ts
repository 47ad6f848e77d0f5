import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { orderOf } from '../../src/loader/index.ts'
import type { Skeleton } from '../../src/skeleton.ts'
import { writeMany } from './many.ts'
import { batchSize, seed, specOf } from './work.ts'

const child = 'bench/loader/child.js'
export type ChildAnswer = { readonly firstMs: number; readonly hash: string; readonly last: { readonly hash: string; readonly ids: readonly string[] }; readonly peakMb: number }

/** How long a resume takes: whole processes, in seconds, and in each until the first batch was there, in milliseconds. */
export type ResumeTimes = { readonly whole: number[]; readonly inside: number[] }

/** What bench/peers/resume_peers.py says of a batch. */
type RivalAnswer = { readonly firstMs: number; readonly rows: readonly number[]; readonly hash: string; readonly exact: boolean }

/** A resume of a rival: its times, or why there are none. */
export type RivalResume = { readonly rival: string; readonly times: ResumeTimes | null; readonly refused: string | null }

/** The same of rivals, whose batch after the resume has to be that of their own uninterrupted run, and of the clips it names; one after the other in each round. */
export async function rivalResumes({ folder, count, rounds, python, rivals }: { folder: string; count: number; rounds: number; python: string; rivals: readonly string[] }): Promise<RivalResume[]> {
  const place = join(folder, 'resume-rivals')
  mkdirSync(place)
  const say = (rival: string, mode: string): string => execFileSync(python, ['bench/peers/resume_peers.py', place, String(count), rival, mode], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 })
  const batchOf = (rival: string, mode: string): RivalAnswer => JSON.parse(say(rival, mode).trim().split('\n').at(-1)!) as RivalAnswer
  const results = rivals.map((rival): { rival: string; expected: string; times: ResumeTimes; refused: string | null } => ({ rival, expected: '', times: { whole: [], inside: [] }, refused: null }))
  for (let round = -2; round < rounds; round++) for (const result of results) {
    const { rival, times, refused } = result
    if (refused !== null) continue
    try {
      if (round === -2) {
        say(rival, 'build')
        result.expected = batchOf(rival, 'before').hash
        continue
      }
      const began = performance.now()
      const { firstMs, hash, exact } = batchOf(rival, 'resume')
      if (round >= 0) [times.whole[round], times.inside[round]] = [(performance.now() - began) / 1000, firstMs]
      if (!exact || hash !== result.expected) result.refused = 'REFUSED: the batch after resuming is not that of the uninterrupted run'
    } catch (error) {
      result.refused = `cannot be run: ${(error as Error).message.split('\n')[0]}`
    }
  }
  return results.map(({ rival, times, refused }) => ({ rival, refused, times: refused === null ? times : null }))
}

/** Whole processes that go on in the middle of the fourth epoch of `count` clips: seconds from their start to their end, and milliseconds to the first batch within. */
export async function resumeTimes({ folder, count, rounds, skeleton }: { folder: string; count: number; rounds: number; skeleton: Skeleton }): Promise<ResumeTimes> {
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
