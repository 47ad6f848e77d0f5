import { checkContext, type Context, contextFrames } from './context-frames.ts'
import { selectFrames } from './select-frames.ts'
import { checkCount, type Transform } from './transform.ts'

/** Every `every`-th frame from the first on, each with its context. Draws nothing. How TCC and GTA embed whole clips (`sample_all`). */
export function strideAll({ every = 1, context = 2, stride = 15 }: Partial<Context> & { every?: number } = {}): Transform {
  checkCount('every', every, 1)
  checkContext({ context, stride })
  return (clip) => {
    const frames = Array.from({ length: Math.ceil(clip.frames / every) }, (_, i) => i * every)
    return selectFrames(clip, contextFrames(frames, { context, stride, last: clip.frames - 1 }))
  }
}
