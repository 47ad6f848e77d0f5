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

/** A batch, null where a sample of it found no clip that can be read, and the bad clips that were met on the way: no clip counts before its batch is accepted. */
export type Tried = { readonly made: MadeBatch | null; readonly met: readonly BadClip[] }

export type BadClips = {
  /** Of the batches that were accepted, in their order. */
  readonly list: readonly BadClip[]
  /** After `heal`, what was damaged is asked for once more. */
  make(maker: BatchMaker, part: Part): Tried | Promise<Tried>
  /** The batch that is handed out next: its bad clips are told of, and counted. Throws E_LOADER_BAD_CLIPS. */
  accept(tried: Tried): MadeBatch
}

/** Samples of a batch, `first` the number of the first. */
type Part = { readonly first: number; readonly samples: readonly SampleRef[] }

/** What a machine lacks, and no other clip would help. */
const noClips: ReadonlySet<string> = new Set(['E_JPEG_DECODER', 'E_FFMPEG_MISSING', 'E_FFMPEG_OLD'])

/** Tries for one sample: where every clip is bad, none would do. */
const mostTries = 100

/**
 * Makes batches and replaces what cannot be made: try t = 0, 1, ... for sample g of epoch e takes sample e S + d instead, S samples an epoch, d drawn from 0 .. S - 1 at the place
 * (seed of the plan, e, transform `replacement`, position g mod S) forked by t. So the batch is the same wherever and whenever it is made. More than `most` (100) clips, or 100 tries for one sample, end in E_LOADER_BAD_CLIPS when the batch
 * is accepted: what was made ahead and is never handed out counts for nothing.
 */
export function badClips({ plan, onBad = { policy: 'fail' }, heal }: {
  plan: Plan; onBad?: OnBad | undefined; heal?: (() => Promise<unknown>) | undefined
}): BadClips {
  const list: BadClip[] = []
  const known = new Set<number>()
  const most = onBad.policy === 'fail' ? 0 : (onBad.most ?? 100)

  function note(bad: BadClip): void {
    if (known.has(bad.row)) return
    known.add(bad.row)
    list.push(bad)
    if (onBad.policy === 'quarantine') onBad.tell(bad)
    if (known.size > most) throw tooMany(list)
  }
  return {
    list,
    accept({ made, met }) {
      for (const bad of met) note(bad)
      if (made === null) throw noneFound(list)
      return made
    },
    make(maker, part) {
      try {
        const made = maker.make(part.samples)
        return made instanceof Promise ? made.then((made) => ({ made, met: [] }), (error: unknown) => makeAgain(maker, part, error)) : { made, met: [] }
      } catch (error) {
        return makeAgain(maker, part, error)
      }
    },
  }

  async function makeAgain(maker: BatchMaker, { first, samples }: Part, failure: unknown): Promise<Tried> {
    const tries = samples.map(() => 0)
    const healed = new Set<number>()
    const met = new Map<number, BadClip>()
    let [wanted, error] = [samples, failure]
    for (;;) {
      if (!(error instanceof SampleFailure)) throw error
      const { at, row } = error
      let { cause } = error
      let isHealed = false
      if (heal !== undefined && cause instanceof ToolkitError && cause.code === 'E_SHARD_DAMAGED' && !healed.has(at)) {
        healed.add(at)
        isHealed = await heal().then(() => true, (lost: unknown) => { cause = lost; return false })
      }
      if (!isHealed) {
        if (onBad.policy === 'fail' || !(cause instanceof ToolkitError) || noClips.has(cause.code)) throw cause
        if (!met.has(row)) met.set(row, { row, code: cause.code, message: cause.message })
        if (met.size > most || tries[at]! >= mostTries) return { made: null, met: [...met.values()] }
        wanted = wanted.with(at, replacementOf(plan, first + at, tries[at]!++))
      }
      try {
        return { made: await maker.make(wanted), met: [...met.values()] }
      } catch (next) {
        error = next
      }
    }
  }
}

/** What takes the place of a sample whose clip cannot be read, at the first try, the second, and so on. */
export function replacementOf(plan: Plan, sample: number, attempt: number): SampleRef {
  const size = plan.samplesPerEpoch
  const epoch = Math.floor(sample / size)
  return plan.sampleAt(epoch * size + randomAt({ seed: plan.seed, epoch, transform: 'replacement', position: sample % size }).fork(attempt).integer(size))
}

function tooMany(list: readonly BadClip[]): ToolkitError {
  return new ToolkitError('E_LOADER_BAD_CLIPS', `${list.length} clips could not be read (${codesOf(list)}), the last: ${list.at(-1)!.message}`, {
    exit: 4, hint: 'posetta doctor and posetta verify say what is damaged; the number that is borne can be raised' })
}

function noneFound(list: readonly BadClip[]): ToolkitError {
  return new ToolkitError('E_LOADER_BAD_CLIPS', `${mostTries} tries found no clip that can be read in place of another; ${list.length} could not be (${codesOf(list)}), the last: ${list.at(-1)!.message}`, {
    exit: 4, hint: 'posetta doctor and posetta verify say what is damaged' })
}

function codesOf(list: readonly BadClip[]): string {
  return [...new Set(list.map(({ code }) => code))].sort().join(', ')
}
