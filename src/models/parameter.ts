import { checkArguments, number, oneOf, variants } from '../engine/arguments.ts'

/** Where a parameter starts. `uniform`: U(-bound, bound). `truncated-normal`: normal, drawn again beyond two deviations. */
export type Init =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'truncated-normal'; readonly deviation: number }

/** One named array that is learnt. `decay` = weight decay applies to it: matrices yes; biases, gains, positions no. */
export type ParameterSpec = { readonly name: string; readonly shape: readonly number[]; readonly init: Init; readonly decay: boolean }

const initKind = variants({
  constant: { fields: { value: number }, needed: ['value'] }, uniform: { fields: { bound: number }, needed: ['bound'] }, 'truncated-normal': { fields: { deviation: number }, needed: ['deviation'] },
})

/** Throws E_PARAMETER for a start that is none. */
export function checkInit({ name, init }: ParameterSpec): void {
  checkArguments(`parameter "${name}"`, { init: initKind }, [init], { code: 'E_PARAMETER' })
}

/** The bound of a matrix: `xavier` keeps the variance forward and back (Glorot and Bengio, 2010); `fan-in` is 1 / sqrt(in), as PyTorch's Linear. */
export type MatrixInit = 'xavier' | 'fan-in'
export const matrixInitKind = oneOf('xavier', 'fan-in')

export function matrixInit(kind: MatrixInit, inputs: number, outputs: number): Init {
  return { kind: 'uniform', bound: kind === 'xavier' ? Math.sqrt(6 / (inputs + outputs)) : 1 / Math.sqrt(inputs) }
}
