import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import { distancesOf } from '../alignment/distances.ts'
import { type Method, momentsOf } from '../alignment/align-frames.ts'
import { arePaired, embed, type Measured, ratioOfPairs } from '../measured.ts'
import { phaseTime } from '../phases.ts'
import { backwards, drawSpeed, FEWEST_FRAMES, type View, viewOf } from '../views.ts'

/** A correspondence counts as close below this many phases. */
const CLOSE = 0.1

/** A clip with its phase index per frame [T]. */
export type PhasedClip = { readonly clip: Clip; readonly phases: ArrayLike<number> }

/** What one way of aligning misses: phases, and the share of frames that miss by at most 0.1. */
export type CorrespondenceFound = { readonly error: Measured; readonly close: Measured }

/**
 * Correspondence error in phases of each way of aligning: |phi_A(i) - phi_B(j)| for every frame i of A whose phase time lies inside B's range, j = the moment of B it is aligned to;
 * mean over frames, then ordered pairs of one action. Each clip is a random half-clip window, drawn apart for its two roles, B at its own speed. `close` = the share within 0.1.
 * `reversed`: B is shown running backwards, which must not do better than chance. A diagnostic: see docs/metrics.md.
 */
export async function correspondenceError(
  encoder: Encoder, phased: readonly PhasedClip[], { seed, methods, reversed = false }: { seed: number; methods: readonly Method[]; reversed?: boolean },
): Promise<CorrespondenceFound[]> {
  const pieces = phased.map((item) => {
    const target = windowOf(item, 'target', seed)
    return { query: windowOf(item, 'query', seed), target: reversed ? { view: backwards(target.view), phi: target.phi.toReversed() } : target }
  })
  const embeddings = await embed(encoder, pieces.flatMap(({ query, target }) => [query.view.clip, target.view.clip]))
  const size = phased.length
  const tables = methods.map((method) => ({ method, error: new Float64Array(size * size), close: new Float64Array(size * size), taken: new Float64Array(size * size) }))
  for (const [a, { query }] of pieces.entries()) {
    for (const [b, { target }] of pieces.entries()) {
      if (!arePaired(phased[a]!.clip, phased[b]!.clip)) continue
      const distances = distancesOf(embeddings[a * 2]!, embeddings[b * 2 + 1]!)
      for (const { method, error, close, taken } of tables) {
        const errors = errorsOf(query.phi, target.phi, momentsOf(distances, method))
        if (errors.length === 0) continue
        error[a * size + b] = errors.reduce((sum, e) => sum + e, 0) / errors.length
        close[a * size + b] = errors.filter((e) => e <= CLOSE).length / errors.length
        taken[a * size + b] = 1
      }
    }
  }
  const clips = phased.map(({ clip }) => clip)
  return tables.map(({ error, close, taken }) => (
    { error: ratioOfPairs(clips, { numerator: error, denominator: taken }), close: ratioOfPairs(clips, { numerator: close, denominator: taken }) }))
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

function errorsOf(from: Float64Array, to: Float64Array, moments: Float64Array): number[] {
  const [low, high] = [Math.min(...to), Math.max(...to)]
  return Array.from(moments).flatMap((moment, i) => (from[i]! >= low && from[i]! <= high ? [Math.abs(from[i]! - between(to, moment))] : []))
}

/** A curve at a fractional frame. */
function between(curve: Float64Array, moment: number): number {
  const before = Math.floor(moment)
  const weight = moment - before
  return weight === 0 ? curve[before]! : curve[before]! * (1 - weight) + curve[before + 1]! * weight
}
