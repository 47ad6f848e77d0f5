import { node, record } from '../../engine/arguments.ts'
import { byName, type Node } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'

/** What blocks find their parameters in. */
export const paramsKind = record(node)

/** A parameter of a block. E_NAME, with the block and the nearest name, where there is none, in a plain object too. */
export function parameterOf(params: Nodes, name: string): Node {
  return byName('parameter', params)[name]!
}
