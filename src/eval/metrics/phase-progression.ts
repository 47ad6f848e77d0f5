import type { Clip } from '../../clip.ts'
import type { Tensor } from '../../tensor.ts'
import { clipItems, type Item } from '../items.ts'
import { type Labelled, type Measured, stackFrames, unmeasured } from '../measured.ts'
import { leastSquares } from './least-squares.ts'

/**
 * What to do with a clip that lacks phase k. `copy`: the column before (the last one counts from the clip's end; CASA). `before`: as if
 * the phase had ended before the first frame (LAV). `exclude`: the clip is left out (AE2). TCC and CARL crash.
 */
export type MissingPhase = 'copy' | 'before' | 'exclude'

/**
 * Phase progression: how well a linear map reads off how far each phase lies behind. Mean over K - 1 columns of R^2 on all test frames
 * at once (one total variance per column), one ordinary least squares fit with intercept per column on all training frames.
 * null when a column has no variance. Dwibedi et al., CVPR 2019 (`algos/evaluation/event_completion.py`).
 */
export function phaseProgression(
  train: readonly Labelled[], test: readonly Labelled[], { phases: count, missing = 'copy' }: { phases: number; missing?: MissingPhase },
): Measured {
  const columns = count - 1
  const rows = (side: readonly Labelled[]) => side.flatMap(({ clip, embedding, phases }) => {
    const targets = progressionTargets(phases, count, missing)
    return targets === null ? [] : [{ clip, embedding, targets }]
  })
  const [fitted, tested] = [rows(train), rows(test)]
  const clips = tested.map(({ clip }) => clip)
  if (fitted.length === 0 || tested.length === 0) return unmeasured(clips, 'frames', 'no clip has the phases')
  const weights = leastSquares(stackFrames(fitted.map(({ embedding }) => embedding)), concatenate(fitted.map(({ targets }) => targets)), columns)
  const sums = tested.map(({ embedding, targets }) => residuals(embedding, targets, weights, columns))
  const statistic = (clipWeights: Float64Array): number | null => {
    const rsquared = Array.from({ length: columns }, (_, column) => {
      const [n, sum, square, error] = [0, 1, 2, 3].map((part) => sums.reduce((total, clip, index) => total + clipWeights[index]! * clip[column * 4 + part]!, 0))
      const variance = square! - (sum! * sum!) / n!
      return variance > 1e-12 * square! ? 1 - error! / variance : Number.NaN
    })
    const mean = rsquared.reduce((total, value) => total + value, 0) / columns
    return Number.isFinite(mean) ? mean : null
  }
  const measured = { ...unmeasured(clips, 'frames', ''), n: tested.reduce((sum, { clip }) => sum + clip.frames, 0), statistic }
  if (statistic(new Float64Array(clips.length).fill(1)) === null) return { ...measured, reason: 'a column of targets has no variance' }
  return { ...measured, reason: null, items: () => Array.from({ length: columns }, (_, column) => columnItems(clips, sums, column)).flat() }
}

/** What each clip adds to a column's R^2: its share of the explained and of the total variance about the mean of all clips. */
function columnItems(clips: readonly Clip[], sums: readonly Float64Array[], column: number): Item[] {
  const total = (part: number): number => sums.reduce((all, clip) => all + clip[column * 4 + part]!, 0)
  const mean = total(1) / total(0)
  const variances = sums.map((clip) => clip[column * 4 + 2]! - 2 * mean * clip[column * 4 + 1]! + clip[column * 4]! * mean ** 2)
  const explained = variances.map((variance, at) => variance - sums[at]![column * 4 + 3]!)
  return clipItems(clips, explained, variances).map((item) => ({ ...item, part: column }))
}

/** [T, K - 1] targets: (t - last frame of phase k) / T, k = 0 .. K - 2; null when the clip is to be left out. */
export function progressionTargets(phases: ArrayLike<number>, count: number, missing: MissingPhase): Float64Array | null {
  const frames = phases.length
  const list = Array.from(phases)
  const targets = new Float64Array(frames * (count - 1))
  for (let k = 0; k < count - 1; k++) {
    const last = list.lastIndexOf(k)
    if (last === -1 && missing === 'exclude') return null
    const copied = last === -1 && missing === 'copy' && k < count - 2 && k > 0
    const transition = last === -1 && missing === 'copy' ? frames : last
    for (let t = 0; t < frames; t++) targets[t * (count - 1) + k] = copied ? targets[t * (count - 1) + k - 1]! : (t - transition) / frames
  }
  return targets
}

/** Per column of one clip: number, sum and sum of squares of the targets, sum of squared errors of the prediction. */
function residuals({ shape, data }: Tensor, targets: Float64Array, weights: Float64Array, columns: number): Float64Array {
  const [frames, dims] = [shape[0]!, shape[1]!]
  const sums = new Float64Array(columns * 4)
  for (let t = 0; t < frames; t++) {
    for (let column = 0; column < columns; column++) {
      let predicted = weights[dims * columns + column]!
      for (let k = 0; k < dims; k++) predicted += data[t * dims + k]! * weights[k * columns + column]!
      const target = targets[t * columns + column]!
      sums[column * 4]!++
      sums[column * 4 + 1]! += target
      sums[column * 4 + 2]! += target * target
      sums[column * 4 + 3]! += (target - predicted) ** 2
    }
  }
  return sums
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let start = 0
  for (const part of parts) {
    joined.set(part, start)
    start += part.length
  }
  return joined
}
