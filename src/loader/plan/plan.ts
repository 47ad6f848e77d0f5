import { ToolkitError } from '../../errors.ts'
import type { ClipTable } from '../clip-source.ts'
import type { Plan } from '../plan.ts'
import { bucketed } from './buckets.ts'
import { type Left, rowsOf } from './plan-rows.ts'
import { drawPartner, type Partners } from './pairs.ts'
import { hashOfSpec, isPlain, normalSpec, type PlanSpec } from './plan-spec.ts'
import type { SampleRef } from '../sample.ts'
import type { ListShare } from './sequence.ts'
import { sequenceOf } from './plan-sequence.ts'

/** A plan, and what it is made of. `samplesPerEpoch` = `samples`; with repeat factors, the mean length of an epoch, rounded down. */
export type DescribedPlan = Plan & {
  /** In its normal form; the hash is of it and nothing else. */
  readonly spec: PlanSpec
  /** Clips that some sample is made of, and different samples (clips, or windows of clips). */
  readonly clips: number
  readonly samples: number
  readonly lists: readonly ListShare[]
  /** Clips that no sample is made of, by the part of the spec that leaves them out, in the order in which the parts are applied. */
  readonly left: readonly Left[]
}

/**
 * A plan is a pure function of the spec and the table: the number of a sample is all its state, and sample g is found without those before it; an Error when g
 * is not an integer from 0 to 2^53 - 1.
 * Throws E_LOADER_PLAN for a spec that makes no sense, E_LOADER_LABEL for a label that no clip has, E_LOADER_PAIR for clips without a partner, and
 * E_LOADER_EMPTY when no clip is left.
 */
export function planOf(given: PlanSpec, clips: ClipTable): DescribedPlan {
  const spec = normalSpec(given)
  const { rows, left, partners } = rowsOf(spec, clips)
  if (rows.length === 0) {
    throw new ToolkitError('E_LOADER_EMPTY', `the plan leaves none of ${clips.count} clips${left.map((some) => `; ${some.clips} ${some.why}`).join('')}`)
  }
  const sequence = sequenceOf(spec, rows, clips)
  const sampleAt = inBuckets(spec, clips, withPartners(spec, clips, partners, sequence.at))
  return {
    spec,
    hash: hashOfSpec(spec),
    seed: spec.seed,
    isPlain: isPlain(spec),
    clips: rows.length,
    samples: sequence.samples,
    samplesPerEpoch: sequence.perEpoch ?? sequence.samples,
    lists: sequence.lists,
    left,
    sampleAt(g) {
      if (!(Number.isSafeInteger(g) && g >= 0)) throw new Error(`no sample has the number ${g}`)
      return sampleAt(g)
    },
  }
}

type SampleAt = (g: number) => SampleRef

function withPartners({ seed }: PlanSpec, clips: ClipTable, partners: Partners | null, sampleAt: SampleAt): SampleAt {
  if (partners === null) return sampleAt
  return (g) => {
    const sample = sampleAt(g)
    return { ...sample, partner: drawPartner(partners, sample, { seed, clip: clips.id(sample.row) }) }
  }
}

function inBuckets({ seed, buckets }: PlanSpec, { frames }: ClipTable, sampleAt: SampleAt): SampleAt {
  return buckets === undefined ? sampleAt : bucketed(sampleAt, { seed, ...buckets, lengthOf: (sample) => lengthOf(sample, frames) })
}

/** Frames that a sample takes of its clip, or of the longer of its two. */
function lengthOf({ row, window, partner }: SampleRef, frames: Int32Array): number {
  if (window !== null) return Math.ceil((window.end - window.start) / window.step)
  return Math.max(frames[row]!, partner === null ? 0 : frames[partner]!)
}
