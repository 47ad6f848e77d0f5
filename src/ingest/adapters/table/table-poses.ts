import { ABSENT, type Clip, OBSERVED, type OCCLUDED, type TrackSegment } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'

/** One joint in one frame, as a file has it; what is absent may have coordinates all the same, or NaN. */
export type JointSample = {
  readonly frame: number
  /** Whoever the file says it is. */
  readonly person: string
  readonly joint: number
  readonly x: number
  readonly y: number
  /** NaN where there are two axes. */
  readonly z: number
  readonly confidence: number
  readonly state: typeof OBSERVED | typeof OCCLUDED | typeof ABSENT
  /** Where it stands, for people. */
  readonly place: string
}

export type PoseSpace = {
  readonly joints: readonly string[]
  readonly dims: 2 | 3
  /** px per unit of x, y and z: 1 unless the file is normalised. */
  readonly scale: readonly [number, number, number]
  /** px of the picture; null = coordinates are no px. */
  readonly size: { readonly width: number; readonly height: number } | null
  /** Frames that were seen though nobody is in them; the clip is at least as long. */
  readonly seen?: ReadonlySet<number>
  /** The number that the files give the first frame. */
  readonly firstFrame: number
  /** The names of persons mean something: who is there when becomes segments. */
  readonly arePersonsNamed: boolean
}

export type Poses = Pick<Clip, 'frames' | 'persons' | 'joints' | 'dims' | 'keypoints' | 'states' | 'raw' | 'flags'> & {
  /** Who is there when, where persons have names. */
  readonly segments: readonly TrackSegment[]
}

/** The most joints in all frames of one clip: half an hour of 17 joints of two persons at 100 frames per second is 6 million. */
export const MAX_CELLS = 2 ** 23
const EMPTY = 255

/** Lays samples out as a clip, frame 0 to the last one that has any. Throws E_CLIP_TWICE, E_CLIP_LARGE, E_CLIP_EMPTY, E_CLIP_NUMBER. */
export function toPoses(samples: readonly JointSample[], space: PoseSpace): Poses {
  const { joints, dims, scale, size, seen = new Set() } = space
  const present = new Set(seen)
  for (const { frame } of samples) present.add(frame)
  if (present.size === 0) throw new ToolkitError('E_CLIP_EMPTY', 'no frame of the clip is there')
  const frames = 1 + [...present].reduce((last, frame) => Math.max(last, frame), 0)
  const persons = personOrder(samples.map(({ person }) => person))
  const count = Math.max(1, persons.size)
  const cells = frames * count * joints.length
  if (cells > MAX_CELLS) {
    throw new ToolkitError('E_CLIP_LARGE', `${frames} frames of ${count} persons of ${joints.length} joints are ${cells}, at most ${MAX_CELLS} are read`, {
      hint: 'are the numbers of frames times in milliseconds, or the persons new ones in every frame?' })
  }
  const [keypoints, raw, states] = [new Float32Array(cells * (dims + 1)), new Float32Array(cells * dims).fill(NaN), new Uint8Array(cells).fill(EMPTY)]
  const placeOf = new Map<number, string>()
  let [isOutside, isClipped] = [false, false]
  for (const sample of samples) {
    const { frame, person, joint, state, confidence, place } = sample
    const cell = (frame * count + persons.get(person)!) * joints.length + joint
    if (states[cell] !== EMPTY) throw twice(sample, placeOf.get(cell)!, space)
    placeOf.set(cell, place)
    states[cell] = state
    const at = [sample.x * scale[0], sample.y * scale[1], sample.z * scale[2]]
    for (let axis = 0; axis < dims; axis++) raw[cell * dims + axis] = at[axis]!
    if (state === ABSENT) continue
    for (let axis = 0; axis < dims; axis++) if (!Number.isFinite(raw[cell * dims + axis])) throw tooLarge(sample, joints, at[axis]!)
    for (let axis = 0; axis < dims; axis++) keypoints[cell * (dims + 1) + axis] = at[axis]!
    keypoints[cell * (dims + 1) + dims] = Math.min(1, Math.max(0, confidence))
    isClipped ||= confidence < 0 || confidence > 1
    isOutside ||= size !== null && state === OBSERVED && (at[0]! < 0 || at[1]! < 0 || at[0]! > size.width || at[1]! > size.height)
  }
  let located = 0
  for (let cell = 0; cell < cells; cell++) {
    if (states[cell] === EMPTY) states[cell] = ABSENT
    if (states[cell] === ABSENT) keypoints.fill(NaN, cell * (dims + 1), cell * (dims + 1) + dims)
    else located++
  }
  const flags = [
    ...(isClipped ? ['confidence-clipped'] : []),
    ...(present.size < frames ? ['frame-gaps'] : []),
    ...(isOutside ? ['joints-outside-image'] : []),
    ...(located === 0 ? ['no-observed-joint'] : []),
  ]
  const segments = space.arePersonsNamed ? presence(samples, persons) : []
  return { frames, persons: count, joints: joints.length, dims, keypoints, states, raw, flags, segments }
}

/** The index of each person: in order of number where all names are numbers, else of name. */
export function personOrder(everyName: readonly string[]): ReadonlyMap<string, number> {
  const names = [...new Set(everyName)]
  const areNumbers = names.every((name) => /^\d+$/.test(name))
  const sorted = areNumbers ? names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1)) : names.sort()
  return new Map(sorted.map((name, index) => [name, index]))
}

function tooLarge({ joint, place }: JointSample, joints: readonly string[], value: number): ToolkitError {
  return new ToolkitError('E_CLIP_NUMBER', `${place}: a coordinate of ${joints[joint]} is ${value}, more than a float of 32 bits holds`)
}

function twice({ frame, person, joint, place }: JointSample, before: string, { joints, firstFrame, arePersonsNamed }: PoseSpace): ToolkitError {
  const who = arePersonsNamed ? ` of person "${person}"` : ''
  return new ToolkitError('E_CLIP_TWICE', `${before} and ${place} both give ${joints[joint]}${who} in frame ${frame + firstFrame}`, {
    hint: arePersonsNamed ? 'keep one of them' : 'keep one of them; where they are two persons, a column says which' })
}

/** When each person is there: a segment for every run of frames, its label the person's name, its number the person's index. */
function presence(samples: readonly JointSample[], persons: ReadonlyMap<string, number>): TrackSegment[] {
  const framesOf = new Map<string, Set<number>>()
  for (const { person, frame } of samples) framesOf.set(person, (framesOf.get(person) ?? new Set<number>()).add(frame))
  return [...framesOf].flatMap(([person, frames]) => {
    const runs: { track: string; start: number; end: number; label: string; number: number }[] = []
    for (const frame of [...frames].sort((a, b) => a - b)) {
      const last = runs.at(-1)
      if (last?.end === frame) last.end++
      else runs.push({ track: 'person', start: frame, end: frame + 1, label: person, number: persons.get(person)! })
    }
    return runs
  })
}
