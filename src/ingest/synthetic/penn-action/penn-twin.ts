import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatasetEntry } from '../../../catalog.ts'
import { type Random, randomAt } from '../../../random.ts'
import { annotate, type Annotation } from './annotate.ts'
import { film, type Recording } from '../camera.ts'
import { type MatInput, writeMat } from './mat-writer.ts'
import { writeNpy } from '../npy-writer.ts'
import { perform } from '../performance.ts'
import { poses } from '../actions.ts'
import { writeJpeg } from '../jpeg-writer.ts'
import { drawFigure, type Picture } from '../picture.ts'
import { type Serve, serve } from '../serve.ts'
import { serveFrames } from '../serve-picture.ts'

export type TwinVideo = { readonly video: string; readonly action: string; readonly side: 'train' | 'test' }
export type Drawing = { readonly seed: number; readonly frames: boolean }
export type Written = { readonly frames: number; readonly files: number; readonly bytes: number }

const HEADER = 'MATLAB 5.0 MAT-file, Platform: posetta, a synthetic twin of Penn Action'

/** The action of twins with a ball. */
const SERVE = 'tennis_serve'

/**
 * Every video that a twin can have, with a `ball` serves alone, in the order in which it gets them: the first of each action, the second of each, ..., so that a larger twin of the same
 * seed contains the smaller ones. A number lies in the range of its action; 6 of 11 videos of an action are to train on.
 */
export function listTwinVideos({ actionEntries }: DatasetEntry, { ball = false }: { readonly ball?: boolean | undefined } = {}): TwinVideo[] {
  const shown = ball ? [SERVE] : Object.keys(poses)
  const ranges = actionEntries.flatMap(({ name, ids, phases }) => {
    return shown.includes(name) && ids !== null && phases !== null ? [{ action: name, first: ids[0], last: ids[1] }] : []
  })
  const rounds = Math.max(0, ...ranges.map(({ first, last }) => last - first + 1))
  return Array.from({ length: rounds }, (_, round) => ranges
    .filter(({ first, last }) => first + round <= last)
    .map(({ action, first }): TwinVideo => ({ video: String(first + round).padStart(4, '0'), action, side: round % 11 < 6 ? 'train' : 'test' }))).flat()
}

/** What is true of a video: who was seen where, in which phase, and what the annotator made of it. */
export type PennTruth = TwinVideo & {
  readonly recording: Recording
  readonly annotation: Annotation
  /** [T] */
  readonly phases: readonly number[]
  /** Of a serve, what its ball does; null of other actions. */
  readonly serve: Serve | null
}

/** Plays, films and annotates one video; `phases` are those of the catalog's key events. */
export function pennTruth(entry: DatasetEntry, video: TwinVideo, seed: number): PennTruth {
  const random = chanceOf(entry, video, seed)
  const performing = random.fork('performance')
  const played = video.action === SERVE ? serve(performing) : null
  const { joints, phases } = played ?? perform(video.action, performing)
  const recording = film(joints, random.fork('camera'))
  return { ...video, recording, annotation: annotate(recording, random.fork('annotator')), phases, serve: played }
}

/** Writes one video: its label file, its phases as TCC's, and its frames if asked for. */
export function writePennVideo(entry: DatasetEntry, dir: string, video: TwinVideo, { seed, frames }: Drawing): Written {
  const truth = pennTruth(entry, video, seed)
  const files = new Map<string, Uint8Array>([
    [pathsOf(entry, video).label, writePennLabel(pennLabel(truth))],
    [pathsOf(entry, video).phases, writeNpy(truth.phases)],
    ...(frames ? figures(entry, truth, chanceOf(entry, video, seed).fork('wall')) : []),
  ])
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
  }
  return { frames: truth.phases.length, files: files.size, bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0) }
}

/** Where the files of a video lie in the raw folder; `frames` is their folder. */
export function pathsOf(entry: DatasetEntry, { video, action, side }: TwinVideo): { readonly label: string; readonly phases: string; readonly frames: string } {
  const { tccName } = entry.phases.find((phases) => phases.action === action)!
  return { label: `labels/${video}.mat`, phases: `penn_action_labels/${side === 'train' ? 'train' : 'val'}/${tccName}/${video}.npy`, frames: `frames/${video}` }
}

/** The name of the file of a frame, which is counted from 0. */
export function frameName(frame: number): string {
  return `${String(frame + 1).padStart(6, '0')}.jpg`
}

/** The nine variables in the data set's order, with its classes. */
export function pennLabel({ action, side, recording: { view, width, height, pixels }, annotation: { x, y, isVisible, boxes } }: PennTruth): MatInput[] {
  const frames = pixels.length
  const joints = x.length / frames
  return [
    { name: 'action', kind: 'text', text: action },
    { name: 'pose', kind: 'text', text: view },
    { name: 'x', kind: 'double', dims: [frames, joints], values: x },
    { name: 'y', kind: 'double', dims: [frames, joints], values: y },
    { name: 'visibility', kind: 'logical', dims: [frames, joints], values: isVisible },
    { name: 'train', kind: 'int32', dims: [1, 1], values: [side === 'train' ? 1 : -1] },
    { name: 'bbox', kind: 'double', dims: [frames, 4], values: boxes },
    { name: 'dimensions', kind: 'double', dims: [1, 3], values: [height, width, frames] },
    { name: 'nframes', kind: 'double', dims: [1, 1], values: [frames] },
  ]
}

/** A label file. */
export function writePennLabel(variables: readonly MatInput[]): Buffer {
  return writeMat(variables, HEADER)
}

function chanceOf(entry: DatasetEntry, { video }: TwinVideo, seed: number): Random {
  return randomAt({ seed, clip: `${entry.name}/${video}`, transform: 'twin' })
}

function* figures(entry: DatasetEntry, truth: PennTruth, random: Random): Generator<[string, Uint8Array]> {
  let frame = 0
  for (const picture of picturesOf(entry, truth, random)) yield [`${pathsOf(entry, truth).frames}/${frameName(frame++)}`, writeJpeg(picture)]
}

function* picturesOf({ skeleton }: DatasetEntry, { recording: { pixels, width, height }, serve }: PennTruth, random: Random): Generator<Picture> {
  if (serve !== null) return yield* serveFrames(serve, pixels, { skeleton, random, width, height })
  const wall = [60 + random.integer(60), 60 + random.integer(60), 60 + random.integer(60)] as const
  for (const points of pixels) yield drawFigure(points, skeleton, { width, height, wall })
}
