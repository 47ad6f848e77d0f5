import type { RobustnessResult } from '../jobs/robustness.ts'
import { nextCommand } from './next-command.ts'
import { textTable } from './text-table.ts'

type Point = RobustnessResult['points'][number]

/** Curves as tables, one per action and measure: a row per kind and level, the run's own value and change with their 95 % intervals, then the other encoders. */
export function robustnessText({ run, points, files, warnings }: RobustnessResult, place: Parameters<typeof nextCommand>[1]): string {
  const groups = [...new Set(points.map(titleOf))]
  return [...groups.map((title) => `${title}\n${curveTable(points.filter((point) => titleOf(point) === title))}`),
    ...warnings.map((warning) => `warning: ${warning}`), `kept in ${files.join(' and ')}; posetta sql "from robustness"`, nextCommand(['report', run], place)].join('\n\n')
}

function titleOf({ action, metric, card, better }: Point): string {
  return `${action}: ${metric}${card === 'views' ? '' : `, ${card} clips`} ${better === 'higher' ? '↑' : '↓'}`
}

function curveTable(points: readonly Point[]): string {
  const encoders = [...new Set(points.filter(({ against }) => against === null).map(({ encoder }) => encoder))]
  const [own, ...others] = encoders
  const rows = points.filter(({ encoder, against }) => encoder === own && against === null)
  return textTable(
    ['corruption', 'level', own!, '95 %', 'change', '95 %', ...others.flatMap((name) => [name.replace('baseline/', ''), 'lost apart'])],
    rows.map(({ kind, level }) => {
      const at = (encoder: string, against: string | null) => points.find((point) => point.encoder === encoder && point.against === against && point.kind === kind && point.level === level)
      const [value, change] = [at(own!, null), at(own!, 'clean')]
      return [kind, level, number(value), range(value), number(change), range(change),
        ...others.flatMap((name) => [number(at(name, null)), isSure(at(own!, name)) ? `${number(at(own!, name))} *` : number(at(own!, name))])]
    }),
  )
}

/** Whether the interval of a difference leaves 0 out. */
function isSure(point: Point | undefined): boolean {
  return point?.low != null && point.high !== null && point.low * point.high > 0
}

function number(point: Point | undefined): string {
  return point?.value == null ? '-' : point.value.toFixed(3)
}

function range(point: Point | undefined): string {
  return point?.low == null || point.high === null ? '' : `${point.low.toFixed(3)} ${point.high.toFixed(3)}`
}
