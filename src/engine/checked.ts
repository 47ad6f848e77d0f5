import { checkArguments, type Kinds } from './arguments.ts'
import { asCall, callPlace } from './graph.ts'

/**
 * A function of nodes that looks at its arguments when it is called from outside (E_ARGUMENT with the operation, the value and the line), and that errors name whatever it is composed
 * of; the nodes it makes count as made at the line of that call. Within another such function it trusts what it is given.
 */
export function checked<Make extends (...given: never[]) => unknown>(name: string, kinds: Kinds, make: Make): Make {
  return ((...given: never[]) => asCall(name, () => make(...given), () => checkArguments(name, kinds, given, { place: callPlace }))) as Make
}
