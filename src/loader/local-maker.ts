import { allocated } from './allocated.ts'
import type { BatchMaker, MadeBatch } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import { fillBatch } from './fill-batch.ts'
import { namesOf } from './names-of.ts'
import { type BatchTensors, bytesOfLayout, type Recipe, tensorsOn } from './recipe/recipe.ts'

/** Makes batches in this thread, when they are asked for, in two pieces of memory in turn: allocating anew costs more than filling. */
export function localMaker(work: { readonly source: ClipSource; readonly recipe: Recipe }): BatchMaker {
  const free: Piece[] = []
  return {
    ahead: 1,
    make(samples) {
      const kept = free.shift()
      const piece = kept?.samples === samples.length ? kept : pieceFor(work.recipe, samples.length, free)
      const { out: { tensors, bytes }, release } = piece
      const named = (): MadeBatch => ({ tensors, bytes, ...namesOf(work.source, samples), release })
      const failed = (error: unknown): never => {
        release()
        throw error
      }
      try {
        const pending = fillBatch(work, samples, piece.out)
        return pending === undefined ? named() : pending.then(named).catch(failed)
      } catch (error) {
        return failed(error)
      }
    },
    close: async () => {},
  }
}

/** The tensors of batches of so many samples; `release` lets the next batch have them. */
type Piece = { readonly samples: number; readonly out: BatchTensors; readonly release: () => void }

function pieceFor(recipe: Recipe, samples: number, free: Piece[]): Piece {
  const layout = recipe.layout(samples)
  const piece: Piece = { samples, out: tensorsOn(allocated(bytesOfLayout(layout), (bytes) => new ArrayBuffer(bytes)), 0, layout), release: () => void free.push(piece) }
  return piece
}
