import type { Clip } from '../clip.ts'
import { randomAt } from '../random.ts'
import { bare, FEWEST_FRAMES, type View, viewOf } from './views.ts'

/** `whole`: clips as they are. `cut`: each clip once as a random half-clip window of at least 8 frames, boxed and counted anew, train and test alike. */
export type Card = 'whole' | 'cut'

/** A clip as a card shows it: the same window for every encoder and metric, keyed by seed and clip id. */
export function cardView(clip: Clip, card: Card, seed: number): View {
  return card === 'whole' ? bare(clip) : halfClip(clip, seed)
}

function halfClip(clip: Clip, seed: number): View {
  const length = Math.min(clip.frames, Math.max(FEWEST_FRAMES, Math.round(clip.frames / 2)))
  const start = randomAt({ seed, clip: clip.id, transform: 'cut-card' }).integer(clip.frames - length + 1)
  return viewOf(clip, start, start + length)
}
