import { input, vectorQuantise } from '../../src/engine/index.ts'
import { checkRefusals } from './check-refusals.ts'
import { checkRecorded } from './recorded.ts'

checkRecorded('quantise', {
  vectorQuantise: (x, codebook) => {
    const { codes, indices, commitment, codebook: pull, counts, sums } = vectorQuantise(x!, codebook!)
    return [codes, indices, commitment, pull, counts, sums]
  },
})

checkRefusals('quantise.test.ts', [
  ['vectorQuantise of [2, 3] and [4, 2]: they are not [..., d] and [K, d]', () => vectorQuantise(input('x', [2, 3]), input('codebook', [4, 2]))],
])
