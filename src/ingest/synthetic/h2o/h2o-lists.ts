import type { H2oSequence, H2oTruth } from './h2o-truth.ts'

const SIDES = ['train', 'val', 'test'] as const

/**
 * The six files of `label_split`, by their paths: actions with first and last frame inclusive, without the action on the test side; frames with a pose.
 * Rows stand in the twin's order, so that a list of a smaller twin is the beginning of a larger one's.
 */
export function h2oLists({ sequences }: H2oTruth): (readonly [path: string, text: string])[] {
  return SIDES.flatMap((side) => {
    const own = sequences.filter((sequence) => sequence.side === side)
    return [[`label_split/action_${side}.txt`, actionList(own, side !== 'test')], [`label_split/pose_${side}.txt`, poseList(own)]] as const
  })
}

function actionList(sequences: readonly H2oSequence[], hasLabels: boolean): string {
  const header = `id path ${hasLabels ? 'action_label ' : ''}start_act end_act start_frame end_frame\n`
  const rows = sequences.flatMap(({ path, frames, segments }) => segments
    .map(({ action, start, end }) => `${path} ${hasLabels ? `${action} ` : ''}${start} ${end - 1} 0 ${frames - 1}\n`))
  return header + rows.map((row, at) => `${at + 1} ${row}`).join('')
}

function poseList(sequences: readonly H2oSequence[]): string {
  return sequences.flatMap(({ path, listed }) => listed.map((frame) => `${path}/cam4/rgb/${String(frame).padStart(6, '0')}.png\n`)).join('')
}
