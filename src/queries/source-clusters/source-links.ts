import { grouped } from '../../store/index.ts'

/** One person of a clip: where in the picture each joint is in the median, NaN = seldom there; `frame` = the size of the picture. */
export type SourcePlace = { readonly clip: string; readonly frame: string; readonly x: Float64Array; readonly y: Float64Array }

/** Two clips that seem to be of one source, and how far apart they are, in sizes of the body. */
export type SourceLink = { readonly first: string; readonly second: string; readonly distance: number }

/** Chosen on train clips of Penn Action: experiments/leaks.ts. */
export const SAME_PLACE = 0.12
const LEAST_JOINTS = 6

/** The pairs of clips in pictures of one size that show a person of the same shape and size at the same place, up to `within`; in the order given. */
export function sourceLinks(places: readonly SourcePlace[], within: number = SAME_PLACE): SourceLink[] {
  const links: SourceLink[] = []
  for (const alike of grouped(places, ({ frame }) => frame).values()) {
    const sizes = alike.map(bodySize)
    for (const [at, first] of alike.entries()) {
      for (let next = at + 1; next < alike.length; next++) {
        const second = alike[next]!
        const distance = apart(first, second) / Math.sqrt(sizes[at]! * sizes[next]!)
        if (distance <= within && first.clip !== second.clip) links.push({ first: first.clip, second: second.clip, distance })
      }
    }
  }
  return links
}

/** Root mean squared distance, px, of the joints that both have; infinite for fewer than six. */
function apart(one: SourcePlace, other: SourcePlace): number {
  let [sum, count] = [0, 0]
  for (let joint = 0; joint < one.x.length; joint++) {
    const squared = (one.x[joint]! - other.x[joint]!) ** 2 + (one.y[joint]! - other.y[joint]!) ** 2
    if (Number.isNaN(squared)) continue
    sum += squared
    count += 1
  }
  return count < LEAST_JOINTS ? Infinity : Math.sqrt(sum / count)
}

/** Root mean squared distance of the joints from their mean, px. */
function bodySize({ x, y }: SourcePlace): number {
  const squares = [x, y].map((values) => {
    const there = values.filter((value) => !Number.isNaN(value))
    const mean = there.reduce((sum, value) => sum + value, 0) / there.length
    return there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / there.length
  })
  return Math.sqrt(squares[0]! + squares[1]!)
}
