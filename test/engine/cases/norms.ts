import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm, runningStatistics } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

export const cases: readonly Case[] = [
  { title: 'batchNorm', shapes: [[4, 3, 2], [3], [3]], make: (x, gain, bias) => batchNorm(x!, runningStatistics('bn', 3), { training: true, gain: gain!, bias: bias! }).y },
  { title: 'batchNorm, channels last', shapes: [[2, 2, 3], [3]], make: (x, gain) => batchNorm(x!, runningStatistics('bn', 3), { training: true, gain: gain!, axis: -1 }).y },
  { title: 'batchNorm, channels first', shapes: [[3, 5], [3]], make: (x, bias) => batchNorm(x!, runningStatistics('bn', 3), { training: true, bias: bias!, axis: 0 }).y },
  { title: 'batchNorm, evaluating', shapes: [[4, 3, 2], [3], [3], [3], [3]], feeds: [undefined, undefined, undefined, undefined, [0.5, 1, 2]],
    make: (x, gain, bias, mean, variance) => batchNorm(x!, { ...runningStatistics('bn', 3), mean: mean!, variance: variance! }, { training: false, gain: gain!, bias: bias! }).y },
  { title: 'groupNorm', shapes: [[2, 4, 3], [4], [4]], make: (x, gain, bias) => groupNorm(x!, 2, { gain: gain!, bias: bias! }) },
  { title: 'instanceNorm', shapes: [[2, 2, 3]], make: (x) => instanceNorm(x!) },
  { title: 'layerNorm over two axes', shapes: [[2, 3, 4], [3, 4], [3, 4]], make: (x, gain, bias) => layerNorm(x!, gain!, bias!) },
  { title: 'rmsNorm', shapes: [[2, 3, 4], [4]], make: (x, gain) => rmsNorm(x!, gain!) },
]
