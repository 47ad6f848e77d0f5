import { nearestName, ToolkitError } from '../errors.ts'
import { type Node, ofCall } from './graph.ts'

/** Nodes by name, of which one that there is not is refused (E_NAME) where it is read, with the nearest name: undefined would go far. Whether there is one `name in nodes` tells. */
export function byName(what: string, nodes: Readonly<Record<string, Node>>): Readonly<Record<string, Node>> {
  return new Proxy(nodes, {
    get: (own, name) => {
      // JavaScript itself asks for these
      if (typeof name === 'symbol' || name in own || name === 'then' || name === 'toJSON') return Reflect.get(own, name) as Node
      const names = Object.keys(own)
      const near = nearestName(name, names)
      throw new ToolkitError('E_NAME', ofCall(`no ${what} "${name}"`), { hint: `${near === null ? '' : `did you mean "${near}"? `}The names begin with: ${names.slice(0, 8).join(', ') || '(none)'}` })
    },
  })
}
