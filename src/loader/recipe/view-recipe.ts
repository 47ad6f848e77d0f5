import type { Clip } from '../../clip.ts'
import { type Random, randomAt } from '../../random.ts'
import { sizeOf } from '../../tensor.ts'
import type { Transform } from '../../transforms/index.ts'
import { ofPartner, PartnerFailure, sampleOf } from '../sample.ts'
import type { Recipe, TensorSpec } from './recipe.ts'

/** One view of a sample, as the columns of a batch see it. */
export type View = {
  /** After the view's transforms. */
  readonly seen: Clip
  /** Before them. */
  readonly whole: Clip
  /** Frames of the clip in the source, of which `whole` may be a window. */
  readonly length: number
  /** Of the source. */
  readonly row: number
  /** Of the place (seed, epoch, sample, view): fork it by a name of your own. */
  readonly random: Random
}

/** One tensor of a batch: what a row of it looks like, and how it is filled from a view. */
export type Column = {
  readonly name: string
  /** Of one row. */
  readonly shape: readonly number[]
} & (
  | { readonly dtype: 'float32'; draw(view: View, row: Float32Array): void | Promise<void> }
  | { readonly dtype: 'uint8'; draw(view: View, row: Uint8Array): void | Promise<void> })

/**
 * A recipe of V views of each sample as rows v B + b. View 1 of a pair is of the partner. The draws of a view depend on (seed, epoch, sample, view, transform,
 * position) only; a partner draws at the sample's place too. Columns that take their time are drawn side by side; a sample
 * that cannot be made rejects when all of them have ended.
 */
export function viewRecipe({ seed, views, columns }: { seed: number; views: readonly Transform[]; columns: readonly Column[] }): Recipe {
  const sizes = columns.map(({ shape }) => sizeOf(shape))
  return {
    layout: (samples) => Object.fromEntries(columns.map(({ name, dtype, shape }): [string, TensorSpec] => [name, { dtype, shape: [views.length * samples, ...shape] }])),
    draw(source, ref, { at, samples }, { tensors, bytes }) {
      const { clip, partner, epoch, place } = sampleOf(source, ref)
      const pending: Promise<void>[] = []
      const drawView = (v: number, transform: Transform): void => {
        const random = randomAt({ seed, epoch, clip: place, view: v })
        const isPartner = v === 1 && partner !== null
        const whole = isPartner ? partner : clip
        const sourceRow = isPartner ? ref.partner! : ref.row
        const view = { seen: isPartner ? ofPartner(() => transform(whole, random)) : transform(whole, random), whole, length: source.clips.frames[sourceRow]!, row: sourceRow, random }
        const row = v * samples + at
        for (const [c, column] of columns.entries()) {
          const [start, end] = [row * sizes[c]!, (row + 1) * sizes[c]!]
          const draw = (): void | Promise<void> => (column.dtype === 'float32'
            ? column.draw(view, tensors[column.name]!.data.subarray(start, end)) : column.draw(view, bytes[column.name]!.data.subarray(start, end)))
          const drawn = isPartner ? ofPartner(draw) : draw()
          if (drawn !== undefined) pending.push(isPartner ? drawn.catch((error: unknown) => { throw new PartnerFailure(error) }) : drawn)
        }
      }
      try {
        for (const [v, transform] of views.entries()) drawView(v, transform)
      } catch (error) {
        if (pending.length === 0) throw error
        pending.push(Promise.reject(error as Error))
      }
      return pending.length === 0 ? undefined : allOf(pending)
    },
  }
}

/** Waits for all, so that nothing is written any more when it ends; rejects with the failure of the first of them, whichever came first in time. */
async function allOf(pending: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(pending)).find(({ status }) => status === 'rejected')
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
}
