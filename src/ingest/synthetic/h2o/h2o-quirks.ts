import type { H2oPlace } from './h2o-sequences.ts'

/** How the files of one sequence differ from what they should be. Frames are null where nothing is wrong. */
export type H2oQuirks = {
  /** The sequence's folder below the twin's. */
  readonly folder: string
  /** `hand_pose_MANO` and `obj_pose_RT`, as the README has them. */
  readonly hasUpperCase: boolean
  /** Double and trailing spaces, with and without a newline at the end. */
  readonly hasLooseSpaces: boolean
  /** Labels as `3.0`. */
  readonly hasFloatLabels: boolean
  /** `._000000.txt` and `.DS_Store`, left by macOS. */
  readonly hasJunk: boolean
  /** Frames [start, end) in which no camera has an annotated hand. */
  readonly handless: { readonly start: number; readonly end: number } | null
  /** The frame of cam4 whose hand_pose has 127 numbers. */
  readonly shortRow: number | null
  /** The frame of cam4 whose hand_pose has a word among its numbers. */
  readonly word: number | null
  /** The frame of cam4 whose obj_pose is not there. */
  readonly missing: number | null
  /** The frame whose action_label is another than the list's. */
  readonly disagreeing: number | null
}

export type H2oFlaw = {
  readonly name: 'subject-folder' | 'upper-case-folder' | 'loose-spaces' | 'float-labels' | 'macos-junk' | 'unannotated-hands' | 'short-row' | 'word-in-row' |
    'missing-file' | 'label-disagrees'
  /** The file or folder it is in, below the twin's. */
  readonly path: string
  /** Frames [start, end) it is about; null = all. */
  readonly frames: { readonly start: number; readonly end: number } | null
}

/** What the archives unpack to: `subjectN_ego`, `subjectN_v1_1`, `subjectN_pose_v1_1/subjectN`; one subject as the lists say. */
const ROOTS: Readonly<Record<number, string>> = { 1: 'subject1_ego', 2: 'subject2_v1_1', 3: 'subject3_pose_v1_1/subject3', 4: 'subject4' }

/** Two folders as the README spells them. */
const README_NAMES = ['hand_pose_MANO', 'obj_pose_RT']

export function noQuirks({ path }: H2oPlace): H2oQuirks {
  return {
    folder: path, hasUpperCase: false, hasLooseSpaces: false, hasFloatLabels: false, hasJunk: false, handless: null, shortRow: null, word: null, missing: null,
    disagreeing: null,
  }
}

/** The quirks of the sequence at a position of the twin's order: six sequences have all of them, and what cannot be read is never in two of them together. */
export function quirksAt({ subject, scene, seq }: H2oPlace, { position, frames, busy }: { position: number; frames: number; busy: number }): H2oQuirks {
  const middle = Math.floor(frames / 2)
  return {
    folder: `${ROOTS[subject]!}/${scene}/${seq}`,
    hasLooseSpaces: position % 3 === 0,
    hasUpperCase: position % 3 === 1,
    hasFloatLabels: position % 4 === 0,
    hasJunk: position % 5 === 0,
    handless: position % 6 === 2 ? { start: middle - 3, end: middle + 3 } : null,
    word: position === 1 ? middle : null,
    shortRow: position === 3 ? middle : null,
    disagreeing: position === 4 ? busy : null,
    missing: position === 5 ? middle : null,
  }
}

/** The flaws of one sequence, each with its place; the folder of a subject is not among them. */
export function listFlaws(quirks: H2oQuirks, cameras: readonly number[]): H2oFlaw[] {
  const { folder, handless } = quirks
  const all = (is: boolean, name: H2oFlaw['name'], ...paths: string[]): H2oFlaw[] => (is ? paths.map((path) => ({ name, path, frames: null })) : [])
  const one = (frame: number | null, name: H2oFlaw['name'], series: string): H2oFlaw[] => frame === null ? [] :
    [{ name, path: `${folder}/cam4/${series}/${String(frame).padStart(6, '0')}.txt`, frames: { start: frame, end: frame + 1 } }]
  return [
    ...all(quirks.hasUpperCase, 'upper-case-folder', ...cameras.flatMap((camera) => README_NAMES.map((name) => `${folder}/cam${camera}/${name}`))),
    ...all(quirks.hasLooseSpaces, 'loose-spaces', folder),
    ...all(quirks.hasFloatLabels, 'float-labels', `${folder}/cam4/action_label`, `${folder}/cam4/verb_label`),
    ...all(quirks.hasJunk, 'macos-junk', `${folder}/cam4/.DS_Store`, `${folder}/cam4/hand_pose/._000000.txt`),
    ...(handless === null ? [] : [{ name: 'unannotated-hands', path: folder, frames: handless } as const]),
    ...one(quirks.shortRow, 'short-row', 'hand_pose'),
    ...one(quirks.word, 'word-in-row', 'hand_pose'),
    ...one(quirks.missing, 'missing-file', 'obj_pose'),
    ...one(quirks.disagreeing, 'label-disagrees', 'action_label'),
  ]
}

/** The folder of a subject that is not called as the lists call it. */
export function subjectFlaw(subject: number): H2oFlaw[] {
  const path = ROOTS[subject]!
  return path === `subject${subject}` ? [] : [{ name: 'subject-folder', path, frames: null }]
}
