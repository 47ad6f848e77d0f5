/** x' = xx x + xy y + dx, y' = yx x + yy y + dy, in px. */
export type Affine = { readonly xx: number; readonly xy: number; readonly yx: number; readonly yy: number; readonly dx: number; readonly dy: number }

/** Leaves everything where it is. */
export const identity: Affine = { xx: 1, xy: 0, yx: 0, yy: 1, dx: 0, dy: 0 }

/** The map that does `first`, then `then`. */
export function composed(first: Affine, then: Affine): Affine {
  return {
    xx: then.xx * first.xx + then.xy * first.yx, xy: then.xx * first.xy + then.xy * first.yy,
    yx: then.yx * first.xx + then.yy * first.yx, yy: then.yx * first.xy + then.yy * first.yy,
    dx: then.xx * first.dx + then.xy * first.dy + then.dx, dy: then.yx * first.dx + then.yy * first.dy + then.dy,
  }
}

/** The map that undoes `affine`. Throws an Error for one that flattens the plane. */
export function inverted({ xx, xy, yx, yy, dx, dy }: Affine): Affine {
  const size = xx * yy - xy * yx
  if (size === 0) throw new Error('a map that flattens the plane has no inverse')
  const [a, b, c, d] = [yy / size, -xy / size, -yx / size, xx / size]
  return { xx: a, xy: b, yx: c, yy: d, dx: -(a * dx + b * dy), dy: -(c * dx + d * dy) }
}

/** The way to a place that no map of the plane leads to: where frames moved each for itself, or in space. What follows it is NaN. */
export const nowhere: Affine = { xx: NaN, xy: NaN, yx: NaN, yy: NaN, dx: NaN, dy: NaN }
