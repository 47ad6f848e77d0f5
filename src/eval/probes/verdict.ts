import type { Following } from './following.ts'
import type { ProbeName } from './orders.ts'

/** What an encoder turns out to be; the order is that in which it is decided. */
export type Verdict = 'collapsed' | 'answers by chance' | 'counts frames' | 'sees single frames only' | 'ignores the order of frames' | 'uses poses in time'

/** What was found by probing an encoder on a few clips. */
export type Findings = Readonly<Record<ProbeName, Following>> & {
  /** `answerSpread` and `variationOf`. */
  readonly spread: number | null
  readonly variation: number
  readonly rank: number | null
}

/** Below this share of its squared length an embedding does not vary: all is rounding. */
const ALIKE = 1e-6
/** Answers that spread over less than a tenth of what they could lead to one place. */
const ONE_PLACE = 0.1
/** Below a quarter of what following would be, there is none to speak of. */
const NONE = 0.25
/** From here on frames alone decide, whatever stands beside them, or in whichever direction. */
const ALL = 0.9

/**
 * Names an encoder; null = the clips are too short to tell. `collapsed`: embeddings do not vary in a clip, or the answers in other clips are always about the same
 * frame. `answers by chance`: with frames moved to other places, embeddings go with neither. `counts frames`: they go with the place rather than with what the frame
 * holds. `sees single frames only`: shuffled or backwards, they go with the frame as if nothing had happened. `ignores the order of frames`: what is around a frame matters, but backwards all is the
 * same, as for an encoder before training that is not told the number of a frame: its attention is little more than a mean. docs/metrics.md has what the floors and trained runs have.
 */
export function verdictOf({ offset, shuffle, reverse, spread, variation }: Findings): Verdict | null {
  if (offset.content === null || offset.index === null || shuffle.content === null || reverse.content === null) return null
  if (variation < ALIKE || (spread !== null && spread < ONE_PLACE)) return 'collapsed'
  if (Math.max(offset.content, offset.index) < NONE) return 'answers by chance'
  if (offset.index > offset.content) return 'counts frames'
  if (reverse.content < ALL) return 'uses poses in time'
  return shuffle.content >= ALL ? 'sees single frames only' : 'ignores the order of frames'
}

/** What follows from a verdict for all other measures; null = nothing to worry about. */
export function warningOf(verdict: Verdict | null): string | null {
  switch (verdict) {
    case 'collapsed': return 'its embeddings hardly change while a clip runs, or always lead to the same frame: no measure of alignment means anything'
    case 'counts frames': return 'its embeddings go with the number of the frame, not with what is seen: tau and phase accuracy are those of a frame counter'
    case 'answers by chance': return 'its embeddings go neither with what is seen nor with the number of the frame'
    case 'ignores the order of frames': return 'its embeddings are the same where a clip runs backwards: the way there and the way back cannot be told apart'
    default: return null
  }
}
