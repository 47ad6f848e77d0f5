import type { Clip } from '../../clip.ts'
import { ToolkitError } from '../../errors.ts'
import { mirrorOrder, type Skeleton } from '../../skeleton.ts'
import type { CorruptionKind } from './corruption.ts'
import { drawRun } from './draw-run.ts'

/** In each frame, with this chance, every left joint is taken for its right twin and the other way round: a detector that flickers. */
export const swappedFrames: CorruptionKind = {
  name: 'swapped-frames', summary: 'left and right change places in single frames', unit: 'share of frames', levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  corrupt: (clip, { level, random, skeleton }) => ({ clip: swapped(clip, skeleton, () => random.chance(level)), moments: null }),
}

/** The same in one run of round(level x frames) frames, anywhere: a detector that is mistaken for a while. */
export const swappedRun: CorruptionKind = {
  name: 'swapped-run', summary: 'left and right change places in one run of frames', unit: 'share of frames', levels: [0, 0.1, 0.25, 0.5],
  corrupt: (clip, { level, random, skeleton }) => {
    const { start, end } = drawRun(clip, level, random)
    return { clip: swapped(clip, skeleton, (frame) => start <= frame && frame < end), moments: null }
  },
}

/** Joints and states of the chosen frames in the order of a mirror, where they are. Throws E_CORRUPTION for a skeleton without sides. */
function swapped(clip: Clip, skeleton: Skeleton, isSwapped: (frame: number) => boolean): Clip {
  if (skeleton.pairs.length === 0) throw new ToolkitError('E_CORRUPTION', `skeleton ${skeleton.name} has no left and right to change places`)
  const order = mirrorOrder(skeleton)
  const width = clip.dims + 1
  const [keypoints, states] = [clip.keypoints!.slice(), clip.states?.slice() ?? null]
  for (let frame = 0; frame < clip.frames; frame++) {
    if (!isSwapped(frame)) continue
    for (let person = frame * clip.persons; person < (frame + 1) * clip.persons; person++) {
      for (const [joint, twin] of order.entries()) {
        const [to, from] = [person * clip.joints + joint, person * clip.joints + twin]
        keypoints.set(clip.keypoints!.subarray(from * width, (from + 1) * width), to * width)
        if (states !== null) states[to] = clip.states![from]!
      }
    }
  }
  return { ...clip, keypoints, states, raw: null }
}
