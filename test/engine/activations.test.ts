import { gelu, logSoftmax, relu, softmax } from '../../src/engine/index.ts'
import { checkRecorded } from './recorded.ts'

checkRecorded('activations', {
  'softmax over the last axis': (x) => softmax(x!),
  'logSoftmax over the last axis': (x) => logSoftmax(x!),
  'logSoftmax of far numbers': (x) => logSoftmax(x!),
  gelu: (x) => gelu(x!),
  relu: (x) => relu(x!),
})
