import { layerNorm, type Node } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'

/** Parameters `<name>.gain` (starts at 1) and `<name>.bias` (starts at 0), [width]. */
export function normSpec(name: string, width: number): ParameterSpec[] {
  return [
    { name: `${name}.gain`, shape: [width], init: { kind: 'constant', value: 1 }, decay: false },
    { name: `${name}.bias`, shape: [width], init: { kind: 'constant', value: 0 }, decay: false },
  ]
}

/** Layer normalisation over the last axis, epsilon 1e-5. Ba, Kiros and Hinton, 2016. */
export function norm(x: Node, params: Nodes, name: string): Node {
  return layerNorm(x, params[`${name}.gain`]!, params[`${name}.bias`]!)
}
