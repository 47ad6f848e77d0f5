import { add, mul } from '../../engine/index.ts'
import type { Loss } from './loss.ts'

/** Losses of one batch times their weights, added up; it learns the parameters of all of themand is told what any of them is. */
export function weightedSum(parts: readonly { readonly weight: number; readonly loss: Loss }[]): Loss {
  const loss: Loss = (outputs, batch, params) => parts.map(({ weight, loss }) => mul(loss(outputs, batch, params), weight)).reduce((sum, part) => add(sum, part))
  return Object.assign(loss, { parameters: parts.flatMap(({ loss }) => loss.parameters ?? []), told: [...new Set(parts.flatMap(({ loss }) => loss.told ?? []))] })
}
