import { ToolkitError } from '../../errors.ts'
import { limbsOf, withoutPoints } from '../../transforms/index.ts'
import type { CorruptionKind } from './corruption.ts'
import { drawRun } from './draw-run.ts'

/** One limb of each person, any of them, is absent in one run of round(level x frames) frames; 1 = in the whole clip. Throws E_CORRUPTION for a skeleton without limbs. */
export const missingLimb: CorruptionKind = {
  name: 'missing-limb', summary: 'an arm, a leg or a finger is absent in one run of frames', unit: 'share of frames', levels: [0, 0.25, 0.5, 1],
  corrupt: (clip, { level, random, skeleton }) => {
    const limbs = limbsOf(skeleton)
    if (limbs.length === 0) throw new ToolkitError('E_CORRUPTION', `skeleton ${skeleton.name} has no limb that could be missing`)
    const dropped = Array.from({ length: clip.persons }, (_, person) => {
      const run = drawRun(clip, level, random)
      return limbs[random.integer(limbs.length)]!.map((joint) => ({ ...run, point: person * clip.joints + joint }))
    })
    return { clip: withoutPoints(clip, dropped.flat()), moments: null }
  },
}
