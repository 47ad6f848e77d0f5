import type { Clip } from '../clip.ts'
import { window } from '../transforms/cut.ts'
import { selectFrames } from '../transforms/select-frames.ts'
import type { ClipSource } from './clip-source.ts'

/** Which sample a number stands for: a row of the source, or a window of it, in which pass, with which partner. */
export type SampleRef = {
  readonly row: number
  /** How often the list that the row is drawn from was gone through before. */
  readonly epoch: number
  /** 0, 1, ... where a row comes more than once in a pass. */
  readonly repeat: number
  /** Every `step`-th frame of [start, end); null = the whole clip. */
  readonly window: { readonly start: number; readonly end: number; readonly step: number } | null
  /** The row of the other clip of a pair; null = it stands alone. */
  readonly partner: number | null
}

/** What one place in a batch is made of. */
export type Sample = {
  readonly clip: Clip
  readonly partner: Clip | null
  readonly epoch: number
  /** Names the draws of the sample: the clip's id, `@start` for a window, `*n` when it comes for the n-th time again in a pass. */
  readonly place: string
}

/** The sample that a reference names. Throws what the source throws for a clip that cannot be read. */
export function sampleOf(source: ClipSource, { row, epoch, repeat, window: part, partner }: SampleRef): Sample {
  const clip = source.read(row)
  const other = partner === null ? null : ofPartner(() => source.read(partner))
  return { clip: part === null ? clip : windowOf(clip, part), partner: other, epoch, place: placeOf(clip.id, { window: part, repeat }) }
}

/** What became of the other clip of a pair, not of the sample's own. */
export class PartnerFailure extends Error {
  constructor(cause: unknown) {
    super('the partner of a sample', { cause })
    this.name = 'PartnerFailure'
  }
}

/** Does what needs the partner: what it throws is a PartnerFailure. */
export function ofPartner<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new PartnerFailure(error)
  }
}

/** What names the draws of a sample. */
export function placeOf(id: string, { window: part, repeat }: Pick<SampleRef, 'window' | 'repeat'>): string {
  return `${id}${part === null ? '' : `@${part.start}`}${repeat === 0 ? '' : `*${repeat}`}`
}

function windowOf(clip: Clip, { start, end, step }: NonNullable<SampleRef['window']>): Clip {
  if (step === 1) return window(clip, start, end)
  return selectFrames(clip, Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step))
}
