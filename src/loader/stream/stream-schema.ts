import { type DataType, Field, FixedSizeList, Float32, Schema, Uint8, Utf8 } from 'apache-arrow'
import { sizeOf } from '../../tensor.ts'
import type { TensorSpec } from '../recipe/recipe.ts'

/** What a stream says of itself before its first batch: plain data. */
export type StreamAbout = Readonly<Record<string, unknown>>

/**
 * The Arrow schema of a stream: `id`, then the tensors of a layout by name, one row each: a number, or Arrow's canonical `arrow.fixed_shape_tensor` in row-major order.
 * Metadata `posetta`: JSON of `about`, with the format of the stream.
 */
export function streamSchema(layout: Readonly<Record<string, TensorSpec>>, about: StreamAbout): Schema {
  const tensors = Object.entries(layout).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, spec]) => tensorField(name, spec))
  return new Schema([new Field('id', new Utf8(), false), ...tensors], new Map([['posetta', JSON.stringify({ format: 1, ...about })]]))
}

function tensorField(name: string, { dtype, shape: [, ...shape] }: TensorSpec): Field {
  const item: DataType = dtype === 'float32' ? new Float32() : new Uint8()
  if (shape.length === 0) return new Field(name, item, false)
  const metadata = new Map([['ARROW:extension:name', 'arrow.fixed_shape_tensor'], ['ARROW:extension:metadata', JSON.stringify({ shape })]])
  return new Field(name, new FixedSizeList(sizeOf(shape), new Field('item', item, false)), false, metadata)
}
