import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import type { Distances } from '../alignment/distances.ts'
import { type Method, momentsOf } from '../alignment/align-frames.ts'
import { arePaired, embed, type Measured, ratioOfPairs } from '../measured.ts'
import { phaseTime } from '../phases.ts'
import { backwards, drawSpeed, FEWEST_FRAMES, type View, viewOf } from '../views.ts'
import { rowKernel } from './nearest-neighbour.ts'

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
  encoder: Encoder, phased: readonly PhasedClip[],
  { seed, methods, reversed = false, windows = correspondenceWindows(phased, seed) }: { seed: number; methods: readonly Method[]; reversed?: boolean; windows?: readonly Windows[] },
): Promise<CorrespondenceFound[]> {
  const pieces = windows.map(({ query, target }) => ({ query, target: reversed ? { ...target, view: backwards(target.view), phi: target.phi.toReversed() } : target }))
  const embeddings = await embed(encoder, pieces.flatMap(({ query, target }) => [query.view.clip, target.view.clip]))
  const size = phased.length
  const tables = methods.map((method) => ({ method, error: new Float64Array(size * size), close: new Float64Array(size * size) }))
  const taken = new Float64Array(size * size)
  rowKernel.hold(embeddings, (rows) => {
    for (const [a, { query }] of pieces.entries()) {
      for (const [b, { target }] of pieces.entries()) {
        if (!arePaired(phased[a]!.clip, phased[b]!.clip)) continue
        const [from, to] = [rows[a * 2]!, rows[b * 2 + 1]!]
        const distances: Distances = { rows: from.count, columns: to.count, values: rowKernel.matrix(from, to) }
        for (const { method, error, close } of tables) {
          const { sum, near, frames } = missed(query, target, momentsOf(distances, method))
          if (frames === 0) continue
          error[a * size + b] = sum / frames
          close[a * size + b] = near / frames
          taken[a * size + b] = 1
        }
      }
    }
  })
  const clips = phased.map(({ clip }) => clip)
  return tables.map(({ error, close }) => (
    { error: ratioOfPairs(clips, { numerator: error, denominator: taken }), close: ratioOfPairs(clips, { numerator: close, denominator: taken }) }))
}

/** What is shown of a clip in its two roles. */
export type Windows = { readonly query: Piece; readonly target: Piece }

/** The windows of clips that `correspondenceError` draws of a seed: given to it again, they are not embedded again. */
export function correspondenceWindows(phased: readonly PhasedClip[], seed: number): Windows[] {
  return phased.map((item) => ({ query: windowOf(item, 'query', seed), target: windowOf(item, 'target', seed) }))
}

/** What is shown of a clip, its phase time, and the range of it. */
type Piece = { readonly view: View; readonly phi: Float64Array; readonly low: number; readonly high: number }

/** A half-clip window for one role of a clip; the target also at its own speed. phi is read off at the frame nearest in time. */
function windowOf({ clip, phases }: PhasedClip, role: 'query' | 'target', seed: number): Piece {
  const random = randomAt({ seed, clip: clip.id, transform: `correspondence-${role}` })
  const length = Math.min(clip.frames, Math.max(FEWEST_FRAMES, Math.round(clip.frames / 2)))
  const start = random.integer(clip.frames - length + 1)
  const view = viewOf(clip, start, start + length, role === 'target' ? drawSpeed(random) : 1)
  const whole = phaseTime(phases)
  const phi = Float64Array.from(view.time, (t) => between(whole, t))
  return { view, phi, low: Math.min(...phi), high: Math.max(...phi) }
}

/** By how many phases the moments miss, all together, over the frames whose phase time lies inside the target's range; and how many of them are close. */
function missed({ phi }: Piece, target: Piece, moments: Float64Array): { readonly sum: number; readonly near: number; readonly frames: number } {
  let [sum, near, frames] = [0, 0, 0]
  for (let i = 0; i < moments.length; i++) {
    if (phi[i]! < target.low || phi[i]! > target.high) continue
    const error = Math.abs(phi[i]! - between(target.phi, moments[i]!))
    sum += error
    frames++
    if (error <= CLOSE) near++
  }
  return { sum, near, frames }
}

/** A curve at a fractional frame. */
function between(curve: Float64Array, moment: number): number {
  const before = Math.floor(moment)
  const weight = moment - before
  return weight === 0 ? curve[before]! : curve[before]! * (1 - weight) + curve[before + 1]! * weight
}
