import { checkParameters } from '../engine/optimisers/check-parameters.ts'
import { type Random, randomAt } from '../random.ts'
import { sizeOf, type Tensor } from '../tensor.ts'
import { checkInit, type Init, type ParameterSpec } from './parameter.ts'

/** Starting values by name. Each parameter has a stream of chance of its own, (seed, `initialise`, name): the same bytes whatever the other parameters are. E_PARAMETER for one without name, shape, start or decay. */
export function initialise(parameters: readonly ParameterSpec[], seed: number): Record<string, Tensor> {
  checkParameters(parameters)
  for (const parameter of parameters) checkInit(parameter)
  return Object.fromEntries(parameters.map(({ name, shape, init }) => {
    const draw = drawOf(init, randomAt({ seed, transform: 'initialise' }).fork(name))
    return [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, draw) }]
  }))
}

function drawOf(init: Init, random: Random): () => number {
  switch (init.kind) {
    case 'constant': return () => init.value
    case 'uniform': return () => random.between(-init.bound, init.bound)
    case 'truncated-normal': return () => {
      for (;;) {
        const z = random.normal()
        if (Math.abs(z) <= 2) return init.deviation * z
      }
    }
  }
}
