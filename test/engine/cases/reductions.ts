import { all, any, add, greater, logSumExp, max, mean, min, norm, prod, standardDeviation, sum, sumSquare, variance } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

export const cases: readonly Case[] = [
  { title: 'min over the first axis', shapes: [[3, 4]], make: (x) => min(x!, [0]) },
  { title: 'max over the middle and last axis, kept', shapes: [[2, 3, 4]], make: (x) => max(x!, [2, 1], { keepDims: true }) },
  { title: 'prod', shapes: [[3, 4]], make: (x) => prod(x!, [-1]) },
  { title: 'logSumExp', shapes: [[3, 4]], make: (x) => logSumExp(x!, [0], { keepDims: true }) },
  { title: 'variance', shapes: [[3, 4]], make: (x) => variance(x!, [1]) },
  { title: 'standardDeviation', shapes: [[3, 4]], make: (x) => standardDeviation(x!, [0], { correction: 0 }) },
  { title: 'norm', shapes: [[2, 3, 4]], make: (x) => norm(x!, [0, 2]) },
  { title: 'any and all', shapes: [[4, 3]], make: (x) => add(any(greater(x!, 0), [1]), all(greater(x!, -0.5), [1])) },
  { title: 'sum over no axes', shapes: [[2, 3]], make: (x) => sum(x!, []) },
  { title: 'sumSquare over no axes', shapes: [[2, 3]], make: (x) => sumSquare(x!, []) },
  { title: 'mean of one number', shapes: [[]], make: (x) => mean(x!, []) },
  { title: 'logSumExp of one number', shapes: [[]], make: (x) => logSumExp(x!, []) },
  { title: 'norm over no axes', shapes: [[3]], make: (x) => norm(x!, [], { keepDims: true }) },
  { title: 'max over all axes of extent 1', shapes: [[1, 1]], make: (x) => max(x!, [0, 1]) },
]
