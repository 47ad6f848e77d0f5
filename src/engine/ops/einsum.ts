import { sizeOf } from '../../tensor.ts'
import { node, text } from '../arguments.ts'
import { checked } from '../checked.ts'
import type { Node } from '../graph.ts'
import { parseEinsum } from './einsum-spec.ts'
import { matmul } from './matmul.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

/** A node whose axes have labels. */
type Labelled = { readonly node: Node; readonly labels: readonly string[] }

/**
 * Einstein's summation: 'bik,bkj->bij' multiplies the operands along equal labels and sums over those the result lacks, as torch.einsum. Without '->' the result has the labels that
 * occur once, in alphabetical order. '...' stands for axes that broadcast; an axis of one place broadcasts too. A label twice in one operand is its diagonal. Operands are contracted
 * from left to right, each pair as one matrix product.
 */
export const einsum = checked('einsum', { spec: text, '...operands': node }, (spec: string, ...operands: readonly Node[]): Node => {
  const { inputs, output, extents } = parseEinsum(spec, operands)
  const [first, ...others] = operands.map((node, i) => summed(broadcasting(diagonals({ node, labels: inputs[i]! }), extents), neededBeside(inputs, i, output)))
  const product = others.reduce((left, right, i) => contracted(left, right, new Set([...output, ...inputs.slice(i + 2).flat()])), first!)
  return arranged(summed(product, new Set(output)), output)
})

/** Labels of the result and of the operands other than `own`. */
function neededBeside(inputs: readonly (readonly string[])[], own: number, output: readonly string[]): Set<string> {
  return new Set([...output, ...inputs.filter((_, i) => i !== own).flat()])
}

/** Repeated labels as one: of [n, n] every (n + 1)-th number, row after row. */
function diagonals({ node, labels }: Labelled): Labelled {
  const twice = labels.find((label, i) => labels.indexOf(label) !== i)
  if (twice === undefined) return { node, labels }
  const [one, other] = [labels.indexOf(twice), labels.lastIndexOf(twice)]
  const rest = [...labels.keys()].filter((axis) => axis !== one && axis !== other)
  const extent = node.shape[one]!
  const square = reshape(permuted(node, [...rest, one, other]), [...rest.map((axis) => node.shape[axis]!), extent * extent])
  return diagonals({ node: slice(square, -1, 0, extent * extent, { step: extent + 1 }), labels: [...rest.map((axis) => labels[axis]!), twice] })
}

/** Without the axes of one place whose label has more elsewhere: to broadcast is to lack the label. */
function broadcasting({ node, labels }: Labelled, extents: ReadonlyMap<string, number>): Labelled {
  const kept = [...labels.keys()].filter((axis) => node.shape[axis] === extents.get(labels[axis]!))
  return { node: reshape(node, kept.map((axis) => node.shape[axis]!)), labels: kept.map((axis) => labels[axis]!) }
}

function summed({ node, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = [...labels.keys()].filter((axis) => !needed.has(labels[axis]!))
  return axes.length === 0 ? { node, labels } : { node: sum(node, axes), labels: labels.filter((label) => needed.has(label)) }
}

/** The product of two, summed over what neither the result nor a later operand needs: [batch, left, inner] x [batch, inner, right]. */
function contracted(left: Labelled, right: Labelled, needed: ReadonlySet<string>): Labelled {
  const shared = left.labels.filter((label) => right.labels.includes(label))
  const [batch, inner] = [shared.filter((label) => needed.has(label)), shared.filter((label) => !needed.has(label))]
  const [ofLeft, ofRight] = [left, right].map(({ labels }) => labels.filter((label) => !shared.includes(label))) as [string[], string[]]
  const extent = (label: string): number => [left, right].flatMap(({ node, labels }) => (labels.includes(label) ? [node.shape[labels.indexOf(label)]!] : []))[0]!
  const size = (labels: readonly string[]): number => sizeOf(labels.map(extent))
  const labels = [...batch, ...ofLeft, ...ofRight]
  const [a, b] = [arranged(left, [...batch, ...ofLeft, ...inner]), arranged(right, [...batch, ...inner, ...ofRight])]
  if (inner.length === 0) {
    // nothing to sum: an outer product is no matrix product
    return { node: mul(reshape(a, [...a.shape, ...ofRight.map(() => 1)]), reshape(b, [...batch.map(extent), ...ofLeft.map(() => 1), ...ofRight.map(extent)])), labels }
  }
  const rows = batch.length === 0 ? [] : [size(batch)]
  const product = matmul(reshape(a, [...rows, size(ofLeft), size(inner)]), reshape(b, [...rows, size(inner), size(ofRight)]))
  return { node: reshape(product, labels.map(extent)), labels }
}

function arranged({ node, labels }: Labelled, wanted: readonly string[]): Node {
  return permuted(node, wanted.map((label) => labels.indexOf(label)))
}

function permuted(node: Node, permutation: readonly number[]): Node {
  return permutation.every((axis, i) => axis === i) ? node : transpose(node, permutation)
}
