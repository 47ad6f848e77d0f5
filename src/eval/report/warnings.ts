import type { Measure } from '../evaluate.ts'
import { protocols } from '../protocol.ts'
import { scopeWarning, unlikeness } from '../unlike.ts'
import { isOwn, keyOf } from './measure-table.ts'
import type { ReportRun } from './report-data.ts'

/** Runs that stand on the same split, data and kind of model: only these share a table and a best value. */
export function likeGroups(runs: readonly ReportRun[]): ReportRun[][] {
  const groups: ReportRun[][] = []
  for (const run of runs) {
    const home = groups.find(([first]) => unlikeness(first!, run).length === 0)
    if (home === undefined) groups.push([run])
    else home.push(run)
  }
  return groups
}

/** What a reader must know before two of the runs are compared, one sentence each. */
export function warningsOf(runs: readonly ReportRun[]): string[] {
  const scopes = runs.flatMap((run) => [...new Set(run.measures.map(({ protocol }) => protocol))].flatMap((name) => {
    const protocol = protocols.find((one) => name === one.name || name.startsWith(`${one.name}+`))
    return protocol === undefined ? [] : scopeWarning(run, protocol)
  }))
  const pairs = runs.flatMap((a, at) => runs.slice(at + 1).map((b) => [a, b] as const)).filter(([a, b]) => a.run !== b.run)
  return [...new Set([...pairs.flatMap(([a, b]) => pairWarnings(a, b)), ...scopes])]
}

function pairWarnings(a: ReportRun, b: ReportRun): string[] {
  const apart = unlikeness(a, b)
  if (apart.length > 0) return [`runs ${a.run} and ${b.run} are not alike: ${apart.join('; ')}. They stand in tables of their own`]
  if (a.action !== b.action) return []
  const [ours, theirs] = [a, b].map(({ measures }) => new Map(measures.filter(isOwn).map((measure) => [keyOf(measure), measure])))
  const shared = [...ours!].flatMap(([key, measure]): [Measure, Measure][] => (theirs!.has(key) ? [[measure, theirs!.get(key)!]] : []))
  if (shared.length === 0) return [`runs ${a.run} (${protocolsOf(a)}) and ${b.run} (${protocolsOf(b)}) share no measure of ${a.action}: nothing of them is to be compared`]
  return shared.flatMap(([mine, other]) => {
    const name = `${mine.metric} (${mine.protocol}, ${mine.card}) of runs ${a.run} and ${b.run}`
    if (mine.labels !== other.labels) return [`${name} stands on ${mine.labels} and on ${other.labels} labels`]
    const keys = [...new Set([...Object.keys(mine.settings), ...Object.keys(other.settings)])].filter((key) => mine.settings[key] !== other.settings[key])
    return keys.length === 0 ? [] : [`${name} was taken with other settings: ${keys.map((key) => `${key} ${mine.settings[key] ?? 'not recorded'} and ${other.settings[key] ?? 'not recorded'}`).join('; ')}`]
  })
}

function protocolsOf({ measures }: ReportRun): string {
  return [...new Set(measures.map(({ protocol }) => protocol))].join(', ')
}
