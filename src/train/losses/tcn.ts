import { add, floor, gather, logSumExp, matmul, maximum, mean, mul, type Node, randomInput, reshape, square, sub, sum, takeAlong, transposeLast } from '../../engine/index.ts'
import { drawnPlaces } from './drawn-frames.ts'
import type { Loss } from './loss.ts'
import { hiddenColumns, meanPerRow } from './pairs.ts'

/** Defaults of the release in `config.py`. */
export type TcnOptions = {
  /** Frames drawn from each view: 20; 0 = all. */
  readonly frames: number
  /** Each of them goes with one of so many frames of its view before it: 5. Before the first frame there is none: it then goes with the first. */
  readonly window: number
  /** Of the embeddings' squared lengths: 0.002. */
  readonly regularisation: number
}

/**
 * Time-contrastive network on single views: of all the drawn frames' earlier ones a frame should be most like its own. Mean over frames, then views; squared lengths are not brought to 1.
 * Sermanet et al., Time-Contrastive Networks, ICRA 2018, as in TCC's release (`tcc/algos/tcn.py`, `datasets.py`), where the earlier frames are the anchors.
 */
export function tcn({ frames, window, regularisation }: TcnOptions): Loss {
  return ({ projection }, { mask }) => {
    const rows = mask!.shape[0]!
    const drawn = drawnPlaces('tcn.frames', mask!, { draws: 1, frames })
    const places = reshape(drawn, [rows, drawn.shape[2]!])
    const back = floor(mul(randomInput('tcn.back', places.shape, { kind: 'uniform' }), window))
    const earlier = maximum(sub(sub(places, back), 1), 0)
    const at = (chosen: Node): Node => gather(projection, chosen, 1, { batchAxes: 1 })
    return mean(nPairs({ anchors: at(earlier), positives: at(places), mask: takeAlong(mask!, places, 1) }, regularisation), [0])
  }
}

/** N-pairs loss (Sohn, NeurIPS 2016) of anchors and positives [R, n, z], those of a row against each other: [R]. */
export function nPairs({ anchors, positives, mask }: { readonly anchors: Node; readonly positives: Node; readonly mask: Node }, regularisation: number): Node {
  const scores = add(matmul(anchors, transposeLast(positives)), hiddenColumns(mask))
  const surprise = sub(logSumExp(scores, [2]), sum(mul(anchors, positives), [2]))
  const lengths = add(sum(square(anchors), [2]), sum(square(positives), [2]))
  return meanPerRow(add(surprise, mul(lengths, 0.25 * regularisation)), mask)
}
