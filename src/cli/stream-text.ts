import type { StreamResult } from '../jobs/stream.ts'

/** What was written to a file, for people; nothing where the batches went to stdout. */
export function streamText({ batches, samples, samplesOfAllRanks, rank, world, output }: StreamResult): string {
  if (output === null) return ''
  const ofAll = world === 1 ? '' : ` of rank ${rank} of ${world}, ${samplesOfAllRanks} of all ranks,`
  return `${batches} batches, ${samples} samples${ofAll} in ${output}`
}
