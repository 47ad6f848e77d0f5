import { centred } from './centre.ts'
import { sometimes, type Transform } from './transform.ts'

/**
 * With `probability`, shifts the clip frame by frame so that one joint, drawn evenly, of the first person of whom it is located stays in the centre of the
 * frame (in three dimensions: at the origin); pictures cannot follow. The `subtract` of SkateFormer, which shifts every person by its own joint: Do and Kim,
 * ECCV 2024.
 */
export function subtract({ probability = 0.5 }: { probability?: number } = {}): Transform {
  return sometimes(probability, (clip, random) => centred(clip, [random.integer(clip.joints)], false))
}
