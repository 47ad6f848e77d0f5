import type { Tensor } from '../../tensor.ts'
import { arePaired, type Embedded } from '../measured.ts'
import { nearestFrames } from '../metrics/nearest-neighbour.ts'

/**
 * How much embeddings change while a clip runs. `variation`: the variance within clips over the mean squared length of an embedding; 0 = all frames of a clip are
 * alike. `rank`: in how many directions, (sum of eigenvalues)^2 / (sum of their squares) of the covariance within clips; null when nothing changes.
 */
export function variationOf(embeddings: readonly Tensor[]): { readonly variation: number; readonly rank: number | null } {
  const dims = embeddings[0]?.shape[1] ?? 0
  const covariance = new Float64Array(dims * dims)
  let square = 0
  for (const { data } of embeddings) {
    const mean = meanOf(data, dims)
    for (let at = 0; at < data.length; at += dims) {
      for (let k = 0; k < dims; k++) {
        square += data[at + k]! ** 2
        const deviation = data[at + k]! - mean[k]!
        for (let l = 0; l < dims; l++) covariance[k * dims + l]! += deviation * (data[at + l]! - mean[l]!)
      }
    }
  }
  const trace = Array.from({ length: dims }, (_, k) => covariance[k * dims + k]!).reduce((sum, value) => sum + value, 0)
  const squares = covariance.reduce((sum, value) => sum + value ** 2, 0)
  return { variation: square === 0 ? 0 : trace / square, rank: squares === 0 ? null : trace ** 2 / squares }
}

/**
 * Over how much of another clip the answers of a clip spread: for ordered pairs of one action from different recordings, the mean distance of the nearest frames
 * from their median over that of answers spread evenly (a quarter of the clip), mean over pairs. 0 = always the same frame; null = there is no pair.
 */
export function answerSpread(embedded: readonly Embedded[]): number | null {
  const spreads = embedded.flatMap((a) => embedded.filter((b) => arePaired(a.clip, b.clip)).map((b) => {
    const answers = nearestFrames(a.embedding, b.embedding).sort()
    const middle = answers[answers.length >> 1]!
    return answers.reduce((sum, answer) => sum + Math.abs(answer - middle), 0) / answers.length / (b.clip.frames / 4)
  }))
  return spreads.length === 0 ? null : spreads.reduce((sum, spread) => sum + spread, 0) / spreads.length
}

function meanOf(data: Tensor['data'], dims: number): Float64Array {
  const mean = new Float64Array(dims)
  for (let at = 0; at < data.length; at++) mean[at % dims]! += data[at]! / (data.length / dims)
  return mean
}
