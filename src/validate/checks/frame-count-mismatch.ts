import type { Check, Subject } from '../check.ts'
import type { Flaw } from '../finding.ts'

/** What flags of ingest say that the stored rows no longer show. */
const flagged: Readonly<Record<string, string>> = {
  'frame-count-mismatch': 'labels and pictures, or two sources of labels, counted frames differently: ingest kept the fewer',
  'frames-beyond-labels': 'there are poses of frames beyond the labels: ingest left them out',
  'phases-resampled': 'the phase labels counted other frames than the clip: ingest took them at floor(j * labels / frames)',
}

/** Labels, boxes and pictures of one clip do not count the same frames. */
export const frameCountMismatch: Check = {
  code: 'frame-count-mismatch', severity: 'warn', title: 'labels, boxes and pictures do not count the same frames', about: 'clip',
  find: (subject) => [
    ...boxesShort(subject), ...picturesOff(subject),
    ...subject.clip.flags.flatMap((flag) => (flagged[flag] === undefined ? [] : [flaw(null, null, flagged[flag])]))],
}

/** The boxes end before the frames do, though there are some. */
function boxesShort({ clip: { boxes, frames } }: Subject): Flaw[] {
  if (boxes === null) return []
  let rows = frames
  while (rows > 0 && boxes.subarray(4 * rows - 4, 4 * rows).every(Number.isNaN)) rows--
  return rows === frames || rows === 0 ? [] : [{ ...flaw(rows, frames, `the boxes end after ${rows} of ${frames} frames`), start: rows, end: frames }]
}

function picturesOff({ clip: { frames }, pictures }: Subject): Flaw[] {
  return pictures === null || pictures === frames ? [] : [flaw(pictures, frames, `${pictures} pictures of ${frames} labelled frames are kept`)]
}

function flaw(value: number | null, limit: number | null, message: string): Flaw {
  return { person: null, start: null, end: null, joints: [], value, limit, message }
}
