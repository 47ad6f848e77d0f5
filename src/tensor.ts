/** Numbers in row-major order. `data.length` is the product of `shape`; `[]` is a scalar. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array }

/** Bytes in row-major order: pictures, compact heatmaps. */
export type ByteTensor = { readonly shape: readonly number[]; readonly data: Uint8Array }

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1)
}

/** A tensor over `data`, refused when the shape does not fit. */
export function tensor(shape: readonly number[], data: Float32Array): Tensor {
  if (sizeOf(shape) !== data.length) throw new Error(`shape [${shape.join(', ')}] holds ${sizeOf(shape)} numbers, the data ${data.length}`)
  return { shape, data }
}
