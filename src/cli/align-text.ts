import type { AlignResult } from '../jobs/align.ts'
import { textTable } from './text-table.ts'

/** Most frames told on a terminal. */
const SHOWN = 60

/** Which frame of the reference each frame of a clip is aligned to; of a long clip every so many. */
export function alignText({ encoder, method, clip, reference, map, output }: AlignResult): string {
  const every = Math.ceil(map.length / SHOWN)
  const rows = map.filter(({ frame }) => frame % every === 0).map(({ frame, counterpart, moment, cost, confidence }) => [frame, counterpart, Number(moment.toFixed(1)), short(cost), Number(confidence.toFixed(2))])
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return [
    `${clip.id} (${clip.frames} frames) on ${reference.id} (${reference.frames} frames), ${method}, by ${encoder}`,
    textTable(['frame', 'counterpart', 'moment', 'distance', 'confidence'], rows),
    ...(every === 1 ? [] : [`one frame in ${every}; --json and --output have all`]),
    `mean distance ${short(mean(map.map(({ cost }) => cost)))}, mean confidence ${mean(map.map(({ confidence }) => confidence)).toFixed(2)}`,
    ...(output === null ? [] : [output]),
  ].join('\n')
}

/** Three digits that count. */
function short(value: number): number {
  return Number(value.toPrecision(3))
}
