import type { Node } from '../graph.ts'
import { add } from './add.ts'
import { concat } from './concat.ts'
import { reshape } from './reshape.ts'
import { scan } from './scan.ts'
import { slice } from './slice.ts'
import { squeeze } from './squeeze.ts'
import { transpose } from './transpose.ts'

/** The states [T, ...S] before each step, of the first one [...S] and those after each. */
export function statesBefore(initial: Node, states: Node): Node {
  const first = reshape(initial, [1, ...initial.shape])
  return states.shape[0] === 1 ? first : concat([first, slice(states, 0, 0, -1)], 0)
}

/** The whole derivative [T, ...S] that arrives at each state: its own and what the next state sends back, which `earlier` makes of what arrives there and of that step's part of each sequence. */
export function carriedBack(upstream: Node, sequences: readonly Node[], earlier: (arriving: Node, ...parts: readonly Node[]) => Node): Node {
  if (upstream.shape[0] === 1) return upstream
  const last = slice(upstream, 0, -1)
  const given = [slice(upstream, 0, 0, -1), ...sequences.map((sequence) => slice(sequence, 0, 1))]
  const before = scan({ initial: squeeze(last, [0]), sequences: given, reverse: true }, (later, own, ...parts) => add(own!, earlier(later, ...parts)))
  return concat([before, last], 0)
}

/** [T, D, B, n] -> [D, T B, n]. */
export function rowsOf(x: Node): Node {
  const [steps, units, batch, width] = x.shape as [number, number, number, number]
  return reshape(units === 1 ? x : transpose(x, [1, 0, 2, 3]), [units, steps * batch, width])
}
