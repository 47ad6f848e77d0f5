import { checkArguments, flag, list, kind, text, wholes } from '../arguments.ts'
import type { Parameter } from './groups.ts'

const isObject = kind('an object with name, shape and decay', (value) => typeof value === 'object' && value !== null)

/** Throws E_PARAMETER for a parameter without name, shape or decay. Whether weight decay applies has no default: it is true for matrices and false for biases, gains and positions. */
export function checkParameters(parameters: readonly Parameter[]): void {
  const code = 'E_PARAMETER'
  checkArguments('a model', { parameters: list(isObject) }, [parameters], { code })
  for (const { name, shape, decay } of parameters) checkArguments(`parameter "${name}"`, { name: text, shape: wholes, decay: flag }, [name, shape, decay], { code })
}
