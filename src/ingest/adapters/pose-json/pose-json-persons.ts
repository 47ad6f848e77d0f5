import type { PosePerson } from './pose-json-image.ts'
import type { PoseFrame } from './pose-json-read.ts'
import { type JointSample, personOrder } from '../table/table-poses.ts'

/** The people of a clip's frames: who is who from frame to frame is what the files say, or else their order in each frame. */
type PosePersons = {
  readonly samples: readonly JointSample[]
  readonly arePersonsNamed: boolean
  /** Somebody was seen who is not in the clip. */
  readonly areLeftOut: boolean
  /** Boxes [T, 4] of person 0 of a clip of so many frames, NaN where there is none; null = no boxes at all. */
  boxes(frames: number, [right, down]: readonly number[]): Float32Array | null
}

/** Everybody, or the first person of every frame, whoever that is. */
export function posePersons(frames: readonly PoseFrame[], choice: 'first' | 'all'): PosePersons {
  const everybody = frames.flatMap(({ people }) => people)
  const arePersonsNamed = choice === 'all' && everybody.length > 0 && everybody.every(({ name }) => name !== null)
  const chosen = frames.flatMap(({ frame, path, people }) => people.slice(0, choice === 'first' ? 1 : Infinity).map((person, at) => ({
    frame, place: `person ${at} of ${path}`, name: arePersonsNamed ? person.name! : String(at), joints: person.joints, box: person.box })))
  const order = personOrder(chosen.map(({ name }) => name))
  return {
    samples: chosen.flatMap(({ frame, place, name, joints }) => joints.map((joint): JointSample => ({ ...joint, frame, person: name, place, z: NaN }))),
    arePersonsNamed, areLeftOut: chosen.length < everybody.length,
    boxes: (count, scale) => toBoxes(chosen.filter(({ name }) => order.get(name) === 0), count, scale),
  }
}

type Boxed = Pick<PosePerson, 'box'> & { readonly frame: number }

function toBoxes(persons: readonly Boxed[], frames: number, [right, down]: readonly number[]): Float32Array | null {
  if (persons.every(({ box }) => box === null)) return null
  const boxes = new Float32Array(frames * 4).fill(NaN)
  for (const { frame, box } of persons) if (box !== null) boxes.set(box.map((value, at) => value * (at % 2 === 0 ? right! : down!)), frame * 4)
  return boxes
}
