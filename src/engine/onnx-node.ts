import type { OnnxAttribute } from './graph.ts'

/** A node as operations write it: an operator of ONNX on values by their names. */
export type OnnxNode = {
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

/**
 * Names the output at `position` of the node in `nodes` whose first one is `value`, and those before it that nobody reads; false when there is no such node, or when it answers that
 * output already.
 */
export function answerToo<Written extends OnnxNode>(nodes: Written[], value: string, position: number, name: string): boolean {
  const at = nodes.findLastIndex(({ outputs }) => outputs[0] === value)
  if (at === -1 || nodes[at]!.outputs.length > position) return false
  const { outputs } = nodes[at]!
  const between = Array.from({ length: position - outputs.length }, (_, i) => `#${value}:${outputs.length + i}`)
  nodes[at] = { ...nodes[at]!, outputs: [...outputs, ...between, name] }
  return true
}
