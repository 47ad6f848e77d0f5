import { count, node, text } from '../../engine/arguments.ts'
import { checked } from '../../engine/checked.ts'
import { layerNorm, type Node } from '../../engine/index.ts'
import type { Nodes } from '../model.ts'
import type { ParameterSpec } from '../parameter.ts'
import { parameterOf, paramsKind } from './parameter-of.ts'

/** Parameters `<name>.gain` (starts at 1) and `<name>.bias` (starts at 0), [width]. */
export const normSpec = checked('normSpec', { name: text, width: count }, (name: string, width: number): ParameterSpec[] => {
  return [
    { name: `${name}.gain`, shape: [width], init: { kind: 'constant', value: 1 }, decay: false },
    { name: `${name}.bias`, shape: [width], init: { kind: 'constant', value: 0 }, decay: false },
  ]
})

/** Layer normalisation over the last axis, epsilon 1e-5. Ba, Kiros and Hinton, 2016. */
export const norm = checked('norm', { x: node, params: paramsKind, name: text }, (x: Node, params: Nodes, name: string): Node => {
  return layerNorm(x, parameterOf(params, `${name}.gain`), parameterOf(params, `${name}.bias`))
})
