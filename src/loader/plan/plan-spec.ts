import { z } from 'zod'
import { ToolkitError } from '../../errors.ts'
import { type Hash, sha256 } from '../../hash.ts'
import { type LabelName, labelNames } from '../clip-source.ts'
import type { Filter } from './filter.ts'
import { largestBlock } from './shares.ts'
import type { WindowRule } from './windows.ts'

/** Which samples a training sees, and in what order, as plain JSON data. With nothing but a seed: every clip once per epoch. docs/loader-order.md. */
export type PlanSpec = {
  readonly seed: number
  readonly filter?: Filter
  /** Each part is gone through in an order of its own, and samples are taken from the parts in proportion to the weights. */
  readonly mixture?: readonly { readonly where: Filter; readonly weight: number }[]
  /**
   * `power`: a label's share goes as its number of samples to that power: 1 as they come, 0 every label alike. `repeat`: a label rarer than that share comes
   * sqrt(repeat / share) times an epoch.
   */
  readonly balance?: { readonly by: LabelName; readonly power: number } | { readonly by: LabelName; readonly repeat: number }
  /** A partner for each clip, with the same and another label; `without` says what becomes of a clip that has none, `refuse` unless said. */
  readonly pairs?: { readonly same: LabelName; readonly differs: LabelName; readonly without?: 'refuse' | 'drop' }
  /** Every window of every clip is a sample of its own. */
  readonly windows?: WindowRule
  /** Samples of alike length in one batch: among each `batches` batches of `batch` samples that follow one another. */
  readonly buckets?: { readonly batch: number; readonly batches: number }
}

const count = z.number().int().min(1).max(2 ** 31 - 1)
const label = z.enum(labelNames)
const filter = z.strictObject({
  ...Object.fromEntries(labelNames.map((name) => [name, z.array(z.string()).min(1).optional()])), minFrames: count.optional(), maxFrames: count.optional(),
})
const schema = z.strictObject({
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  filter: filter.optional(),
  mixture: z.array(z.strictObject({ where: filter, weight: z.number().positive() })).min(1).max(65_536).optional(),
  balance: z.union([
    z.strictObject({ by: label, power: z.number().min(0).max(1) }), z.strictObject({ by: label, repeat: z.number().positive().max(1) }),
  ]).optional(),
  pairs: z.strictObject({ same: label, differs: label, without: z.enum(['refuse', 'drop']).optional() }).optional(),
  windows: z.strictObject({ frames: count, stride: count, step: count.optional(), rest: z.enum(['drop', 'last', 'pad']) }).optional(),
  buckets: z.strictObject({ batch: count, batches: count }).optional(),
})

/**
 * The one form of all specs that mean the same: keys and lists of labels sorted, what is left to a default said, filters that pass everything left out.
 * Throws E_LOADER_PLAN for what is no spec, and for parts that do not go together.
 */
export function normalSpec(given: unknown): PlanSpec {
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw refused(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'plan'}: ${message}`).join('; '))
  const { seed, filter, mixture, balance, pairs, windows, buckets } = parsed.data as PlanSpec
  if (pairs !== undefined && windows !== undefined) throw refused('pairs are of whole clips, not of windows')
  if (buckets !== undefined && buckets.batch * buckets.batches > largestBlock) {
    throw refused(`buckets of ${buckets.batches} x ${buckets.batch} samples: at most 2^20`)
  }
  return sortedKeys({
    seed, balance, buckets,
    filter: filter === undefined || Object.keys(filter).length === 0 ? undefined : normalFilter(filter),
    mixture: mixture?.map(({ where, weight }) => ({ where: normalFilter(where), weight })),
    pairs: pairs === undefined ? undefined : { without: 'refuse', ...pairs },
    windows: windows === undefined ? undefined : { step: 1, ...windows },
  }) as PlanSpec
}

/** Whether it asks for every clip once per epoch and nothing else. */
export function isPlain(spec: PlanSpec): boolean {
  return Object.keys(normalSpec(spec)).length === 1
}

/** sha256 of the normal form as compact JSON: the same for specs that mean the same. */
export function hashOfSpec(spec: PlanSpec): Hash {
  return sha256(JSON.stringify(normalSpec(spec)))
}

function normalFilter(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, Array.isArray(value) ? [...new Set<string>(value)].sort() : value]))
}

/** With the keys of every object sorted by code unit, and without those that are undefined. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const there = Object.entries(value).filter(([, inner]) => inner !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(there.map(([key, inner]) => [key, sortedKeys(inner)]))
}

function refused(message: string): ToolkitError {
  return new ToolkitError('E_LOADER_PLAN', message, { hint: 'docs/loader-order.md says what a plan can be' })
}
