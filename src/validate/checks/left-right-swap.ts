import type { Check } from '../check.ts'
import { type Body, distance } from '../body.ts'
import type { Flaw } from '../finding.ts'
import { framesText, type Run } from '../runs.ts'

/** Bone lengths that two twins must save at a seam by changing places. */
const LIMIT = 0.4
/** Share of the way as labelled that is left at most when they have changed places: for two twins alone, and for all of them together. */
const LEFT_OVER = { pair: 0.35, body: 0.6 }

/**
 * Left and right change places. For twins a and b, stay(t) = |a(t) - a(t-1)| + |b(t) - b(t-1)| and cross(t) = |a(t) - b(t-1)| + |b(t) - a(t-1)|. A seam is
 * where stay - cross > 0.4 bone lengths and cross <= 0.6 stay, both summed over all twins, or cross <= 0.35 stay for two of them. Seams part the clip into
 * stretches in turn right and exchanged: those that hold fewer frames are taken for the exchanged ones.
 */
export const leftRightSwap: Check = {
  code: 'left-right-swap', severity: 'warn', title: 'left and right change places', about: 'clip',
  find: ({ bodies }) => bodies.flatMap(swapsOf),
}

type Twins = readonly [number, number]
type Cost = { readonly stay: number; readonly cross: number }
type Seam = { readonly frame: number; readonly value: number }

function swapsOf(body: Body): Flaw[] {
  const { pairs } = body.skeleton
  const straight = new Uint8Array(body.frames)
  const seams = seamsOf(body, LEFT_OVER.body, (frame) => total(pairs.map((pair) => costAt(body, pair, frame, straight))))
  const whole = runsBetween(seams, body.frames)
  for (const { start, end } of whole) straight.fill(1, start, end)
  const parts = new Map<string, { readonly run: Run; readonly pairs: Twins[]; value: number }>()
  for (const pair of pairs) {
    for (const { value, ...run } of runsBetween(seamsOf(body, LEFT_OVER.pair, (frame) => costAt(body, pair, frame, straight)), body.frames)) {
      const part = parts.get(`${run.start} ${run.end}`) ?? { run, pairs: [], value: 0 }
      part.pairs.push(pair)
      parts.set(`${run.start} ${run.end}`, { ...part, value: part.value + value })
    }
  }
  return [...whole.map(({ value, ...run }) => ({ run, pairs, value })), ...parts.values()].map((part) => flawOf(body, part))
}

function seamsOf({ frames, bone }: Body, leftOver: number, cost: (frame: number) => Cost): Seam[] {
  const seams: Seam[] = []
  for (let frame = 1; frame < frames; frame++) {
    const { stay, cross } = cost(frame)
    if (stay - cross > LIMIT * bone && cross <= leftOver * stay) seams.push({ frame, value: (stay - cross) / bone })
  }
  return seams
}

/** The ways of two twins into a frame; those that changed places where `straight` is 1 are put back first. 0 and 0 where one of them is absent. */
function costAt(body: Body, [left, right]: Twins, frame: number, straight: Uint8Array): Cost {
  const { frames } = body
  const placesIn = (at: number): [number, number] => {
    const [one, other] = [left * frames + at, right * frames + at]
    return straight[at] === 1 ? [other, one] : [one, other]
  }
  const [[a, b], [c, d]] = [placesIn(frame), placesIn(frame - 1)]
  const [stay, cross] = [distance(body, a, c) + distance(body, b, d), distance(body, a, d) + distance(body, b, c)]
  return Number.isNaN(stay) || Number.isNaN(cross) ? { stay: 0, cross: 0 } : { stay, cross }
}

function total(costs: readonly Cost[]): Cost {
  return { stay: costs.reduce((sum, { stay }) => sum + stay, 0), cross: costs.reduce((sum, { cross }) => sum + cross, 0) }
}

/** Every second stretch between seams: those that hold fewer frames together. `value` is what is saved at the larger seam of each. */
function runsBetween(seams: readonly Seam[], frames: number): (Run & { readonly value: number })[] {
  const bounds = [{ frame: 0, value: 0 }, ...seams, { frame: frames, value: 0 }]
  if (seams.length === 0) return []
  const stretches = bounds.slice(1).map(({ frame, value }, at) => ({ start: bounds[at]!.frame, end: frame, value: Math.max(value, bounds[at]!.value) }))
  const [even, odd] = [0, 1].map((parity) => stretches.filter((_, at) => at % 2 === parity)) as [typeof stretches, typeof stretches]
  const length = (runs: readonly Run[]): number => runs.reduce((sum, { start, end }) => sum + end - start, 0)
  return length(odd) <= length(even) ? odd : even
}

function flawOf({ person, skeleton: { joints } }: Body, { run, pairs, value }: { run: Run; pairs: readonly Twins[]; value: number }): Flaw {
  const names = pairs.flatMap(([left, right]) => [joints[left]!, joints[right]!])
  return {
    person, ...run, joints: names, value, limit: LIMIT,
    message: `left and right have changed places in ${framesText(run)} (${names.join(', ')}): put back, they go ${value.toFixed(2)} bone lengths less` }
}
