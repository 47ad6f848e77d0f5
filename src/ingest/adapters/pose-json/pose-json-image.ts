import { ToolkitError } from '../../../errors.ts'
import type { JointSample } from '../table/table-poses.ts'

/** One joint as a pose file has it. */
export type PoseJoint = Pick<JointSample, 'joint' | 'x' | 'y' | 'confidence' | 'state'>

export type PosePerson = {
  /** Whoever the file says it is from frame to frame; null = it does not say. */
  readonly name: string | null
  readonly joints: readonly PoseJoint[]
  /** px x1 y1 x2 y2; null = none. */
  readonly box: readonly [number, number, number, number] | null
}

/** What a pose file says about one picture. */
export type PoseImage = {
  /** A name with the number of the frame in it; null = the file's own name has it. */
  readonly name: string | null
  readonly width: number | null
  readonly height: number | null
  readonly people: readonly PosePerson[]
}

/** The last number in a name without its ending. Throws E_POSE_FRAME for a name without one, and for a number before the first frame's. */
export function frameNamed(name: string, firstFrame: number): number {
  const digits = /(\d+)\D*$/.exec(name.replace(/\.[A-Za-z]\w*$/, ''))?.[1]
  if (digits === undefined) throw new ToolkitError('E_POSE_FRAME', `"${name}" has no number in it that says the frame`)
  if (Number(digits) >= firstFrame) return Number(digits) - firstFrame
  throw new ToolkitError('E_POSE_FRAME', `"${name}" is frame ${Number(digits)}, before the first frame, ${firstFrame}`, {
    hint: 'where frames count from 0, the catalog says layout.firstFrame: 0' })
}

/** An object of a JSON file. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of so many numbers, all finite. Throws E_POSE_JOINTS, E_POSE_NUMBER. */
export function finiteNumbers(value: unknown, where: string, { count, what }: { count: number; what: string }): readonly number[] {
  if (!Array.isArray(value)) throw new ToolkitError('E_POSE_NUMBER', `${where} is no list of numbers`)
  if (value.length !== count) throw new ToolkitError('E_POSE_JOINTS', `${where} has ${value.length} numbers; ${what} take ${count}`)
  const at = value.findIndex((number) => !Number.isFinite(number))
  if (at === -1) return value as number[]
  const found: unknown = value[at]
  throw new ToolkitError('E_POSE_NUMBER', `${where}[${at}] is ${typeof found === 'number' ? found : JSON.stringify(found)}, no finite number`)
}
