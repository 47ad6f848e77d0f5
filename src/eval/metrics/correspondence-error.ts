import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import type { Tensor } from '../../tensor.ts'
import { arePaired, embed, type Measured, ratioOfPairs } from '../measured.ts'
import { phaseTime } from '../phases.ts'
import { backwards, drawSpeed, FEWEST_FRAMES, type View, viewOf } from '../views.ts'
import { warpedFrames } from './dynamic-time-warping.ts'
import { nearestFrames } from './nearest-neighbour.ts'

/** A correspondence counts as close below this many phases. */
const CLOSE = 0.1

/** How a frame finds its counterpart: the nearest frame, or dynamic time warping of the two windows. */
export type Alignment = 'nearest' | 'warping'

/** A clip with its phase index per frame [T]. */
export type PhasedClip = { readonly clip: Clip; readonly phases: ArrayLike<number> }

/**
 * Correspondence error in phases: |phi_A(i) - phi_B(j)| for every frame i of A whose phase time lies inside B's range, j = the frame of B it is aligned to;
 * mean over frames, then
 * ordered pairs of one action. Each clip is a random half-clip window, drawn apart for its two roles, B at its own speed. `close` = the share within 0.1.
 * `reversed`: B is shown running backwards, which must not do better than chance. A diagnostic: see docs/metrics.md.
 */
export async function correspondenceError(
  encoder: Encoder, phased: readonly PhasedClip[], { seed, alignment, reversed = false }: { seed: number; alignment: Alignment; reversed?: boolean },
): Promise<{ readonly error: Measured; readonly close: Measured }> {
  const pieces = phased.map((item) => {
    const target = windowOf(item, 'target', seed)
    return { query: windowOf(item, 'query', seed), target: reversed ? { view: backwards(target.view), phi: target.phi.toReversed() } : target }
  })
  const embeddings = await embed(encoder, pieces.flatMap(({ query, target }) => [query.view.clip, target.view.clip]))
  const size = phased.length
  const [error, close, taken] = [0, 1, 2].map(() => new Float64Array(size * size)) as [Float64Array, Float64Array, Float64Array]
  for (const [a, { query }] of pieces.entries()) {
    for (const [b, { target }] of pieces.entries()) {
      if (!arePaired(phased[a]!.clip, phased[b]!.clip)) continue
      const errors = errorsOf(query.phi, target.phi, aligned(embeddings[a * 2]!, embeddings[b * 2 + 1]!, alignment))
      if (errors.length === 0) continue
      error[a * size + b] = errors.reduce((sum, e) => sum + e, 0) / errors.length
      close[a * size + b] = errors.filter((e) => e <= CLOSE).length / errors.length
      taken[a * size + b] = 1
    }
  }
  const clips = phased.map(({ clip }) => clip)
  return { error: ratioOfPairs(clips, { numerator: error, denominator: taken }), close: ratioOfPairs(clips, { numerator: close, denominator: taken }) }
}

type Piece = { readonly view: View; readonly phi: Float64Array }

/** A half-clip window for one role of a clip; the target also at its own speed. phi is read off at the frame nearest in time. */
function windowOf({ clip, phases }: PhasedClip, role: 'query' | 'target', seed: number): Piece {
  const random = randomAt({ seed, clip: clip.id, transform: `correspondence-${role}` })
  const length = Math.min(clip.frames, Math.max(FEWEST_FRAMES, Math.round(clip.frames / 2)))
  const start = random.integer(clip.frames - length + 1)
  const view = viewOf(clip, start, start + length, role === 'target' ? drawSpeed(random) : 1)
  const whole = phaseTime(phases)
  return { view, phi: Float64Array.from(view.time, (t) => between(whole, t)) }
}

function aligned(a: Tensor, b: Tensor, alignment: Alignment): Int32Array {
  return alignment === 'nearest' ? nearestFrames(a, b) : warpedFrames(a, b)
}

function errorsOf(from: Float64Array, to: Float64Array, counterparts: Int32Array): number[] {
  const [low, high] = [Math.min(...to), Math.max(...to)]
  return Array.from(counterparts).flatMap((frame, i) => (from[i]! >= low && from[i]! <= high ? [Math.abs(from[i]! - to[frame]!)] : []))
}

/** A curve at a fractional frame. */
function between(curve: Float64Array, moment: number): number {
  const before = Math.floor(moment)
  const weight = moment - before
  return weight === 0 ? curve[before]! : curve[before]! * (1 - weight) + curve[before + 1]! * weight
}
