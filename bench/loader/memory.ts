import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Skeleton } from '../../src/skeleton.ts'
import { writeMany } from './many.ts'
import { answerOf } from './resume.ts'

/** Shards that may stay in memory: nearly all of one Penn Action (36 MB), few of more. */
const memoryBytes = 2 ** 25

/**
 * Peak memory of a process, MB, that takes 24,000 random clips of 70 frames from shards of `scale` times 2,326 of them, for each scale. The shards' pages in the system's cache are not the process's.
 */
export async function peaks({ folder, scales, rounds, skeleton }: { folder: string; scales: readonly number[]; rounds: number; skeleton: Skeleton }): Promise<{ scale: number; megabytes: number[] }[]> {
  const found = []
  for (const scale of scales) {
    const shards = join(folder, `penn-${scale}`)
    await writeMany(shards, { count: 2326 * scale, frames: 70, skeleton })
    found.push({ scale, megabytes: Array.from({ length: rounds }, () => answerOf(shards, { skeleton, next: 0, batches: 3000, memoryBytes }).peakMb) })
    rmSync(shards, { recursive: true })
  }
  return found
}
