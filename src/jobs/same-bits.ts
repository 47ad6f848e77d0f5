import type { RunRecord } from '../train/index.ts'
import type { Note } from './difference.ts'

/** How near a repeated training must come. `reasons` are empty where every bit is promised, and then all tolerances are 0. */
export type Tolerances = {
  readonly reasons: readonly string[]
  /** Of a loss and of a value on the validation part, absolute. */
  readonly loss: number
  /** Of the parameters: distance to those of the run over their length. */
  readonly parameters: number
  /** Of a measure and of the ends of its interval, absolute. */
  readonly measure: number
}

const EXACT = { loss: 0, parameters: 0, measure: 0 }
/** docs/lineage.md says what they were measured against. */
const NEAR = { loss: 0.05, parameters: 0.1, measure: 0.1 }

type Computed = Pick<RunRecord, 'machine' | 'versions' | 'device'>

/** Bits are promised on the same type of processor with the same engine; the number of threads is always the run's own. */
export function tolerancesOf(was: Computed, is: Omit<Computed, 'device'>): Tolerances {
  const [before, now] = [was.machine, is.machine]
  const reasons = [
    ...(was.device === 'cpu' ? [] : [`${was.device} promises no bits`]),
    ...(before === null ? ['the run does not say which processor made it'] : (['cpu', 'arch', 'platform'] as const).filter((part) => before[part] !== now?.[part])
      .map((part) => `another ${part}: ${before[part]}, here ${now?.[part]}`)),
    ...(was.versions[ENGINE] === is.versions[ENGINE] ? [] : [`another engine: ${ENGINE} ${was.versions[ENGINE] ?? 'unknown'}, here ${is.versions[ENGINE]}`]),
  ]
  return { reasons, ...(reasons.length === 0 ? EXACT : NEAR) }
}

/** The same for what was computed on other devices than the run's. */
export function tolerancesOn(devices: readonly string[], tolerances: Tolerances): Tolerances {
  const loose = devices.filter((device) => device !== 'cpu').map((device) => `${device} promises no bits`)
  return loose.length === 0 ? tolerances : { reasons: [...new Set([...tolerances.reasons, ...loose])], ...NEAR }
}

const ENGINE = 'onnxruntime-node'

/** Versions that are others than those that made something. */
export function versionNotes(maker: string, was: Readonly<Record<string, string>>, is: Readonly<Record<string, string>>): Note[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]).map((name) => ({ what: `${name} of ${maker}`, was: was[name] ?? null, is: is[name] ?? null }))
}
