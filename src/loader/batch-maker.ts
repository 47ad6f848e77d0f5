import type { BatchTensors } from './recipe/recipe.ts'
import { PartnerFailure, type SampleRef } from './sample.ts'

/** A batch in memory that its maker wants back. */
export type MadeBatch = BatchTensors & {
  readonly ids: readonly string[]
  /** Of pairs. */
  readonly partners?: readonly string[]
  /** Gives the memory back: nobody reads the tensors any more. */
  release(): void
}

/** Makes the batches of a loader: in this thread, or in others. */
export type BatchMaker = {
  /** How many batches are asked for before the first of them is waited for. */
  readonly ahead: number
  /** Batches are asked for so many at a time; 1 unless said. */
  readonly burst?: number
  /** Throws, or rejects with, a SampleFailure when it is one sample that could not be made. What is made at once needs no promise. */
  make(samples: readonly SampleRef[]): MadeBatch | Promise<MadeBatch>
  /** Waits for what is under way and frees everything. */
  close(): Promise<void>
}

/** One sample of a batch could not be made: which, and why. */
export class SampleFailure extends Error {
  readonly at: number
  /** Of the clip that could not be read: the sample's own, or its partner's. */
  readonly row: number

  constructor(at: number, row: number, cause: unknown) {
    super(`sample ${at} of a batch`, { cause })
    this.name = 'SampleFailure'
    this.at = at
    this.row = row
  }
}

/** The failure of a sample, or of its partner. */
export function failureOf(error: unknown, ref: SampleRef, at: number): SampleFailure {
  return error instanceof PartnerFailure ? new SampleFailure(at, ref.partner!, error.cause) : new SampleFailure(at, ref.row, error)
}
