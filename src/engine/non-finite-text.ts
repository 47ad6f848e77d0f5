import type { Node } from './graph.ts'
import type { NonFinite, ValueRange } from './first-non-finite.ts'
import { nameOf } from './ops/input.ts'

/** For people: which node is not finite, where it was made, and what it was made of; `names` of nodes that have some, such as parameters. */
export function nonFiniteText({ node, value, inputs, output }: NonFinite, names: ReadonlyMap<Node, string> = new Map()): string {
  const nodeText = (one: Node): string => names.get(one) ?? textOf(one)
  const pass = output === 'loss' ? 'the forward pass' : `the way to ${output}`
  const held = `${nodeText(node)} ${nameOf(node) === null ? 'is' : 'was fed as'} the first of ${pass} that is not finite: ${rangeText(value)}`
  return inputs.length === 0 ? held : `${held}; computed from ${inputs.map((input) => `${nodeText(input.node)}: ${rangeText(input.value)}`).join(' and ')}`
}

function textOf(node: Node): string {
  return `${nameOf(node) === null ? node.operation.name : `input "${nameOf(node)}"`} [${node.shape.join(', ')}] (${node.madeAt()})`
}

function rangeText({ least, greatest, numbers, nan, infinite, first }: ValueRange): string {
  const extent = least === null ? [] : [least === greatest ? `${short(least)}` : `${short(least)} to ${short(greatest!)}`]
  const bad = [...(nan === 0 ? [] : [`${nan} NaN`]), ...(infinite === 0 ? [] : [`${infinite} infinite`])].join(' and ')
  return [...(first === null ? [] : [`${bad} of ${numbers} numbers, the first at [${first.join(', ')}]`]), ...extent].join(', else ') || 'no numbers'
}

function short(number: number): string {
  return String(Number(number.toPrecision(4)))
}
