import type { Balance } from '../queries/index.ts'
import { textTable } from './text-table.ts'

/** How much there is on each side, for people: a row per action where there are some, and whether actions and sides hang together. */
export function balanceText({ sides, actions, chiSquare }: Balance): string {
  const rows = [
    ...(['clips', 'recordings', 'frames'] as const).map((what) => [what, ...sides.map((side) => side[what])]),
    ...(actions.length < 2 ? [] : actions.map(({ action, recordings }) => [`  ${action ?? '(no action)'}`, ...sides.map(({ side }) => recordings[side] ?? 0)])),
  ]
  const test = chiSquare === null ? [] : [
    `recordings by action and side: chi-square ${chiSquare.statistic.toFixed(2)}, ${chiSquare.freedom} degrees of freedom, p ${chiSquare.p.toPrecision(2)}`
    + (chiSquare.leastExpected < 5 ? ` (rough: ${chiSquare.leastExpected.toPrecision(2)} expected in a cell)` : '')]
  return [textTable(['', ...sides.map(({ side }) => side)], rows), ...test].join('\n')
}
