import type { BatchMaker } from './batch-maker.ts'
import type { ClipSource } from './clip-source.ts'
import { fillBatch } from './fill-batch.ts'
import { type BatchTensors, bytesOfLayout, type Recipe, tensorsOn } from './recipe/recipe.ts'

/** Makes batches in this thread, when they are asked for, in two pieces of memory in turn: allocating anew costs more than filling. */
export function localMaker(work: { readonly source: ClipSource; readonly recipe: Recipe }): BatchMaker {
  const free: Piece[] = []
  return {
    ahead: 1,
    async make(samples) {
      const kept = free.shift()
      const piece = kept?.samples === samples.length ? kept : pieceFor(work.recipe, samples.length)
      const release = (): void => void free.push(piece)
      try {
        return { ...piece.out, ...await fillBatch(work, samples, piece.out), release }
      } catch (error) {
        release()
        throw error
      }
    },
    close: async () => {},
  }
}

/** The tensors of batches of so many samples. */
type Piece = { readonly samples: number; readonly out: BatchTensors }

function pieceFor(recipe: Recipe, samples: number): Piece {
  const layout = recipe.layout(samples)
  return { samples, out: tensorsOn(new ArrayBuffer(bytesOfLayout(layout)), 0, layout) }
}
