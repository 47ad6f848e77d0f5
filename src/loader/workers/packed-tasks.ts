import type { SampleRef } from '../sample.ts'
import type { BatchTask } from './batch-task.ts'

/** Numbers of a sample: row, epoch, repeat, window (start, end, step; step 0 = none), partner (-1 = none). */
const perSample = 7

/** Batches as the numbers of one array: objects are copied to a thread one by one. Of each batch its number of samples, where its piece begins, then the samples. */
export function packTasks(tasks: readonly BatchTask[]): Float64Array {
  const packed = new Float64Array(tasks.reduce((numbers, { samples }) => numbers + 2 + perSample * samples.length, 0))
  let at = 0
  for (const { samples, start } of tasks) {
    packed[at++] = samples.length
    packed[at++] = start
    for (const { row, epoch, repeat, window, partner } of samples) {
      packed[at++] = row
      packed[at++] = epoch
      packed[at++] = repeat
      packed[at++] = window?.start ?? 0
      packed[at++] = window?.end ?? 0
      packed[at++] = window?.step ?? 0
      packed[at++] = partner ?? -1
    }
  }
  return packed
}

export function unpackTasks(packed: Float64Array): BatchTask[] {
  const tasks: BatchTask[] = []
  for (let at = 0; at < packed.length;) {
    const [count, start] = [packed[at++]!, packed[at++]!]
    const samples: SampleRef[] = []
    for (let i = 0; i < count; i++, at += perSample) samples.push(sampleAt(packed, at))
    tasks.push({ samples, start })
  }
  return tasks
}

function sampleAt(packed: Float64Array, at: number): SampleRef {
  const [step, partner] = [packed[at + 5]!, packed[at + 6]!]
  return {
    row: packed[at]!, epoch: packed[at + 1]!, repeat: packed[at + 2]!, window: step === 0 ? null : { start: packed[at + 3]!, end: packed[at + 4]!, step }, partner: partner === -1 ? null : partner }
}
