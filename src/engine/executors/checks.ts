import { ToolkitError } from '../../errors.ts'
import { sizeOf, type Tensor } from '../../tensor.ts'
import type { Node } from '../graph.ts'
import { nameOf } from '../ops/input.ts'

/** What is fed for an input, refused with E_FEED when it is missing or of another size. */
export function fedFor<Data extends ArrayLike<number>>(node: Node, data: Data | undefined): Data {
  if (data === undefined || data.length !== sizeOf(node.shape)) {
    const fed = data === undefined ? 'was not fed' : `was fed ${data.length} numbers`
    throw new ToolkitError('E_FEED', `input "${nameOf(node)}" [${node.shape.join(', ')}] ${fed}`, { hint: `it was made at ${node.madeAt}`, exit: 4 })
  }
  return data
}

/** The indices of the states that `given` names; E_STATE for a name or a size that none of them has. */
export function statesIn(given: Readonly<Record<string, Tensor>>, states: readonly Node[]): number[] {
  return Object.entries(given).map(([name, { data }]) => {
    const index = states.findIndex((node) => nameOf(node) === name && sizeOf(node.shape) === data.length)
    if (index === -1) {
      throw new ToolkitError('E_STATE', `no state "${name}" of ${data.length} numbers`, {
        hint: `There is: ${states.map((node) => `${nameOf(node)} [${node.shape.join(', ')}]`).join('; ') || '(none)'}`, exit: 4 })
    }
    return index
  })
}
