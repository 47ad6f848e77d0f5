import { byName, evaluate, gradients, input, type Node } from '../../../src/engine/index.ts'
import type { Loss } from '../../../src/train/losses/index.ts'

/** One view of one clip: projections [frames, depth] and original times. */
export type Frames = { readonly rows: readonly (readonly number[])[]; readonly time: readonly number[] }
/** One clip as two views, and its length in frames; of two clips, `partner` is the length of the second. */
export type Pair = { readonly first: Frames; readonly second: Frames; readonly length: number; readonly partner?: number }

/** The rows A[i, k] = sin(0.7 i + 1.3 k), i < 5, and B[i, k] = cos(0.5 i + 0.9 k + 0.2), i < 6, of the golden numbers. */
export const A = Array.from({ length: 5 }, (_, i) => [0, 1, 2].map((k) => Math.sin(0.7 * i + 1.3 * k)))
export const B = Array.from({ length: 6 }, (_, i) => [0, 1, 2].map((k) => Math.cos(0.5 * i + 0.9 * k + 0.2)))

/** What a loss is fed for pairs padded to `frames` frames; `padding` fills what is not real. */
export function feedsOf(pairs: readonly Pair[], frames: number, padding = 0): Record<string, Float64Array> {
  const views = [...pairs.map(({ first }) => first), ...pairs.map(({ second }) => second)]
  const depth = views[0]!.rows[0]!.length
  return {
    projection: Float64Array.from(views.flatMap(({ rows }) => padded(rows.flat(), frames * depth, padding))),
    mask: Float64Array.from(views.flatMap(({ time }) => padded(time.map(() => 1), frames, 0))),
    time: Float64Array.from(views.flatMap(({ time }) => padded(time, frames, padding))),
    length: Float64Array.from([...pairs.map(({ length }) => length), ...pairs.map(({ length, partner = length }) => partner)]),
  }
}

function padded(list: readonly number[], size: number, value: number): number[] {
  return [...list, ...Array.from({ length: size - list.length }, () => value)]
}

/** A loss in float64 and its gradient with respect to the projections. */
export function lossOf(loss: Loss, feeds: Record<string, Float64Array>, frames: number): { value: number; gradient: Float64Array } {
  const { node, projection } = graphOf(loss, feeds, frames)
  const [value, gradient] = evaluate([node, ...gradients(node, [projection])], feeds)
  return { value: value![0]!, gradient: gradient! }
}

function graphOf(loss: Loss, feeds: Record<string, Float64Array>, frames: number): { node: Node; projection: Node } {
  const rows = feeds['length']!.length
  const projection = input('projection', [rows, frames, feeds['projection']!.length / rows / frames])
  const batch = byName('input', { mask: input('mask', [rows, frames]), time: input('time', [rows, frames]), length: input('length', [rows]), ...Object.fromEntries((loss.told ?? []).map((name) => [name, input(name, [])])) })
  return { node: loss({ embedding: projection, projection }, batch, {}), projection }
}

/** Central differences of the loss with respect to every projection. */
export function differences(loss: Loss, feeds: Record<string, Float64Array>, frames: number, step = 1e-5): Float64Array {
  const { node } = graphOf(loss, feeds, frames)
  const at = (index: number, by: number) => evaluate([node], { ...feeds, projection: feeds['projection']!.map((x, i) => (i === index ? x + by : x)) })[0]![0]!
  return feeds['projection']!.map((_, index) => (at(index, step) - at(index, -step)) / (2 * step))
}

/** A loss as a function of what bench/peers/losses_*.py feed theirs: projections, mask, time, length. */
export function recordedLoss(loss: Loss): (...inputs: readonly Node[]) => Node {
  return (projection, mask, time, length) => loss({ embedding: projection!, projection: projection! }, { mask: mask!, time: time!, length: length! }, {})
}
