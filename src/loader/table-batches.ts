import { ToolkitError, unknownName } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { ordersOf } from './permutation.ts'

/** Columns of a table by name, one row in each place of the first axis. */
export type Columns = Readonly<Record<string, Tensor>>

/**
 * Batches of `rows` rows of a table in memory, each epoch in an order of its own: that of the loader for (seed, epoch), docs/loader-order.md. A batch may reach over the end of an epoch,
 * so that each row comes once in each; rows that fill no batch at the very end come with `last: 'short'` as a smaller one, else not. The tensors are written over by the next batch.
 * Throws E_TABLE for columns of different lengths, a table of fewer rows than a batch, and options there are not.
 */
export function* tableBatches(
  columns: Columns, given: { rows: number; epochs: number; seed: number; last?: 'dropped' | 'short' },
): Generator<Record<string, Tensor>> {
  const { rows, epochs, seed, last = 'dropped' } = given
  const unknown = Object.keys(given).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) throw unknownName('E_TABLE', 'option of tableBatches', unknown, OPTIONS)
  const count = rowsOf(columns)
  if (!['dropped', 'short'].includes(last)) throw unknownName('E_TABLE', 'way to end a table', String(last), ['dropped', 'short'])
  if (!(Number.isInteger(rows) && rows > 0)) throw new ToolkitError('E_TABLE', `batches of ${rows} rows`, { hint: 'a whole number of 1 or more' })
  if (!(Number.isInteger(epochs) && epochs >= 0)) throw new ToolkitError('E_TABLE', `${String(epochs)} epochs of a table`, { hint: 'a whole number of 0 or more' })
  if (!Number.isInteger(seed)) throw new ToolkitError('E_TABLE', `a table in the order of seed ${String(seed)}`, { hint: 'a whole number' })
  if (count < rows && last === 'dropped') throw new ToolkitError('E_TABLE', `${count} rows fill no batch of ${rows}`, { hint: `rows: ${count} at most` })
  const orders = ordersOf(count, { seed })
  const batch = Object.fromEntries(Object.entries(columns).map(([name, { shape }]) => [name, emptyBatch(shape, rows)]))
  let filled = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = orders(epoch)
    for (let position = 0; position < count; position++) {
      for (const [name, column] of Object.entries(columns)) copyRow(column, order(position), batch[name]!, filled)
      if (++filled < rows) continue
      filled = 0
      yield batch
    }
  }
  if (filled > 0 && last === 'short') yield Object.fromEntries(Object.entries(batch).map(([name, { shape, data }]) => [name, { shape: shape.with(0, filled), data: data.subarray(0, filled * sizeOf(shape.slice(1))) }]))
}

const OPTIONS = ['rows', 'epochs', 'seed', 'last']

function rowsOf(columns: Columns): number {
  const lengths = Object.entries(columns).map(([name, { shape }]) => [name, shape[0] ?? 0] as const)
  const [first] = lengths
  if (first === undefined) throw new ToolkitError('E_TABLE', 'a table without columns')
  for (const [name, length] of lengths) {
    if (length !== first[1]) throw new ToolkitError('E_TABLE', `column "${name}" has ${length} rows, "${first[0]}" ${first[1]}`)
    if (!(columns[name]!.data instanceof Float32Array)) throw new ToolkitError('E_TABLE', `column "${name}" is no Float32Array`, { hint: 'data: Float32Array.from(numbers)' })
    if (columns[name]!.data.length !== sizeOf(columns[name]!.shape)) throw new ToolkitError('E_TABLE', `column "${name}" [${columns[name]!.shape.join(', ')}] has ${columns[name]!.data.length} numbers`)
  }
  return first[1]
}

function emptyBatch(shape: readonly number[], rows: number): Tensor {
  const whole = shape.with(0, rows)
  return { shape: whole, data: new Float32Array(sizeOf(whole)) }
}

function copyRow(from: Tensor, row: number, to: Tensor, place: number): void {
  const size = sizeOf(from.shape.slice(1))
  to.data.set(from.data.subarray(row * size, (row + 1) * size), place * size)
}
