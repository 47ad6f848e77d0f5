import type { Tensor } from '../../tensor.ts'
import { type Labelled, type Measured, stackFrames, unmeasured, valueOf } from '../measured.ts'
import type { MissingPhase, Protocol } from '../protocols/protocol.ts'
import { leastSquares } from './least-squares.ts'

/**
 * Phase progression: how well a linear map reads off how far each phase lies behind. Mean over columns (K - 1, or K for AE2) of R^2 on all test frames
 * at once (one total variance per column), one ordinary least squares fit with intercept per column on all training frames.
 * null when a column has no variance. Dwibedi et al., CVPR 2019 (`algos/evaluation/event_completion.py`).
 */
export function phaseProgression(
  train: readonly Labelled[], test: readonly Labelled[],
  { phases: count, missing = 'copy', columns: which = 'K - 1' }: { phases: number } & Partial<Pick<Protocol['progression'], 'missing' | 'columns'>>,
): Measured {
  const columns = which === 'K' ? count : count - 1
  const clips = test.map(({ clip }) => clip)
  const lacking = missing === 'crash' ? [...train, ...test].find(({ phases }) => lackedBy(phases, columns) !== null) : undefined
  if (lacking !== undefined) return unmeasured(clips, 'frames', `${lacking.clip.id} lacks phase ${lackedBy(lacking.phases, columns)}, at which the published code stops`)
  if (train.length === 0 || test.length === 0) return unmeasured(clips, 'frames', 'no clip has the phases')
  const targetsOf = ({ phases }: Labelled) => progressionTargets(phases, columns, missing)
  const weights = fitted(train, train.map(targetsOf), columns)
  if (weights === null) return unmeasured(clips, 'frames', 'no training clip has one of the phases')
  const moments = test.map((item) => residuals(item.embedding, targetsOf(item), weights, columns))
  const measured: Measured = { ...unmeasured(clips, 'frames', ''), n: clips.reduce((sum, clip) => sum + clip.frames, 0), sums: { kind: 'variances', moments }, reason: null }
  return valueOf(measured) === null ? { ...measured, sums: { kind: 'none' }, reason: 'a column of targets has no variance' } : measured
}

/** Weights [d + 1, columns], the intercept last; a column is fitted on the clips that have a target in it. null when none has. */
function fitted(train: readonly Labelled[], targets: readonly Float64Array[], columns: number): Float64Array | null {
  const has = (column: number) => targets.map((rows) => !Number.isNaN(rows[column]!))
  const patterns = Array.from({ length: columns }, (_, column) => has(column))
  if (patterns.every((pattern) => pattern.every(Boolean))) return leastSquares(stackFrames(train.map(({ embedding }) => embedding)), concatenate(targets), columns)
  if (patterns.some((pattern) => !pattern.includes(true))) return null
  const fits = patterns.map((pattern, column) => {
    const kept = train.filter((_, clip) => pattern[clip])
    const ofColumn = targets.flatMap((rows, clip) => (pattern[clip] ? [rows.filter((_, at) => at % columns === column)] : []))
    return leastSquares(stackFrames(kept.map(({ embedding }) => embedding)), concatenate(ofColumn), 1)
  })
  return Float64Array.from({ length: fits[0]!.length * columns }, (_, at) => fits[at % columns]![Math.floor(at / columns)]!)
}

/** [T, columns] targets: (t - last frame of phase k) / T, k = 0 .. columns - 1; NaN in a column that is left out for the clip. */
export function progressionTargets(phases: ArrayLike<number>, columns: number, missing: MissingPhase): Float64Array {
  const frames = phases.length
  const list = Array.from(phases)
  const targets = new Float64Array(frames * columns)
  for (let k = 0; k < columns; k++) {
    const last = list.lastIndexOf(k)
    const copied = last === -1 && missing === 'copy' && k < columns - 1 && k > 0
    const transition = last !== -1 ? last : missing === 'copy' ? frames : missing === 'before' ? -1 : Number.NaN
    for (let t = 0; t < frames; t++) targets[t * columns + k] = copied ? targets[t * columns + k - 1]! : (t - transition) / frames
  }
  return targets
}

/** The first of the phases 0 .. count - 1 that does not occur; null = all do. */
function lackedBy(phases: ArrayLike<number>, count: number): number | null {
  const present = new Set(Array.from(phases))
  return Array.from({ length: count }, (_, phase) => phase).find((phase) => !present.has(phase)) ?? null
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
      if (Number.isNaN(target)) continue
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
