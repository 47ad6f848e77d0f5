import type { Random } from '../../../random.ts'
import { type Deed, labelOf } from './ikea-classes.ts'

/** One deed in frames start .. end - 1. */
export type Stretch = { readonly deed: Deed; readonly start: number; readonly end: number }

/** Fewest frames of a deed, of a pause between two, and of the wait at both ends. */
const LEAST = { deed: 5, pause: 3, wait: 6 }
const FRAMES_PER_DEED = 12

const leg: readonly Deed[] = [[2, 2], [5, 1], [6, 1]]
const panel: readonly Deed[] = [[2, 6], [11, 1], [12, 1]]
const pin: readonly Deed[] = [[2, 11], [15, 1]]
const table: readonly Deed[] = [...leg, [7, 1], ...leg, [8, 1], ...leg, [17, 1], ...leg]
const shelved: readonly Deed[] = [[9, 3], ...table, [9, 4], [2, 5], [10, 1]]

/** What is done to assemble each piece of furniture, in order. */
const recipes: Readonly<Record<string, readonly Deed[]>> = {
  Kallax_Shelf_Drawer: [[2, 8], [3, 8], ...panel, ...panel, [2, 10], [14, 1], [2, 9], [13, 1], ...pin, ...pin, [16, 1], [17, 1]],
  Lack_TV_Bench: shelved,
  Lack_Side_Table: [[2, 3], [3, 3], ...table, [4, 4], [9, 4]],
  Lack_Coffee_Table: [...shelved.slice(0, -2), [9, 5], [3, 5], [2, 5], [10, 1]],
}

/** Who does what when: as long a stretch of the recipe as fits, from anywhere in it, with pauses here and there; waiting before and after. Nothing lasts a single frame. */
export function planDeeds(folder: string, frames: number, random: Random): readonly Stretch[] {
  const recipe = recipes[folder]!
  const count = Math.min(recipe.length, Math.floor((frames - 2 * LEAST.wait) / FRAMES_PER_DEED))
  const first = random.integer(recipe.length - count + 1)
  const deeds = recipe.slice(first, first + count)
  const pauses = deeds.map((deed, at) => at > 0 && (random.chance(0.4) || deed === deeds[at - 1]))
  const before = (at: number): number => (at === 0 ? LEAST.wait : pauses[at] ? LEAST.pause : 0)
  const parts = deeds.flatMap((_, at) => [{ least: before(at), isFree: before(at) > 0 }, { least: LEAST.deed, isFree: true }])
  const ends = shareOut([...parts, { least: LEAST.wait, isFree: true }], frames, random)
  return deeds.map((deed, at) => ({ deed, start: ends[2 * at]!, end: ends[2 * at + 1]! }))
}

/** The label of every frame: 0 where nothing is done. */
export function labelsOf(stretches: readonly Stretch[], frames: number): Uint8Array {
  const labels = new Uint8Array(frames)
  for (const { deed, start, end } of stretches) labels.fill(labelOf(deed), start, end)
  return labels
}

/** Ends of parts that fill the frames: each its least, the rest by random weights over those that are free. */
function shareOut(parts: readonly { readonly least: number; readonly isFree: boolean }[], frames: number, random: Random): number[] {
  const weights = parts.map(({ isFree }) => (isFree ? random.between(0.5, 2) : 0))
  const rest = frames - parts.reduce((sum, { least }) => sum + least, 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let [before, weight] = [0, 0]
  return parts.map(({ least }, at) => {
    before += least
    weight += weights[at]!
    return before + Math.floor((rest * weight) / total + 1e-9)
  })
}
