import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import type { Tensor } from '../../tensor.ts'
import { jittered } from '../../transforms/jitter.ts'
import { rotated } from '../../transforms/rotate.ts'
import { macroMean } from '../macro-mean.ts'
import { arePaired, embed, frameRange, type Measured, ratioOfPairs } from '../measured.ts'
import { bare, drawSpeed, type View, viewOf } from '../views.ts'
import type { Rows } from './distance-kernel.ts'
import { rowKernel } from './nearest-neighbour.ts'

/**
 * Re-cut cycle skill: does a moment of A find its way through another clip B back to itself in another cut of A? 1 = always, 0 = as good as the best constant
 * answer,
 * below 0 = worse. Needs no labels, and counting frames does not help: A1 = the start and A2 = the end of A (or the other way round), each at its own speed, A2
 * turned and jittered, every view boxed anew and counted from 0. For each frame p of A1 that A2 shows too: q = nearest of B, p' = nearest of A2 to q,
 * e = |p' - p| / T in original frames. RCS = 1 - sum of mean(e) / sum of mean|p - median(p)| over ordered pairs of one action, mean over actions.
 * A1, A2 are drawn once per clip, keyed by its id, not per pair: 3 embeddings per clip. Definition: docs/metrics.md.
 */
export async function recutCycleSkill(encoder: Encoder, clips: readonly Clip[], { seed }: { seed: number }): Promise<Measured> {
  const cuts = clips.map((clip) => recut(clip, seed))
  const views = await embed(encoder, cuts.flatMap(({ first, second, whole }) => [first.clip, second.clip, whole.clip]))
  const sides = cuts.map((cut, index) => sideOf(cut, views[index * 3]!, views[index * 3 + 1]!, views[index * 3 + 2]!))
  const actions = [...new Set(clips.map((clip) => clip.labels.action))]
  return macroMean(actions.map((action) => {
    const members = clips.flatMap((clip, index) => (clip.labels.action === action ? [index] : []))
    return skillOf(members.map((index) => clips[index]!), members.map((index) => sides[index]!))
  }))
}

/** The two cuts of a clip and the whole of it, as the encoder sees them. */
export function recut(clip: Clip, seed: number): { readonly first: View; readonly second: View; readonly whole: View } {
  const random = randomAt({ seed, clip: clip.id, transform: 're-cut' })
  const start = { start: 0, end: random.between(0.55, 0.85) * clip.frames }
  const end = { start: random.between(0.15, 0.45) * clip.frames, end: clip.frames }
  const [one, two] = random.chance(0.5) ? [end, start] : [start, end]
  const first = viewOf(clip, one.start, one.end, drawSpeed(random))
  const second = viewOf(clip, two.start, two.end, drawSpeed(random))
  const turned = rotated(second.clip, random.between(-15, 15))
  return { first, second: { ...second, clip: jittered(turned, 0.01 * turned.width, random) }, whole: bare(clip) }
}

type ClipSide = {
  /** Frames of A1 that A2 shows too, and their original time. */
  readonly queries: Tensor; readonly time: Float32Array
  /** Mean |p - median(p)| / T. */
  readonly spread: number
  readonly second: Tensor; readonly secondTime: Float32Array
  readonly whole: Tensor; readonly frames: number
}

function sideOf({ first, second, whole }: ReturnType<typeof recut>, firstEmbedding: Tensor, secondEmbedding: Tensor, wholeEmbedding: Tensor): ClipSide {
  const start = first.time.findIndex((t) => t >= second.start - 0.5)
  const end = first.time.findLastIndex((t) => t < second.end - 0.5) + 1
  const time = first.time.slice(start, end)
  const frames = whole.clip.frames
  const middle = median(time)
  return {
    queries: frameRange(firstEmbedding, start, end), time, spread: time.reduce((sum, p) => sum + Math.abs(p - middle), 0) / time.length / frames,
    second: secondEmbedding, secondTime: second.time, whole: wholeEmbedding, frames,
  }
}

function skillOf(clips: readonly Clip[], sides: readonly ClipSide[]): Measured {
  const size = clips.length
  const sums = { numerator: new Float64Array(size * size), denominator: new Float64Array(size * size) }
  rowKernel.hold(sides.flatMap(({ queries, second, whole }) => [queries, second, whole]), (rows) => {
    for (const [a, { time, secondTime, frames, spread }] of sides.entries()) {
      for (let b = 0; b < size; b++) {
        if (!arePaired(clips[a]!, clips[b]!)) continue
        const there = rowKernel.nearest(rows[a * 3]!, rows[b * 3 + 2]!).slice()
        const back = nearestOfChosen(rows[b * 3 + 2]!, there, rows[a * 3 + 1]!)
        sums.numerator[a * size + b] = there.reduce((sum, frame, p) => sum + Math.abs(secondTime[back[frame]!]! - time[p]!), 0) / time.length / frames
        sums.denominator[a * size + b] = spread
      }
    }
  })
  return ratioOfPairs(clips, sums, 'complement')
}

/** By frame of `from`, for those that are chosen, the nearest of `pool`: several frames that lead to one are asked once. */
function nearestOfChosen(from: Rows, chosen: Int32Array, pool: Rows): Int32Array {
  const each = Int32Array.from(new Set(chosen))
  const nearest = rowKernel.nearest(from, pool, each)
  const byFrame = new Int32Array(from.count)
  for (let at = 0; at < each.length; at++) byFrame[each[at]!] = nearest[at]!
  return byFrame
}

function median(sorted: Float32Array): number {
  const half = sorted.length / 2
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!
}
