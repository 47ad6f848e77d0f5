import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetEntry } from '../../../catalog.ts'
import { randomAt } from '../../../random.ts'
import { writeNpy } from '../npy-writer.ts'
import { type LabelFlaw, labelFlaws } from './penn-label-flaws.ts'
import { frameName, listTwinVideos, pathsOf, pennLabel, type PennTruth, pennTruth, writePennLabel } from './penn-twin.ts'

type FileFlawKind = 'text-named-mat' | 'phases-of-other-length' | 'fewer-frames' | 'more-frames' | 'jpeg-cut-in-half'

/** What an ingest has to say about a flaw. */
export type Expectation = {
  /** Every flag of the clip. */
  readonly flags: readonly string[]
  /** The code of the one entry in the quarantine, which is about the flaw's path; null = nothing is set aside. */
  readonly code: string | null
  /** Frames of the clip; null = there is no clip. */
  readonly frames: number | null
}

/** One oddity of the published data set or of its downloads: a stable name, the file or folder that bears it, what comes of it. */
export type PennFlaw = { readonly kind: LabelFlaw['kind'] | FileFlawKind; readonly path: string; readonly expectation: Expectation }

type Place = { readonly entry: DatasetEntry; readonly dir: string; readonly seed: number }
type Strike = {
  readonly kind: PennFlaw['kind']
  readonly needsFrames: boolean
  strike(truth: PennTruth, place: Place): Omit<PennFlaw, 'kind'>
}

/** Phases that there are too many, and pictures that are missing or surplus. */
const SURPLUS = 2

const strikes: readonly Strike[] = [
  ...labelFlaws.map((flaw): Strike => ({ kind: flaw.kind, needsFrames: false, strike: (truth, place) => spoilLabel(truth, place, flaw) })),
  { kind: 'text-named-mat', needsFrames: false, strike: (truth, { entry, dir }) => {
    const path = pathsOf(entry, truth).label
    writeFileSync(join(dir, path), 'The download did not finish. Please try again.\n')
    return { path, expectation: { flags: [], code: 'E_MAT_NOT_MAT', frames: null } }
  } },
  { kind: 'phases-of-other-length', needsFrames: false, strike: (truth, { entry, dir }) => {
    const path = pathsOf(entry, truth).phases
    writeFileSync(join(dir, path), writeNpy([...truth.phases, ...Array<number>(SURPLUS).fill(truth.phases.at(-1)!)]))
    return { path, expectation: { flags: ['phases-resampled'], code: null, frames: truth.phases.length } }
  } },
  { kind: 'fewer-frames', needsFrames: true, strike: (truth, { entry, dir }) => {
    const { length } = truth.phases
    const { frames } = pathsOf(entry, truth)
    for (let frame = length - SURPLUS; frame < length; frame++) rmSync(join(dir, frames, frameName(frame)), { force: true })
    return { path: frames, expectation: { flags: ['frame-count-mismatch', 'phases-resampled'], code: null, frames: length - SURPLUS } }
  } },
  { kind: 'more-frames', needsFrames: true, strike: (truth, { entry, dir }) => {
    const { length } = truth.phases
    const { frames } = pathsOf(entry, truth)
    for (let frame = length; frame < length + SURPLUS; frame++) copyFileSync(join(dir, frames, frameName(length - 1)), join(dir, frames, frameName(frame)))
    return { path: frames, expectation: { flags: ['frame-count-mismatch'], code: null, frames: length } }
  } },
  { kind: 'jpeg-cut-in-half', needsFrames: true, strike: (truth, { entry, dir }) => {
    const path = `${pathsOf(entry, truth).frames}/${frameName(Math.floor(truth.phases.length / 2))}`
    const bytes = readFileSync(join(dir, path))
    writeFileSync(join(dir, path), bytes.subarray(0, Math.floor(bytes.length / 2)))
    return { path, expectation: { flags: ['frames-quarantined'], code: 'E_JPEG_CUT', frames: truth.phases.length } }
  } },
]

/**
 * Plants every known quirk into a twin that `writeTwin` has just written with the same seed: the first into its first video, the second into its second, ...,
 * as far as there are videos, and what is wrong with pictures only where there are pictures.
 */
export function plantPennFlaws(dir: string, entry: DatasetEntry, { seed, ball }: { readonly seed: number; readonly ball?: boolean }): PennFlaw[] {
  const videos = listTwinVideos(entry, { ball })
  return strikes.flatMap(({ kind, needsFrames, strike }, at) => {
    const paths = pathsOf(entry, videos[at]!)
    if (!existsSync(join(dir, needsFrames ? paths.frames : paths.label))) return []
    return [{ kind, ...strike(pennTruth(entry, videos[at]!, seed), { entry, dir, seed }) }]
  })
}

function spoilLabel(truth: PennTruth, { entry, dir, seed }: Place, { flags, code, change }: LabelFlaw): Omit<PennFlaw, 'kind'> {
  const path = pathsOf(entry, truth).label
  const random = randomAt({ seed, clip: `${entry.name}/${truth.video}`, transform: 'flaw' })
  writeFileSync(join(dir, path), writePennLabel(change(pennLabel(truth), random)))
  return { path, expectation: { flags, code, frames: code === null ? truth.phases.length : null } }
}
