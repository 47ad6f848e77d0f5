import type { Clip } from '../../clip.ts'
import type { Encoder } from '../../encoder.ts'
import { randomAt } from '../../random.ts'
import type { Tensor } from '../../tensor.ts'
import { type Events, eventsOf } from '../events.ts'
import { macroMean } from '../macro-mean.ts'
import { arePaired, embed, type Measured, ratioOfPairs, unmeasured } from '../measured.ts'
import { drawSpeed, FEWEST_FRAMES, type View, viewOf } from '../views.ts'
import { type Rows, rowsFrom } from './distance-kernel.ts'
import { rowKernel } from './nearest-neighbour.ts'

/** A transfer counts as correct below this share of the events' span. */
const CORRECT = 0.2

/**
 * Event transfer error: how far from B's event does the nearest neighbour of A's event lie? Per event A and B are each a window of U(.4, .8) of the clip around
 * it, at least a tenth
 * of the clip on either side of it (as far as the clip goes), each at its own speed, boxed anew and counted from 0. e = |original frame found - event of B| /
 * (last - first event of B), at most 1;
 * mean over events, then ordered pairs of one action, then actions. 0 = perfect. `correct` is the share below .2 (PCE@.2).
 * Windows are drawn once per clip and event, keyed by the clip's id. Definition: docs/metrics.md.
 */
export async function eventTransferError(
  encoder: Encoder, clips: readonly Clip[], { seed }: { seed: number },
): Promise<{ readonly error: Measured; readonly correct: Measured }> {
  const known = clips.flatMap((clip) => {
    const events = eventsOf(clip)
    return events === null ? [] : [{ clip, events, views: events.frames.map((frame, event) => around(clip, frame, event, seed)) }]
  })
  if (known.length === 0) return { error: unmeasured(clips, 'pairs', 'no clip has events'), correct: unmeasured(clips, 'pairs', 'no clip has events') }
  const embeddings = await embed(encoder, known.flatMap(({ views }) => views.map(({ clip }) => clip)))
  let next = 0
  const windows = known.map(({ clip, events, views }): Windows => ({ clip, events, views, embeddings: views.map(() => embeddings[next++]!) }))
  const actions = [...new Set(known.map(({ clip }) => clip.labels.action))]
  const parts = actions.map((action) => transfers(windows.filter(({ clip }) => clip.labels.action === action)))
  return { error: macroMean(parts.map(({ error }) => error)), correct: macroMean(parts.map(({ correct }) => correct)) }
}

type Windows = { readonly clip: Clip; readonly events: Events; readonly views: readonly View[]; readonly embeddings: readonly Tensor[] }

/** The window of a clip around one of its events. */
function around(clip: Clip, event: number, index: number, seed: number): View {
  const random = randomAt({ seed, clip: clip.id, transform: 'event-window', position: index })
  const length = Math.max(FEWEST_FRAMES, random.between(0.4, 0.8) * clip.frames)
  const margin = 0.1 * clip.frames
  const [low, high] = [Math.max(0, event + margin - length), Math.min(clip.frames - length, event - margin)]
  const start = low <= high ? random.between(low, high) : Math.max(0, Math.min(clip.frames - length, event - length / 2))
  return viewOf(clip, start, start + length, drawSpeed(random))
}

function transfers(windows: readonly Windows[]): { readonly error: Measured; readonly correct: Measured } {
  const size = windows.length
  const [error, correct, taken] = [0, 1, 2].map(() => new Float64Array(size * size)) as [Float64Array, Float64Array, Float64Array]
  rowKernel.hold(windows.flatMap(({ embeddings }) => embeddings), (rows) => {
    let next = 0
    const held = windows.map((one): Held => ({ ...one, queries: one.views.map(({ time }, event) => closest(time, one.events.frames[event]!)), rows: rows.slice(next, next += one.views.length) }))
    for (const [a, from] of held.entries()) {
      for (const [b, to] of held.entries()) {
        if (!arePaired(from.clip, to.clip) || from.events.frames.length !== to.events.frames.length) continue
        const errors = from.events.frames.map((_, event) => transfer(from, to, event))
        error[a * size + b] = errors.reduce((sum, e) => sum + e, 0) / errors.length
        correct[a * size + b] = errors.filter((e) => e < CORRECT).length / errors.length
        taken[a * size + b] = 1
      }
    }
  })
  const clips = windows.map(({ clip }) => clip)
  return { error: ratioOfPairs(clips, { numerator: error, denominator: taken }), correct: ratioOfPairs(clips, { numerator: correct, denominator: taken }) }
}

/** Windows in the memory of the kernel, and which frame of each shows its event. */
type Held = Windows & { readonly rows: readonly Rows[]; readonly queries: readonly number[] }

function transfer(from: Held, to: Held, event: number): number {
  const query = from.queries[event]!
  const found = rowKernel.nearest(rowsFrom(from.rows[event]!, query, query + 1), to.rows[event]!)[0]!
  return Math.min(1, Math.abs(to.views[event]!.time[found]! - to.events.frames[event]!) / to.events.span)
}

/** The frame of a view that stands nearest to an original frame. */
function closest(time: Float32Array, moment: number): number {
  let best = 0
  for (let t = 1; t < time.length; t++) if (Math.abs(time[t]! - moment) < Math.abs(time[best]! - moment)) best = t
  return best
}
