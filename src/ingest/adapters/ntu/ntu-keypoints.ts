import { ABSENT, type Clip, OBSERVED, OCCLUDED, type TrackSegment } from '../../../clip.ts'
import { ToolkitError } from '../../../errors.ts'
import { NTU_COLUMNS, NTU_JOINTS, type NtuBody, type NtuText } from './ntu-text.ts'

/** Where each body of a clip goes. */
export type NtuPersons = {
  /** At least 1: a clip without any body has one person who is never there. */
  readonly persons: number
  /** The person that each body of the text is, in its order. */
  readonly personOf: readonly number[]
  /** When each body is there: label = its id, number = its person. */
  readonly segments: readonly TrackSegment[]
  readonly flags: readonly string[]
}

type Keypoints = Pick<Clip, 'keypoints' | 'states' | 'raw' | 'flags'>

/** Rows of frames that fit in memory with room to spare; the longest real sequence has some hundreds. */
const MAX_PERSON_FRAMES = 200_000
const STATE = NTU_COLUMNS - 1
const states = [ABSENT, OCCLUDED, OBSERVED] as const
const confidences = [0, 0.5, 1] as const

/** Numbers persons in the order in which their bodies first appear; a body that stands twice in one frame is two persons there. Throws E_NTU_LARGE. */
export function ntuPersons({ frames, bodies }: NtuText): NtuPersons {
  const persons = new Map<string, number>()
  const runs: { person: number; start: number; end: number; id: string }[] = []
  const latest: (typeof runs)[number][] = []
  let isTwice = false
  const personOf = bodies.map(({ frame, id }) => {
    let key = id
    while (persons.has(key) && latest[persons.get(key)!]!.end > frame) {
      key += '+'
      isTwice = true
    }
    const person = persons.get(key) ?? persons.size
    persons.set(key, person)
    if (latest[person]?.end === frame) latest[person].end++
    else runs.push(latest[person] = { person, start: frame, end: frame + 1, id })
    return person
  })
  const count = Math.max(1, persons.size)
  if (frames * count > MAX_PERSON_FRAMES) {
    throw new ToolkitError('E_NTU_LARGE', `${frames} frames of ${count} bodies are ${frames * count} rows, at most ${MAX_PERSON_FRAMES} are read`)
  }
  const segments = runs.sort((a, b) => a.start - b.start || a.end - b.end || a.person - b.person)
    .map(({ person, start, end, id }) => ({ track: 'body', start, end, label: id, number: person }))
  const filled = new Set(bodies.map(({ frame }) => frame)).size
  const flags = [...(filled === 0 ? ['no-body'] : filled < frames ? ['frames-without-body'] : []), ...(isTwice ? ['body-twice-in-frame'] : [])]
  return { persons: count, personOf, segments, flags }
}

/**
 * Joints of one space: metres of the camera (`3d`; the device's y points up, flag `y-up`), or px of the colour image (`2d`).
 * Tracked = observed, inferred = occluded (confidence 0.5), not tracked or not finite = absent.
 */
export function ntuKeypoints({ frames, bodies }: NtuText, { persons, personOf }: NtuPersons, space: '2d' | '3d'): Keypoints {
  const dims = space === '3d' ? 3 : 2
  const column = space === '3d' ? 0 : 5
  const cells = frames * persons * NTU_JOINTS
  const clip = { keypoints: new Float32Array(cells * (dims + 1)), states: new Uint8Array(cells).fill(ABSENT), raw: new Float32Array(cells * dims).fill(NaN) }
  for (let cell = 0; cell < cells; cell++) clip.keypoints.fill(NaN, cell * (dims + 1), cell * (dims + 1) + dims)
  let isFinite = true
  for (const [at, { frame, joints }] of bodies.entries()) {
    const first = (frame * persons + personOf[at]!) * NTU_JOINTS
    for (let joint = 0; joint < NTU_JOINTS; joint++) isFinite = putJoint(clip, { cell: first + joint, dims, column, joints, joint }) && isFinite
  }
  return { ...clip, flags: [...(space === '3d' ? ['y-up'] : []), ...(isFinite ? [] : ['joints-not-finite'])] }
}

type Buffers = { readonly keypoints: Float32Array; readonly states: Uint8Array; readonly raw: Float32Array }
type Place = { readonly cell: number; readonly dims: 2 | 3; readonly column: number; readonly joints: NtuBody['joints']; readonly joint: number }

/** Answers whether its coordinates are finite. */
function putJoint({ keypoints, states: stateOf, raw }: Buffers, { cell, dims, column, joints, joint }: Place): boolean {
  const row = joint * NTU_COLUMNS
  let isFinite = true
  for (let axis = 0; axis < dims; axis++) {
    const value = Math.fround(joints[row + column + axis]!)
    if (Number.isFinite(value)) raw[cell * dims + axis] = value
    else isFinite = false
  }
  const state = joints[row + STATE]!
  if (state === 0 || !isFinite) return isFinite
  stateOf[cell] = states[state]!
  for (let axis = 0; axis < dims; axis++) keypoints[cell * (dims + 1) + axis] = raw[cell * dims + axis]!
  keypoints[cell * (dims + 1) + dims] = confidences[state]!
  return true
}
