import { circle } from '../../../elementary.ts'
import { type Point, plus, times } from '../person.ts'

/** A rotation and a place: `axes` are the images of x, y, z; x -> axes x + at. Metres. */
export type Rigid = { readonly axes: readonly [Point, Point, Point]; readonly at: Point }

export function rotate({ axes }: Rigid, [x, y, z]: Point): Point {
  return plus(plus(times(axes[0], x), times(axes[1], y)), times(axes[2], z))
}

export function place(rigid: Rigid, point: Point): Point {
  return plus(rotate(rigid, point), rigid.at)
}

/** First `inner`, then `outer`. */
export function after(outer: Rigid, inner: Rigid): Rigid {
  const [x, y, z] = inner.axes
  return { axes: [rotate(outer, x), rotate(outer, y), rotate(outer, z)], at: place(outer, inner.at) }
}

export function inverse({ axes: [x, y, z], at }: Rigid): Rigid {
  const turned: Rigid = { axes: [[x[0], y[0], z[0]], [x[1], y[1], z[1]], [x[2], y[2], z[2]]], at: [0, 0, 0] }
  return { ...turned, at: times(rotate(turned, at), -1) }
}

/** The 16 numbers of the 4 x 4 matrix, row by row. */
export function rows({ axes: [x, y, z], at }: Rigid): number[] {
  return [...[0, 1, 2].flatMap((row) => [x[row]!, y[row]!, z[row]!, at[row]!]), 0, 0, 0, 1]
}

/** A turn about one axis (0 = x, 1 = y, 2 = z), counter-clockwise seen from its tip, by a share of a whole turn. */
export function turn(axis: 0 | 1 | 2, turns: number): Rigid {
  const { cos, sin } = circle(turns)
  const axes = ([
    [[1, 0, 0], [0, cos, sin], [0, -sin, cos]],
    [[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]],
    [[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]],
  ] as const)[axis]
  return { axes, at: [0, 0, 0] }
}

/** A camera at `eye` whose axis goes through `target`, its x axis level: camera -> world, x right, y down, z forward, in a world whose z goes up. */
export function look(eye: Point, target: Point): Rigid {
  const z = unit([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]])
  const x = unit([z[1], -z[0], 0])
  return { axes: [x, cross(z, x), z], at: eye }
}

/**
 * The rotation as axis times angle in radians, 0 to pi, as MANO has it. By the longest row of 4 q q^T (Shepperd 1978); the half angle by Newton steps on the
 * sine of what is missing, because `Math.atan2` may differ from machine to machine.
 */
export function axisAngle({ axes: [x, y, z] }: Rigid): Point {
  const products = [
    [1 + x[0] + y[1] + z[2], y[2] - z[1], z[0] - x[2], x[1] - y[0]],
    [y[2] - z[1], 1 + x[0] - y[1] - z[2], x[1] + y[0], x[2] + z[0]],
    [z[0] - x[2], x[1] + y[0], 1 - x[0] + y[1] - z[2], y[2] + z[1]],
    [x[1] - y[0], x[2] + z[0], y[2] + z[1], 1 - x[0] - y[1] + z[2]],
  ] as const
  const squares = products.map((row, at) => row[at]!)
  const [w, a, b, c] = products[squares.indexOf(Math.max(...squares))]!
  const sine = Math.sqrt(a * a + b * b + c * c)
  return sine === 0 ? [0, 0, 0] : times([a, b, c], ((w < 0 ? -2 : 2) * angleOf(Math.abs(w), sine)) / sine)
}

/** A share of the shortest rotation from one to another; the place is the first one's. */
export function partWay(from: Rigid, to: Rigid, share: number): Rigid {
  const still: Rigid = { axes: from.axes, at: [0, 0, 0] }
  const [x, y, z] = times(axisAngle(after(inverse(still), { ...to, at: [0, 0, 0] })), share)
  const angle = Math.sqrt(x * x + y * y + z * z)
  if (angle === 0) return from
  const { cos, sin } = circle(angle / (2 * Math.PI))
  const axis = times([x, y, z], 1 / angle)
  const turned = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const).map((unitAxis, at): Point =>
    plus(plus(times(unitAxis, cos), times(cross(axis, unitAxis), sin)), times(axis, axis[at]! * (1 - cos)))) as [Point, Point, Point]
  return { axes: after(still, { axes: turned, at: [0, 0, 0] }).axes, at: from.at }
}

/** The angle in radians, 0 to pi / 2, whose cosine and sine are in this proportion. */
function angleOf(adjacent: number, opposite: number): number {
  const length = Math.sqrt(adjacent * adjacent + opposite * opposite)
  let turns = 1 / 8
  for (let step = 0; step < 6; step++) {
    const { cos, sin } = circle(turns)
    turns += (opposite * cos - adjacent * sin) / (2 * Math.PI * length)
  }
  return turns * 2 * Math.PI
}

function unit(a: Point): Point {
  return times(a, 1 / Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]))
}

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
