import { h2oNumber } from './h2o-number.ts'
import type { H2oQuirks } from './h2o-quirks.ts'
import type { H2oSequence } from './h2o-truth.ts'
import type { H2oView } from './h2o-view.ts'

type TextFile = readonly [path: string, text: string]

/** The text files of one camera of one sequence, by their paths below the twin's folder, with the sequence's quirks. */
export function* h2oFiles(sequence: H2oSequence, view: H2oView): Generator<TextFile> {
  const { quirks } = sequence
  const folder = `${quirks.folder}/cam${view.camera}`
  yield [`${folder}/cam_intrinsics.txt`, finish(view.intrinsics.map((value, at) => (at < 4 ? h2oNumber(value) : String(value))), quirks, 0)]
  for (let frame = 0; frame < sequence.frames; frame++) {
    for (const [series, words] of wordsOf(sequence, view, frame)) {
      if (view.camera === 4 && series === 'obj_pose' && frame === quirks.missing) continue
      yield [`${folder}/${series}/${String(frame).padStart(6, '0')}.txt`, finish(words, quirks, frame)]
    }
  }
  if (quirks.hasJunk && view.camera === 4) {
    yield [`${folder}/.DS_Store`, '\0\0\0\u0001Bud1\0']
    yield [`${folder}/hand_pose/._000000.txt`, '\0\u0005\u0016\u0007\0\u0002\0\0Mac OS X        ']
  }
}

function* wordsOf(sequence: H2oSequence, view: H2oView, frame: number): Generator<readonly [series: string, words: readonly string[]]> {
  const { quirks, objectClasses } = sequence
  const flags = [view.handFlags[2 * frame]!, view.handFlags[2 * frame + 1]!]
  const row = (values: Float64Array, width: number, at = frame): Float64Array => values.subarray(at * width, (at + 1) * width)
  const hands = (values: Float64Array, width: number): string[] => numbers(flags.flatMap((flag, side) => {
    const own = row(values, width, 2 * frame + side)
    return [flag, ...(flag === 1 ? own : own.map(() => 0))]
  }))
  yield ['cam_pose', numbers(row(view.cameraPoses, 16))]
  yield ['hand_pose', view.camera === 4 ? damage(hands(view.hands, 63), quirks, frame) : hands(view.hands, 63)]
  yield [quirks.hasUpperCase ? 'hand_pose_MANO' : 'hand_pose_mano', hands(view.mano, 61)]
  yield ['obj_pose', numbers([objectClasses[frame]!, ...row(view.objectPoints, 63)])]
  yield [quirks.hasUpperCase ? 'obj_pose_RT' : 'obj_pose_rt', numbers([objectClasses[frame]!, ...row(view.objectPoses, 16)])]
  if (view.camera !== 4) return
  const action = sequence.actions[frame]!
  yield ['action_label', [label(frame === quirks.disagreeing ? (action % 36) + 1 : action, quirks)]]
  yield ['verb_label', [label(sequence.verbs[frame]!, quirks)]]
}

function numbers(values: Iterable<number>): string[] {
  return Array.from(values, h2oNumber)
}

function label(value: number, { hasFloatLabels }: H2oQuirks): string {
  return hasFloatLabels ? h2oNumber(value) : String(value)
}

function damage(words: readonly string[], { shortRow, word }: H2oQuirks, frame: number): readonly string[] {
  if (frame === shortRow) return words.slice(0, -1)
  return frame === word ? words.with(10, 'None') : words
}

/** One line; loose ones have double spaces and end with a space, with a space and a newline, or with neither, in turns. */
function finish(words: readonly string[], { hasLooseSpaces }: H2oQuirks, frame: number): string {
  if (!hasLooseSpaces) return `${words.join(' ')}\n`
  return [`${words.join('  ')} `, `${words.join(' ')}  \n`, words.join(' ')][frame % 3]!
}
