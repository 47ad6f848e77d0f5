import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d, avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

export const cases: readonly Case[] = [
  { title: 'maxPool1d', shapes: [[2, 3, 7]], make: (x) => maxPool1d(x!, 2) },
  { title: 'maxPool1d, overlapping, padded', shapes: [[2, 2, 6]], make: (x) => maxPool1d(x!, 3, { stride: 1, padding: 1 }) },
  { title: 'maxPool1d, dilated', shapes: [[1, 2, 9]], make: (x) => maxPool1d(x!, 3, { stride: 2, dilation: 2, padding: [[0, 1]] }) },
  { title: 'maxPool1d of numbers below 0, padded', shapes: [[1, 2, 5]], make: (x) => maxPool1d(x!, 3, { stride: 1, padding: 'same' }), above: -5 },
  { title: 'maxPool1d that passes places over', shapes: [[1, 2, 8]], make: (x) => maxPool1d(x!, 2, { stride: 3 }) },
  { title: 'maxPool2d', shapes: [[2, 2, 5, 6]], make: (x) => maxPool2d(x!, [3, 2], { stride: 2, padding: [1, 0] }) },
  { title: 'maxPool2d over time', shapes: [[2, 2, 6, 3]], make: (x) => maxPool2d(x!, [3, 1], { stride: [2, 1], padding: [1, 0] }) },
  { title: 'maxPool3d', shapes: [[1, 2, 3, 4, 4]], make: (x) => maxPool3d(x!, [1, 2, 2]) },
  { title: 'maxPool3d, overlapping', shapes: [[1, 1, 3, 4, 3]], make: (x) => maxPool3d(x!, 2, { stride: 1, padding: 1 }) },
  { title: 'avgPool1d', shapes: [[2, 3, 7]], make: (x) => avgPool1d(x!, 3) },
  { title: 'avgPool2d, padded', shapes: [[2, 2, 4, 5]], make: (x) => avgPool2d(x!, 3, { stride: [2, 1], padding: 1 }) },
  { title: 'avgPool2d, padding not counted', shapes: [[2, 2, 4, 5]], make: (x) => avgPool2d(x!, [3, 2], { stride: 2, padding: [[1, 1], [1, 0]], countPadding: false }) },
  { title: 'avgPool3d', shapes: [[1, 2, 2, 4, 4]], make: (x) => avgPool3d(x!, [1, 2, 2]) },
  { title: 'adaptiveAvgPool1d to fewer and more', shapes: [[2, 3, 7]], make: (x) => adaptiveAvgPool1d(adaptiveAvgPool1d(x!, 3), 5) },
  { title: 'adaptiveAvgPool2d', shapes: [[2, 2, 5, 4]], make: (x) => adaptiveAvgPool2d(x!, [2, 4]) },
  { title: 'adaptiveAvgPool3d to one place', shapes: [[1, 2, 2, 3, 2]], make: (x) => adaptiveAvgPool3d(x!, 1) },
]
