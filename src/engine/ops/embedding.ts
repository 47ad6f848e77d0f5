import { node, options, whole } from '../arguments.ts'
import { checked } from '../checked.ts'
import { type Node, shapeError } from '../graph.ts'
import { gather } from './gather.ts'
import { mul } from './mul.ts'
import { oneHot } from './one-hot.ts'
import { straightThrough } from './straight-through.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'

/**
 * Rows of a table [V, d] by index, [...] -> [..., d]. The row `paddingIndex` gets no derivative, so that it stays what it was, as in torch.nn.Embedding; what it holds is read as any
 * other row. Indices as for gather.
 */
export const embedding = checked('embedding', {
  table: node, indices: node, options: options({ paddingIndex: whole }),
}, (table: Node, indices: Node, { paddingIndex }: { readonly paddingIndex?: number } = {}): Node => {
  if (table.shape.length !== 2) throw shapeError('embedding', 'the table must be [V, d]', table, indices)
  const rows = gather(table, indices)
  if (paddingIndex === undefined) return rows
  if (!Number.isInteger(paddingIndex) || paddingIndex < 0 || paddingIndex >= table.shape[0]!) throw shapeError('embedding', `no row ${paddingIndex} for padding`, table, indices)
  const isPadding = oneHot(sub(indices, paddingIndex), 1)
  return straightThrough(rows, mul(rows, sub(1, reshape(isPadding, [...indices.shape, 1]))))
})
