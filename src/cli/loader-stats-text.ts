import type { LoaderStats } from '../jobs/loader-stats.ts'
import { textTable } from './text-table.ts'

/** What a training would see and how fast it would come, for people. */
export function loaderStatsText({ clips, leftOut, samplesPerEpoch, steps, lists, shuffle, bytesPerClip, inMemory, bytesPerSample, rank, world, measured }: LoaderStats): string {
  const { samplesPerSecond, waitShare, stepMs, firstBatchMs, batches } = measured
  const lines = [
    `${clips} clips, ${samplesPerEpoch} samples an epoch, ${steps} steps`,
    ...leftOut.map((left) => `left out: ${left.clips} ${left.why}`),
    `${Math.round(samplesPerSecond)} samples/s${world === 1 ? '' : ` of rank ${rank} of ${world}`} over ${batches} batches; the first after ${Math.round(firstBatchMs)} ms`,
    stepMs === 0
      ? `at most ${Math.round(samplesPerSecond)} samples/s: --step MS says how long a training with such steps would wait`
      : `steps of ${stepMs} ms wait ${(100 * waitShare).toFixed(1)} % of the time`,
    `a clip has ${bytesPerClip} bytes, ${inMemory ? 'in memory' : 'read from disk'}; a sample's tensors ${bytesPerSample} bytes`,
  ]
  const shown = lists.length < 2 ? [] : ['', textTable(['list', 'clips', 'samples', 'share'], lists.map((list) => [
    [list.part, list.label].filter((name) => name !== undefined && name !== null).join(' '), list.clips, list.samples, list.share.toFixed(4)]))]
  return [...lines, ...shown, ...(shuffle === null ? [] : ['', shuffleTable(shuffle)])].join('\n')
}

function shuffleTable({ serial, distance, neighbours, epochs }: NonNullable<LoaderStats['shuffle']>): string {
  const rows = [['serial correlation', serial], ['distance of neighbours', distance], ['entropy of neighbours', neighbours], ['correlation with the next epoch', epochs]] as const
  return textTable(['shuffle', 'value', 'expected', 'deviation'], rows.flatMap(([name, measured]) =>
    (measured === null ? [] : [[name, measured.value.toFixed(4), measured.expected.toFixed(4), measured.deviation.toFixed(4)]])))
}
