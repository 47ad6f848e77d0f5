import type { Clip } from '../../clip.ts'
import { randomAt } from '../../random.ts'
import { crop } from '../../transforms/crop.ts'
import { phasesOf } from '../phases.ts'
import { type Film, film } from './report-data.ts'

/** By how much the box of a clip that is drawn is enlarged. */
export const FRAMING = 0.15

/** All of a clip as it is drawn, with its phases where it has any. */
export function wholeFilm(clip: Clip): Film {
  const found = phasesOf(clip)
  // a crop draws nothing
  const framed = crop({ padding: FRAMING })(clip, randomAt({ seed: 0 }))
  return film(framed, { whole: clip, start: 0, end: clip.frames, labels: found?.kind ?? null, phases: found === null ? null : Array.from(found.phases) })
}
