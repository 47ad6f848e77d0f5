import { ToolkitError } from '../errors.ts'
import { randomAt } from '../random.ts'
import { type BatchMaker, type MadeBatch, SampleFailure } from './batch-maker.ts'
import type { Plan } from './plan.ts'
import type { SampleRef } from './sample.ts'

/** What becomes of a clip that cannot be read: the end, another one in its place, or that and a word of it to `tell`. */
export type OnBad =
  | { readonly policy: 'fail' }
  | { readonly policy: 'skip'; readonly most?: number }
  | { readonly policy: 'quarantine'; readonly most?: number; readonly tell: (bad: BadClip) => void }

/** A clip that could not be read. */
export type BadClip = { readonly row: number; readonly code: string; readonly message: string }

export type BadClips = {
  /** In the order in which they were met. */
  readonly list: readonly BadClip[]
  /** After `heal`, what was damaged is asked for once more. */
  make(maker: BatchMaker, part: { readonly first: number; readonly samples: readonly SampleRef[] }): Promise<MadeBatch>
}

/** Tries for one sample: where every clip is bad, none would do. */
const mostTries = 100

/**
 * Makes batches and replaces what cannot be made: try t = 0, 1, ... for sample g of epoch e takes sample e S + d instead, S samples an epoch, d drawn from 0 .. S - 1 at the place
 * (seed of the plan, e, transform `replacement`, position g mod S) forked by t. So the batch is the same wherever and whenever it is made. More than `most` (100) clips, or 100 tries for one sample, end in E_LOADER_BAD_CLIPS.
 */
export function badClips({ plan, onBad = { policy: 'fail' }, heal }: {
  plan: Plan; onBad?: OnBad | undefined; heal?: (() => Promise<unknown>) | undefined
}): BadClips {
  const list: BadClip[] = []
  const known = new Set<number>()

  function note(row: number, error: ToolkitError): void {
    if (known.has(row)) return
    known.add(row)
    const bad = { row, code: error.code, message: error.message }
    list.push(bad)
    if (onBad.policy === 'quarantine') onBad.tell(bad)
  }
  return {
    list,
    async make(maker, { first, samples }) {
      const tries = samples.map(() => 0)
      const healed = new Set<number>()
      for (let wanted = samples; ;) {
        try {
          return await maker.make(wanted)
        } catch (error) {
          if (!(error instanceof SampleFailure)) throw error
          const { at } = error
          let { cause } = error
          if (heal !== undefined && cause instanceof ToolkitError && cause.code === 'E_SHARD_DAMAGED' && !healed.has(at)) {
            healed.add(at)
            const lost = await heal().then(() => null, (failure: unknown) => ({ failure }))
            if (lost === null) continue
            cause = lost.failure
          }
          if (onBad.policy === 'fail' || !(cause instanceof ToolkitError)) throw cause
          note(error.row, cause)
          if (known.size > (onBad.most ?? 100) || tries[at]! >= mostTries) throw tooMany(list)
          wanted = wanted.with(at, replacement(first + at, tries[at]!++))
        }
      }
    },
  }

  function replacement(sample: number, attempt: number): SampleRef {
    const size = plan.samplesPerEpoch
    const epoch = Math.floor(sample / size)
    return plan.sampleAt(epoch * size + randomAt({ seed: plan.seed, epoch, transform: 'replacement', position: sample % size }).fork(attempt).integer(size))
  }
}

function tooMany(list: readonly BadClip[]): ToolkitError {
  const kinds = [...new Set(list.map(({ code }) => code))].sort()
  return new ToolkitError('E_LOADER_BAD_CLIPS', `${list.length} clips could not be read (${kinds.join(', ')}), the last: ${list.at(-1)!.message}`, {
    exit: 4, hint: 'posetta doctor and posetta verify say what is damaged; the number that is borne can be raised' })
}
