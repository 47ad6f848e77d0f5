import { sizeOf, type Tensor } from '../../tensor.ts'
import type { Node } from '../graph.ts'
import { concat } from '../ops/concat.ts'
import { slice } from '../ops/slice.ts'
import type { Group, Parameter } from './groups.ts'

/** Part of a flat vector. */
type Range = { readonly start: number; readonly end: number; readonly group: Group }

/** Where the parameters of each group lie in a flat vector [N] of all parameters, neighbours of one group as one. */
export function rangesOf(parameters: readonly Parameter[], groups: readonly Group[]): Range[] {
  const ranges: Range[] = []
  let start = 0
  for (const parameter of parameters) {
    const group = groups.find(({ members }) => members.includes(parameter))!
    const end = start + sizeOf(parameter.shape)
    const before = ranges.at(-1)
    if (before?.group === group) ranges[ranges.length - 1] = { ...before, end }
    else ranges.push({ start, end, group })
    start = end
  }
  return ranges
}

/** The numbers of one group out of a flat vector. */
export function cutOut(flat: Node, ranges: readonly Range[], group: Group): Node {
  return joined(ranges.filter((range) => range.group === group).map(({ start, end }) => part(flat, start, end)))
}

/** The flat vector with the numbers of the groups replaced that have a vector of their own. */
export function putBack(flat: Node, ranges: readonly Range[], vectorOf: (group: Group) => Node | undefined): Node {
  const used = new Map<Group, number>()
  return joined(ranges.map(({ start, end, group }) => {
    const vector = vectorOf(group)
    if (vector === undefined) return part(flat, start, end)
    const from = used.get(group) ?? 0
    used.set(group, from + end - start)
    return part(vector, from, from + end - start)
  }))
}

/** 1 for each number of the parameters that weight decay applies to, else 0; null = it applies to all. */
export function decaysOf(parameters: readonly Parameter[]): Tensor | null {
  if (parameters.every(({ decay }) => decay)) return null
  const data = Float32Array.from(parameters.flatMap(({ shape, decay }) => Array.from({ length: sizeOf(shape) }, () => Number(decay))))
  return { shape: [data.length], data }
}

function part(vector: Node, start: number, end: number): Node {
  return start === 0 && end === vector.shape[0] ? vector : slice(vector, 0, start, end)
}

function joined(parts: readonly Node[]): Node {
  return parts.length === 1 ? parts[0]! : concat(parts, 0)
}
