import type { Quarantined } from '../../../clip.ts'
import type { Side } from '../../../split.ts'
import type { ClassOf } from './ikea-classes.ts'
import type { IkeaVideo } from './ikea-database.ts'
import { differencesOf, type FrameLabels, type LabelDifference } from './ikea-frame-labels.ts'
import type { SharedFile } from './ikea-read-once.ts'

/** One file's opinion on every frame. */
export type LabelSource = { readonly file: SharedFile<unknown>; readonly place: string; readonly labels: FrameLabels }

/** Stretches of frames that a message names; the rest is counted. */
const NAMED = 3

/** What a file says differently from the one that counts, about the labels of a scan; null = nothing. */
export function disagreement(scan: string, classes: readonly string[], truth: LabelSource, other: LabelSource): Quarantined | null {
  const frames = Math.min(truth.labels.length, other.labels.length)
  const differences = differencesOf(truth.labels.subarray(0, frames), other.labels.subarray(0, frames))
  const said = [
    ...(truth.labels.length === other.labels.length ? [] : [`${other.labels.length} frames are labelled here, ${truth.labels.length} in ${truth.file.path}`]),
    ...differences.slice(0, NAMED).map((one) => inWords(one, classes, truth.file.path)),
    ...(differences.length > NAMED ? [`${differences.length - NAMED} more stretches differ`] : []),
  ]
  return said.length === 0 ? null : quarantined(scan, other.place, other.file, said.join('; '), truth.file.path)
}

/** A scan that a file passes over. */
export function absence(scan: string, file: SharedFile<unknown>, { path }: SharedFile<unknown>): Quarantined {
  return quarantined(scan, null, file, `not labelled here, but in ${path}`, path)
}

/** A scan that a list puts on the other side. */
export function sideDifference(scan: string, truth: { side: Side; path: string }, list: { side: Side; file: SharedFile<unknown>; line: number }): Quarantined {
  return quarantined(scan, `line ${list.line}`, list.file, `on the ${list.side} side here, on the ${truth.side} side in ${truth.path}`, truth.path)
}

/** Quirks of the rows of a film that are settled as the authors' loader does. */
export function rowFlags({ frames, rows }: IkeaVideo, classOf: ClassOf): string[] {
  const isOverlap = rows.some(({ start, end }, at) => rows.slice(0, at).some((before) => before.start < end && start < before.end))
  return [
    ...(rows.some(({ end }) => end > frames) ? ['annotation-beyond-film'] : []),
    ...(rows.some(({ action, object }) => classOf(action, object) === null) ? ['annotation-without-class'] : []),
    ...(isOverlap ? ['annotations-overlap'] : []),
  ]
}

function quarantined(scan: string, place: string | null, { path, sha256 }: SharedFile<unknown>, what: string, truth: string): Quarantined {
  return {
    source: place === null ? path : `${path}#${place}`, code: 'E_IKEA_DISAGREE', message: `${scan}: ${what}`, offset: null, sha256,
    readmit: `${truth} was taken: if that is wrong, mend or remove it and run the same ingest again`,
  }
}

function inWords({ start, end, one, other }: LabelDifference, classes: readonly string[], truth: string): string {
  const frames = end - start === 1 ? `frame ${start} is` : `frames ${start} to ${end - 1} are`
  return `${frames} ${classOf(other, classes)} here, ${classOf(one, classes)} in ${truth}`
}

function classOf(number: number, classes: readonly string[]): string {
  return number === -1 ? 'not labelled' : `${number} (${classes[number]})`
}
