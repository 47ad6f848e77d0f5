import { node, oneOrWholes } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { concat } from './concat.ts'
import { mean } from './mean.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import type { PerAxis } from './windows.ts'

/** x [N, C, L] as means of `size` windows [floor(i L / size), ceil((i + 1) L / size)), which overlap where L is no multiple, as PyTorch's. */
export const adaptiveAvgPool1d = adaptiveAvgPool(1)
/** x [N, C, H, W] as means of `size` windows along each axis; see adaptiveAvgPool1d. */
export const adaptiveAvgPool2d = adaptiveAvgPool(2)
/** x [N, C, T, H, W] as means of `size` windows along each axis; see adaptiveAvgPool1d. */
export const adaptiveAvgPool3d = adaptiveAvgPool(3)

/** Axis by axis the means of its windows. */
function adaptiveAvgPool(axes: number): (x: Node, size: PerAxis) => Node {
  const name = `adaptiveAvgPool${axes}d`
  return checked(name, { x: node, size: oneOrWholes }, (x: Node, size: PerAxis): Node => {
    if (x.shape.length !== axes + 2) throw shapeError(name, `x must have ${axes + 2} axes`, x)
    if (x.shape.includes(0)) throw shapeError(name, 'an axis is empty', x)
    const sizes = typeof size === 'number' ? Array.from({ length: axes }, () => size) : size
    if (sizes.length !== axes || sizes.some((count) => !Number.isSafeInteger(count) || count < 1)) {
      throw shapeError(name, `size must be a whole number >= 1, or one for each of ${axes} spatial axes, not ${JSON.stringify(size)}`, x)
    }
    return sizes.reduce((y, count, axis) => (count === y.shape[axis + 2] ? y : meansAlong(y, axis + 2, count)), x)
  })
}

/** Each of its own places alone: a product with a matrix of shares would spread what is not finite to all. */
function meansAlong(x: Node, axis: number, count: number): Node {
  const extent = x.shape[axis]!
  if (extent % count === 0) return mean(reshape(x, x.shape.toSpliced(axis, 1, count, extent / count)), [axis + 1])
  const bounds = Array.from({ length: count }, (_, window): [number, number] => [Math.floor((window * extent) / count), Math.ceil(((window + 1) * extent) / count)])
  return concat(bounds.map(([start, end]) => mean(slice(x, axis, start, end), [axis], { keepDims: true })), axis)
}
