import { checkContext, type Context, contextFrames } from './context-frames.ts'
import { chosenFrames } from './offset-uniform.ts'
import { selectFrames } from './select-frames.ts'
import { checkCount, type Transform } from './transform.ts'

/**
 * `frames` anchors as `offset-uniform` chooses frames, each after its positive, one of the `reach` frames before it (of the first ones: frame 0): positive,
 * anchor, positive, anchor, ..., each with its context. Single-view TCN, as TCC's code has it: Sermanet et al., Time-Contrastive Networks, ICRA 2018.
 */
export function anchorsAndPositives({ frames = 20, offset = 1, reach = 5, context = 2, stride = 15 }: Partial<Context> & {
  frames?: number; offset?: number; reach?: number
} = {}): Transform {
  checkCount('frames', frames, 1)
  checkCount('offset', offset, 0)
  checkCount('reach', reach, 1)
  checkContext({ context, stride })
  return (clip, random) => {
    const pairs = chosenFrames(clip, { frames, offset }, random).flatMap((t) => [t - 1 - random.integer(reach), t])
    return selectFrames(clip, contextFrames(pairs, { context, stride, last: clip.frames - 1 }))
  }
}
