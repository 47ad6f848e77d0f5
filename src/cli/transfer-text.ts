import { fewNames } from '../few-names.ts'
import type { TransferResult } from '../jobs/transfer.ts'
import { textTable } from './text-table.ts'

/** The labels that references give a clip, and how far its own agree. */
export function transferText({ encoder, clip, references, tracks, events, output }: TransferResult): string {
  const short = (value: number): number => Number(value.toFixed(2))
  return [
    `${clip.id} (${clip.frames} frames) by ${encoder}, from ${fewNames(references.map(({ id }) => id))}`,
    ...tracks.flatMap(({ track, agreement, segments }) => [
      textTable([track, 'first', 'last', 'confidence'], segments.map(({ label, start, end, confidence }) => [label ?? '-', start, end - 1, short(confidence)])),
      ...(agreement === null ? [] : [`${(100 * agreement).toFixed(1)} % of the frames agree with the clip's own labels`])]),
    ...(events.length === 0 ? [] : [textTable(['event', 'frame', 'earliest', 'latest', 'confidence'], events.map(({ event, frame, low, high, confidence }) => [event + 1, frame, low, high, short(confidence)]))]),
    ...(output === null ? [] : [output]),
  ].join('\n')
}
