import { ToolkitError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'

/** A tensor with zeros after the end of each axis, up to `shape`. Throws E_FEED where it is larger. `name` is what the error calls it. */
export function padTo(given: Tensor, shape: readonly number[], name = 'a tensor'): Tensor {
  if (given.shape.length !== shape.length || given.shape.some((extent, axis) => extent > shape[axis]!)) {
    throw new ToolkitError('E_FEED', `${name} [${given.shape.join(', ')}] does not fit into [${shape.join(', ')}]`, { hint: 'padding only adds places after the end of each axis', exit: 4 })
  }
  const data = new Float32Array(sizeOf(shape))
  copyBlock(given, { shape, data }, given.shape)
  return { shape, data }
}

/** The first places of each axis, `shape` of them: what padTo added is gone. */
export function cutTo(given: Tensor, shape: readonly number[]): Tensor {
  if (given.shape.length !== shape.length || given.shape.some((extent, axis) => extent < shape[axis]!)) {
    throw new ToolkitError('E_FEED', `a tensor [${given.shape.join(', ')}] has no first [${shape.join(', ')}]`, { hint: 'cut to a shape within it', exit: 4 })
  }
  const data = new Float32Array(sizeOf(shape))
  copyBlock(given, { shape, data }, shape)
  return { shape, data }
}

/** Copies the first `block` places of each axis, row by row. */
function copyBlock(from: Tensor, to: Tensor, block: readonly number[]): void {
  const row = block.at(-1) ?? 1
  const rows = row === 0 ? 0 : sizeOf(block) / row
  const startOf = ({ shape }: Tensor, index: number): number => {
    let [rest, start, stride] = [index, 0, shape.at(-1) ?? 1]
    for (let axis = block.length - 2; axis >= 0; axis--) {
      start += (rest % block[axis]!) * stride
      rest = Math.floor(rest / block[axis]!)
      stride *= shape[axis]!
    }
    return start
  }
  for (let index = 0; index < rows; index++) {
    const start = startOf(from, index)
    to.data.set(from.data.subarray(start, start + row), startOf(to, index))
  }
}
